package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/app"
)

func from(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestFromEnv(t *testing.T) {
	t.Parallel()
	all := []app.Var{app.BaseURL, app.PortalName, app.Brand, app.TeamEmails, app.MailFrom, app.MailQueueURL, app.ConfigurationSet, app.MailRate}
	full := map[string]string{
		"BASE_URL": "https://ideas.example.com/", "PORTAL_NAME": "Our Ideas", "BRAND": `{"name":"Tea"}`,
		"TEAM_EMAILS": "a@example.com, b@example.com,", "MAIL_FROM": "ideas@example.com",
		"MAIL_QUEUE_URL": "https://sqs.example.com/1/mail", "CONFIGURATION_SET": "set", "MAIL_RATE": "14",
	}
	got, err := app.FromEnv(from(full), all...)
	if err != nil {
		t.Fatal(err)
	}
	want := app.Config{
		BaseURL: "https://ideas.example.com", PortalName: "Our Ideas", Brand: `{"name":"Tea"}`,
		TeamEmails: []string{"a@example.com", "b@example.com"}, MailFrom: "ideas@example.com",
		MailQueueURL: "https://sqs.example.com/1/mail", ConfigurationSet: "set", MailRate: 14,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}

	got, err = app.FromEnv(from(full), app.PortalName)
	if d := cmp.Diff(app.Config{PortalName: "Our Ideas"}, got); err != nil || d != "" {
		t.Error("only what was asked for is read:", err, d)
	}
}

func TestFromEnvWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  map[string]string
		vars []app.Var
		want []string // in the error; none = no error
	}{
		"optional ones may be missing":  {nil, []app.Var{app.BaseURL, app.Brand, app.ConfigurationSet}, nil},
		"optional ones may be empty":    {map[string]string{"BASE_URL": ""}, []app.Var{app.BaseURL}, nil},
		"every missing one is named":    {nil, []app.Var{app.MailQueueURL, app.MailFrom}, []string{"MAIL_QUEUE_URL is not set", "MAIL_FROM is not set"}},
		"empty is missing":              {map[string]string{"MAIL_QUEUE_URL": " "}, []app.Var{app.MailQueueURL}, []string{"MAIL_QUEUE_URL is not set"}},
		"an address with a path":        {map[string]string{"BASE_URL": "https://example.com/ideas"}, []app.Var{app.BaseURL}, []string{"BASE_URL: must be like"}},
		"an address without a scheme":   {map[string]string{"BASE_URL": "example.com"}, []app.Var{app.BaseURL}, []string{"BASE_URL: must be like"}},
		"a rate of nothing":             {map[string]string{"MAIL_RATE": "0"}, []app.Var{app.MailRate}, []string{"MAIL_RATE: must be a whole"}},
		"a sender with a name":          {map[string]string{"MAIL_FROM": "Us <us@example.com>"}, []app.Var{app.MailFrom}, []string{"MAIL_FROM: must be like"}},
		"a team with somebody nameless": {map[string]string{"TEAM_EMAILS": "a@example.com,b"}, []app.Var{app.TeamEmails}, []string{"TEAM_EMAILS: must be like"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := app.FromEnv(from(c.env), c.vars...)
			if (err != nil) != (len(c.want) > 0) {
				t.Fatalf("error = %v, want %q", err, c.want)
			}
			for _, s := range c.want {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("error = %v, want %q", err, s)
				}
			}
		})
	}
}
