package awsenv

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		m[k] = v
	}
	return func(k string) string { return m[k] }
}

func TestConfig(t *testing.T) {
	t.Parallel()
	basic := []string{"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token"}
	for name, tc := range map[string]struct {
		env            []string
		service        string
		endpoint, fail string
	}{
		"plain":              {service: "DynamoDB"},
		"endpoint for all":   {env: []string{"AWS_ENDPOINT_URL=http://all"}, service: "SES", endpoint: "http://all"},
		"endpoint of one":    {env: []string{"AWS_ENDPOINT_URL=http://all", "AWS_ENDPOINT_URL_SES=http://ses"}, service: "SES", endpoint: "http://ses"},
		"endpoint of others": {env: []string{"AWS_ENDPOINT_URL_SES=http://ses"}, service: "SQS"},
		"two words":          {env: []string{"AWS_ENDPOINT_URL_DYNAMODB_STREAMS=https://s"}, service: "DynamoDB Streams", endpoint: "https://s"},
		"endpoints ignored":  {env: []string{"AWS_ENDPOINT_URL=http://all", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"}, service: "SES"},
		"endpoint no URL":    {env: []string{"AWS_ENDPOINT_URL=localhost:8000"}, service: "SES", fail: "localhost:8000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, err := Config(env(append(tc.env, basic...)...), tc.service)
			if tc.fail != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fail) {
					t.Fatalf("error %v; want one that names %s", err, tc.fail)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if cfg.Region != "eu-west-1" || aws.ToString(cfg.BaseEndpoint) != tc.endpoint {
				t.Errorf("region %q, endpoint %q; want eu-west-1, %q", cfg.Region, aws.ToString(cfg.BaseEndpoint), tc.endpoint)
			}
			c, err := cfg.Credentials.Retrieve(t.Context())
			if err != nil || c.AccessKeyID != "id" || c.SecretAccessKey != "secret" || c.SessionToken != "token" {
				t.Errorf("credentials %v, %v", c, err)
			}
		})
	}
}

func TestConfigIncomplete(t *testing.T) {
	t.Parallel()
	if _, err := Config(env(), "SES"); !errors.Is(err, ErrNoRegion) {
		t.Errorf("without region: %v", err)
	}
	if _, err := Config(env("AWS_DEFAULT_REGION=x", "AWS_ACCESS_KEY_ID=id"), "SES"); !errors.Is(err, ErrNoCredentials) {
		t.Errorf("without secret: %v", err)
	}
}
