package fakeaws_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"groundswell/infra/rehearsal/fakeaws"
)

const rawMail = "From: =?utf-8?q?Id=C3=A9es?= <portal@example.com>\r\n" +
	"To: Ann <ann@example.com>, bob@example.com\r\n" +
	"Subject: =?utf-8?q?Your_idea_=E2=80=9CTea=E2=80=9D_is_launched?=\r\n" +
	"List-Unsubscribe: <https://example.com/u>\r\n\r\nHello.\r\n"

// sesClient is the SDK's own client, without retries, as the portal uses it.
func sesClient(t *testing.T, s *fakeaws.SES) *ses.Client {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return ses.New(ses.Options{
		Region:       "eu-west-1",
		BaseEndpoint: &srv.URL,
		Credentials:  staticCredentials{},
		Retryer:      aws.NopRetryer{},
	})
}

type staticCredentials struct{}

func (staticCredentials) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
}

func send(ctx context.Context, c *ses.Client) (string, error) {
	out, err := c.SendRawEmail(ctx, &ses.SendRawEmailInput{
		RawMessage:           &types.RawMessage{Data: []byte(rawMail)},
		Destinations:         []string{"ann@example.com"},
		ConfigurationSetName: aws.String("portal"),
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.MessageId), nil
}

func TestSESAccepts(t *testing.T) {
	t.Parallel()
	fake := &fakeaws.SES{}
	id, err := send(t.Context(), sesClient(t, fake))
	if err != nil {
		t.Fatal(err)
	}
	sent := fake.SentTo("ann@example.com")
	if len(sent) != 1 || len(fake.SentTo("bob@example.com")) != 0 {
		t.Fatalf("sent = %+v, want one to ann and none to bob, who is in the header alone", fake.Sent())
	}
	m := sent[0]
	if m.ID != id || id == "" {
		t.Errorf("message id %q, recorded %q", id, m.ID)
	}
	if string(m.Raw) != rawMail {
		t.Errorf("raw = %q", m.Raw)
	}
	if m.Subject != "Your idea “Tea” is launched" || m.From != "portal@example.com" || m.ConfigurationSet != "portal" {
		t.Errorf("mail = %+v", m)
	}
	if diff := cmp.Diff([]string{"ann@example.com", "bob@example.com"}, m.To); diff != "" {
		t.Errorf("To (-want +got):\n%s", diff)
	}
	if got := m.Header.Get("List-Unsubscribe"); got != "<https://example.com/u>" {
		t.Errorf("List-Unsubscribe = %q", got)
	}
}

func TestSESFaults(t *testing.T) {
	t.Parallel()
	is := func(target any) func(error) bool {
		return func(err error) bool { return errors.As(err, target) }
	}
	code := func(want string) func(error) bool {
		return func(err error) bool {
			var api smithy.APIError
			return errors.As(err, &api) && api.ErrorCode() == want
		}
	}
	noAnswer := func(err error) bool {
		var api smithy.APIError
		return err != nil && !errors.As(err, &api)
	}
	for _, tc := range []struct {
		name     string
		fault    fakeaws.Fault
		want     func(error) bool
		accepted int
	}{
		{"throttle", fakeaws.Throttle, code("Throttling"), 0},
		{"quota", fakeaws.QuotaExceeded, code("Throttling"), 0},
		{"reject", fakeaws.Reject, is(new(*types.MessageRejected)), 0},
		{"unverified", fakeaws.Unverified, is(new(*types.MessageRejected)), 0},
		{"pause", fakeaws.Pause, is(new(*types.AccountSendingPausedException)), 0},
		{"no configuration set", fakeaws.NoConfigurationSet, is(new(*types.ConfigurationSetDoesNotExistException)), 0},
		{"service error", fakeaws.ServiceError, code("InternalFailure"), 0},
		{"close before", fakeaws.CloseBefore, noAnswer, 0},
		{"close after", fakeaws.CloseAfter, noAnswer, 1},
		{"hang after", fakeaws.HangAfter, noAnswer, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeaws.SES{}
			client := sesClient(t, fake)
			fake.Fail(tc.fault)

			ctx := t.Context()
			if tc.fault == fakeaws.HangAfter {
				var cancel context.CancelFunc
				ctx, cancel = context.WithCancel(ctx)
				defer cancel()
				fake.OnAccept = func(fakeaws.Mail) { time.AfterFunc(time.Millisecond, cancel) }
			}
			if _, err := send(ctx, client); !tc.want(err) {
				t.Errorf("error = %v (%T)", err, errors.Unwrap(err))
			}
			if n := len(fake.Sent()); n != tc.accepted {
				t.Errorf("%d mails accepted, want %d", n, tc.accepted)
			}
			if _, err := send(t.Context(), client); err != nil { // the next one passes
				t.Error(err)
			}
			if fake.Calls() != 2 {
				t.Errorf("%d calls, want 2", fake.Calls())
			}
		})
	}
}

func TestSESDecide(t *testing.T) {
	t.Parallel()
	fake := &fakeaws.SES{Decide: func(m fakeaws.Mail) fakeaws.Fault {
		if strings.HasPrefix(m.Destinations[0], "ann") {
			return fakeaws.Reject
		}
		return fakeaws.NoFault
	}}
	client := sesClient(t, fake)
	var rejected *types.MessageRejected
	if _, err := send(t.Context(), client); !errors.As(err, &rejected) {
		t.Errorf("error = %v, want MessageRejected", err)
	}
}

func TestSESRefusesOtherActions(t *testing.T) {
	t.Parallel()
	_, err := sesClient(t, &fakeaws.SES{}).GetSendQuota(t.Context(), &ses.GetSendQuotaInput{})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "InvalidAction" {
		t.Errorf("error = %v, want InvalidAction", err)
	}
}
