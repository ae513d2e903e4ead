package template_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParameters: the stack deploys with a sender and a team alone.
func TestParameters(t *testing.T) {
	t.Parallel()
	var must []string
	for name, p := range load(t).Parameters {
		if p.Default == nil {
			must = append(must, name)
		}
		if len(p.Description) < 10 {
			t.Errorf("%s has no description", name)
		}
		if p.AllowedPattern != "" {
			if _, err := regexp.Compile(p.AllowedPattern); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	slices.Sort(must)
	if d := cmp.Diff([]string{"MailFrom", "TeamEmails"}, must); d != "" {
		t.Error(d)
	}
}

func TestParameterPatterns(t *testing.T) {
	t.Parallel()
	ps := load(t).Parameters
	for name, c := range map[string]struct{ good, bad []string }{
		"MailFrom":   {[]string{"ideas@example.com"}, []string{"", "ideas", "Us <us@example.com>", "a@example.com,b@example.com"}},
		"TeamEmails": {[]string{"a@example.com", "a@example.com,b@example.com", "a@example.com, b@example.com"}, []string{"", "a", "a@example.com,"}},
		"Domain":     {[]string{"", "ideas.example.com"}, []string{"https://ideas.example.com", "localhost", "ideas.example.com/", "Ideas.example.com"}},
		"MailDomain": {[]string{"", "example.com", "mail.example.com"}, []string{"a@example.com", "example"}},
		"AlarmEmail": {[]string{"", "oncall@example.com"}, []string{"oncall", "a@example.com,b@example.com"}},
		"CertificateArn": {[]string{"", "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"},
			[]string{"arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}},
		"WebAclArn": {[]string{"", "arn:aws:wafv2:us-east-1:123456789012:global/webacl/portal/1234"},
			[]string{"arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/portal/1234"}},
	} {
		whole := regexp.MustCompile(`^(?:` + ps[name].AllowedPattern + `)$`) // as AWS CloudFormation takes it
		for _, s := range c.good {
			if !whole.MatchString(s) {
				t.Errorf("%s: %q is refused", name, s)
			}
		}
		for _, s := range c.bad {
			if whole.MatchString(s) {
				t.Errorf("%s: %q is accepted", name, s)
			}
		}
	}
}

// TestNothingFixed: no names, regions, accounts or partitions that keep the stack
// from being deployed twice, or elsewhere. A name may be computed from the stack's.
func TestNothingFixed(t *testing.T) {
	t.Parallel()
	arn := regexp.MustCompile(`arn:aws[a-z-]*:`)
	account := regexp.MustCompile(`\b\d{12}\b`)
	region := regexp.MustCompile(`\b(us|eu|ap|sa|ca|me|af)-[a-z]+-\d\b`)
	names := []string{"AlarmName", "DashboardName", "TableName", "FunctionName", "QueueName", "RoleName", "TopicName", "Name"}
	for part, tpl := range parts(t) {
		for id, r := range tpl.Resources {
			s := compact(r.Properties)
			for _, re := range []*regexp.Regexp{arn, account, region} {
				if m := re.FindString(s); m != "" {
					t.Errorf("%s: %s: %s", part, id, m)
				}
			}
			holders := []map[string]any{r.Properties}
			for key, v := range r.Properties {
				if strings.HasSuffix(key, "Config") { // where Amazon CloudFront has names
					holders = append(holders, at(v).(map[string]any))
				}
			}
			for _, h := range holders {
				for _, name := range names {
					if v, fixed := h[name].(string); fixed {
						t.Errorf("%s: %s is named %s", part, id, v)
					}
				}
			}
		}
	}
}

// TestNoSecrets: nothing secret is in the environment of a function or a parameter.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	secret := regexp.MustCompile(`(?i)secret|password|token|credential|_key$`)
	for _, f := range functions(t) {
		for name := range f.Env {
			if secret.MatchString(name) {
				t.Errorf("%s: %s", f.ID, name)
			}
		}
	}
	for name := range load(t).Parameters {
		if secret.MatchString(name) {
			t.Error(name)
		}
	}
}

// TestKept: the data survives the stack; everything else says that it does not.
func TestKept(t *testing.T) {
	t.Parallel()
	for id, r := range load(t).Resources {
		switch r.Type {
		case "AWS::DynamoDB::Table":
			if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
				t.Errorf("%s: deleted with the stack: %s, %s", id, r.DeletionPolicy, r.UpdateReplacePolicy)
			}
		case "AWS::Logs::LogGroup", "AWS::SQS::Queue":
			if r.DeletionPolicy != "Delete" || r.UpdateReplacePolicy != "Delete" {
				t.Errorf("%s: not said what happens to it: %q, %q", id, r.DeletionPolicy, r.UpdateReplacePolicy)
			}
		}
	}
}
