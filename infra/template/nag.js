// Prints what cdk-nag's packs find in templates of AWS CloudFormation, as JSON:
// [{rule, resource, says}]. It needs no account and no network.
//
//   NODE_PATH=.tools/node_modules node nag.js FILE.json...
const { App, Stack } = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const { AwsSolutionsChecks, ServerlessChecks } = require('cdk-nag');

const found = [];
for (const templateFile of process.argv.slice(2)) {
  const stack = new Stack(new App(), 'S');
  new CfnInclude(stack, 'T', { templateFile });
  for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
    for (const v of pack.validateScope(stack).violations) {
      for (const r of v.violatingConstructs ?? v.violatingResources ?? []) {
        const path = r.constructPath ?? r.resourceLogicalId ?? '';
        found.push({ rule: v.ruleName, resource: path.split('/').pop(), says: v.description });
      }
    }
  }
}
console.log(JSON.stringify(found));
