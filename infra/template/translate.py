"""Prints what AWS SAM makes of a template, as JSON: the template that AWS
CloudFormation gets. One that SAM has no part in stays as it is. Needs no account
and no network."""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.parser.parser import Parser  # noqa: E402: reads the region when imported
from samtranslator.translator.translator import Translator  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

with open(sys.argv[1], encoding="utf-8") as f:
    template = yaml_parse(f.read())

if "Transform" not in template:
    json.dump(template, sys.stdout)
    sys.exit()

# `sam build` puts the folder of each function's zip there; the translator only
# knows where zips have been uploaded to.
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = "s3://bucket/key"

# No policy names are known: one that the template would need fails here.
translator = Translator({}, Parser())
parameters = {name: p.get("Default", "x") for name, p in template["Parameters"].items()}
json.dump(translator.translate(template, parameters), sys.stdout)
