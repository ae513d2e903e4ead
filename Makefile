# Groundswell. `make run` and `make check` need Go alone; `make test` installs
# what else the tests need. `make help` lists the targets.

GO          ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUNCTIONS   := Ideas Votes Comments Statuses Accounts Pictures Imports Projections Notifications Mail Feedback Digest Reconcile
BUILD       ?= build

# Go's race detector needs a C compiler.
RACE := $(if $(shell command -v gcc || command -v clang || true),-race)

# Tests of these need DynamoDB Local, cfn-lint or Chromium.
TOOLED := /shared/table/dynamo|/infra/

# Packages outside infra that leave something out of a short run, but for the one that
# the detector watches in full.
SHORTENED := grep -rlE 'go:build !race|testing\.Short\(\)|tabletest\.(Seeds|Sweep)|dynamotest\.' --include='*_test.go' shared functions frontend | sed 's|/[^/]*$$||; s|^|./|' | sort -u | grep -v '^./shared/table/dynamo$$'

.DEFAULT_GOAL := help
.PHONY: help run check lint test tools bench lighthouse build deploy fmt clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

run: ## the portal on this machine: make run ARGS='-addr 127.0.0.1:8080 -data data'
	$(GO) run ./infra/local -team team@example.com $(ARGS)

check: lint ## format, vet, staticcheck, import rules, and the tests that need Go alone
	$(GO) test -short $(RACE) ./infra/house $$($(GO) list ./... | grep -vE '$(TOOLED)')

lint:
	@out=$$(gofmt -l functions shared frontend infra); [ -z "$$out" ] || { echo "gofmt: run make fmt for"; echo "$$out"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

# The race detector, which makes everything several times slower, watches all of ours
# that runs in one process, with the short run's few seeds; tests under infra mostly
# drive other processes. What a short run leaves out runs in full after it, without the
# detector; the longest two begin, and a third package works where those wait. The
# summary fails on a test that was skipped in each run that had it.
test: tools lint ## everything, after installing what is missing
	@{ CI=true $(GO) test -json -timeout 20m -race -short $$($(GO) list ./... | grep -v /infra/); \
	   CI=true $(GO) test -json -timeout 20m -race ./shared/table/dynamo; \
	   CI=true $(GO) test -json -timeout 20m -p 3 ./infra/rehearsal ./infra/browser ./infra/... $$($(SHORTENED)); } | $(GO) run ./infra/tools/summary

tools:
	@infra/tools/install.sh

bench: ## requests a second and latencies of the local program; start-up of the functions; search among 20,000 ideas
	$(GO) run ./infra/bench $(ARGS)
	$(GO) test -run - -bench . ./infra/startbench
	$(GO) test -run - -bench Search -benchtime 2000x ./shared/portal

lighthouse: ## Lighthouse on the main pages, as on a phone: make lighthouse ARGS='-ideas FOLDER' for a real community's ideas
	@infra/tools/install.sh lighthouse
	@$(GO) run ./infra/lighthouse $(ARGS)

build: $(FUNCTIONS:%=$(BUILD)/%Function) ## the functions as they are deployed, zipped, with sizes
	@$(GO) run ./infra/tools/pack $^

$(BUILD)/%Function: .always
	@mkdir -p $@
	@$(MAKE) --no-print-directory build-$*Function ARTIFACTS_DIR=$@

deploy: ## to AWS, by the SAM CLI: make deploy MAIL_FROM=ideas@example.com TEAM_EMAILS=a@example.com,b@example.com
	sam build
	sam deploy $(if $(strip $(OVERRIDES)),--parameter-overrides $(strip $(OVERRIDES)))

# What is not given keeps its last value or, at first, the template's default.
OVERRIDES = $(foreach p,MailFrom TeamEmails Domain CertificateArn WebAclArn MailDomain AlarmEmail,$(if $($(p)),$(p)=$($(p)))) \
            $(if $(PORTAL_NAME),'PortalName="$(PORTAL_NAME)"') \
            $(if $(BRAND),'Brand="$(subst ','\'',$(subst ",\",$(shell cat '$(BRAND)')))"')

# A parameter that changed must reach the functions, and SAM publishes a version for
# what is in a zip: so a fingerprint of the parameters is.
export SETTINGS ?= $(strip $(OVERRIDES))

MailFrom = $(MAIL_FROM)
TeamEmails = $(TEAM_EMAILS)
Domain = $(DOMAIN)
CertificateArn = $(CERTIFICATE)
WebAclArn = $(WEB_ACL)
MailDomain = $(MAIL_DOMAIN)
AlarmEmail = $(ALARM_EMAIL)

fmt: ## gofmt everything
	gofmt -w functions shared frontend infra

clean: ## remove what build left
	rm -rf $(BUILD) .aws-sam

# `sam build` calls build-<LogicalId> with ARTIFACTS_DIR for each function of
# template.yaml. The flags make binaries small, because a cold start waits for
# their pages, and reproducible, so that an unchanged function is not deployed.
# Code that a request spends little time in is not inlined: a tenth of the zip.
# HTTP/2 stays out of them: shared/awsenv speaks HTTP/1.1, as DynamoDB and SQS do.
LAMBDA_ARCH ?= arm64
COMPACT := $(foreach p,github.com/... golang.org/... net/... vendor/... html/... text/... encoding/... mime/... log/... regexp/... fmt strconv time math/big crypto/tls crypto/x509 groundswell/shared/web groundswell/shared/portal groundswell/shared/store,-gcflags='$(p)=-l')

.PHONY: .always $(FUNCTIONS:%=build-%Function)
$(FUNCTIONS:%=build-%Function): build-%Function:
	CGO_ENABLED=0 GOOS=linux GOARCH=$(LAMBDA_ARCH) $(GO) build -tags lambda.norpc,nethttpomithttp2 -trimpath -buildvcs=false $(COMPACT) \
		-ldflags '-s -w -buildid=' -o '$(ARTIFACTS_DIR)/bootstrap' ./functions/$$(echo $* | tr A-Z a-z)
	cp infra/roots/amazon.pem '$(ARTIFACTS_DIR)/amazon.pem'
	if [ -n "$$SETTINGS" ]; then printf '%s' "$$SETTINGS" | cksum >'$(ARTIFACTS_DIR)/settings'; fi
