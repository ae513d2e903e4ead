package ses_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"groundswell/shared/mail"
	"groundswell/shared/mail/ses"
)

func message() mail.Message {
	return mail.Message{ID: "launched/1/2", From: "Groundswell <ideas@example.com>", To: "ann@example.org", Subject: "Launched: tea", Text: "Hello", HTML: "<p>Hello",
		Tags: []mail.Tag{{Name: "event", Value: "launched"}, {Name: "subject", Value: "06K"}}}
}

// config leads to a server that plays SES.
func config(t *testing.T, h http.HandlerFunc) aws.Config {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return aws.Config{Region: "eu-west-1", BaseEndpoint: aws.String(srv.URL), RetryMaxAttempts: 5,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		})}
}

func form(t *testing.T, r *http.Request) url.Values {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	v, err := url.ParseQuery(string(b))
	if err != nil {
		t.Error(err)
	}
	return v
}

func TestSend(t *testing.T) {
	t.Parallel()
	var got url.Values
	cfg := config(t, func(w http.ResponseWriter, r *http.Request) {
		got = form(t, r)
		fmt.Fprint(w, `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>0102-abc</MessageId></SendRawEmailResult></SendRawEmailResponse>`)
	})
	id, err := ses.New(cfg, "portal").Send(t.Context(), message())
	if err != nil || id != "0102-abc" {
		t.Fatalf("Send = %q, %v", id, err)
	}
	for k, want := range map[string]string{"Action": "SendRawEmail", "ConfigurationSetName": "portal", "Destinations.member.1": "ann@example.org",
		"Tags.member.1.Name": "event", "Tags.member.1.Value": "launched", "Tags.member.2.Name": "subject"} {
		if got.Get(k) != want {
			t.Errorf("%s = %q, want %q", k, got.Get(k), want)
		}
	}
	raw, err := base64.StdEncoding.DecodeString(got.Get("RawMessage.Data"))
	if err != nil || !strings.Contains(string(raw), "\r\nSubject: Launched: tea\r\n") {
		t.Errorf("raw message %v:\n%s", err, raw)
	}
}

func TestSendWithoutConfigurationSet(t *testing.T) {
	t.Parallel()
	cfg := config(t, func(w http.ResponseWriter, r *http.Request) {
		if v := form(t, r); v.Has("ConfigurationSetName") {
			t.Errorf("configuration set %q", v.Get("ConfigurationSetName"))
		}
		fmt.Fprint(w, `<SendRawEmailResponse><SendRawEmailResult><MessageId>1</MessageId></SendRawEmailResult></SendRawEmailResponse>`)
	})
	if _, err := ses.New(cfg, "").Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	all := []error{mail.ErrRejected, mail.ErrThrottled, mail.ErrPaused, mail.ErrConfig}
	for _, tc := range []struct {
		name, code, text string
		status           int
		want             error // nil: unknown outcome
	}{
		{"rate", "Throttling", "Maximum sending rate exceeded.", 400, mail.ErrThrottled},
		{"rate by its other name", "ThrottlingException", "Rate exceeded", 400, mail.ErrThrottled},
		{"quota", "Throttling", "Daily message quota exceeded.", 400, mail.ErrThrottled},
		{"rejected", "MessageRejected", "Address is on the suppression list: ann@example.org", 400, mail.ErrRejected},
		{"recipient not verified, in the sandbox", "MessageRejected", "Email address is not verified. The following identities failed the check in region EU-WEST-1: ann@example.org", 400, mail.ErrSandbox},
		{"sender not verified", "MessageRejected", "Email address is not verified. The following identities failed the check in region EU-WEST-1: ideas@example.com, ann@example.org", 400, mail.ErrConfig},
		{"illegal address", "InvalidParameterValue", "Illegal address ann@example.org", 400, mail.ErrAddress},
		{"account paused", "AccountSendingPausedException", "Paused", 400, mail.ErrPaused},
		{"configuration set paused", "ConfigurationSetSendingPausedException", "Paused", 400, mail.ErrPaused},
		{"no configuration set", "ConfigurationSetDoesNotExist", "portal", 400, mail.ErrConfig},
		{"MAIL FROM domain", "MailFromDomainNotVerifiedException", "no MX record", 400, mail.ErrConfig},
		{"no permission", "AccessDenied", "not authorized on arn:aws:ses:eu-west-1:1:identity/ann@example.org", 403, mail.ErrConfig},
		{"wrong key", "SignatureDoesNotMatch", "no", 403, mail.ErrConfig},
		{"server error", "InternalFailure", "ann@example.org", 500, nil},
		{"unavailable", "ServiceUnavailable", "later", 503, nil},
		{"code of tomorrow", "Unheard", "ann@example.org", 400, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			cfg := config(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				w.WriteHeader(tc.status)
				fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`, tc.code, tc.text)
			})
			_, err := ses.New(cfg, "portal").Send(t.Context(), message())
			if err == nil {
				t.Fatal("no error")
			}
			for _, class := range all {
				if got := errors.Is(err, class); got != errors.Is(tc.want, class) {
					t.Errorf("%v: is %q: %t", err, class, got)
				}
			}
			if tc.want != nil && !errors.Is(err, tc.want) {
				t.Errorf("%v: want %q", err, tc.want)
			}
			if quota := tc.name == "quota"; errors.Is(err, mail.ErrDailyQuota) != quota {
				t.Errorf("%v: is the daily quota: %t", err, !quota)
			}
			if n := calls.Load(); n != 1 {
				t.Errorf("%d calls: a retry could send twice", n)
			}
			if s := err.Error(); strings.Contains(s, "@") || !strings.Contains(s, tc.code) || !strings.Contains(s, "r-1") {
				t.Errorf("error %q: want code and request id, and no address", s)
			}
		})
	}
}

// A message that SES took, and then did not answer, is neither sent nor not.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	cfg := config(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		calls.Add(1)
		cancel()
		<-r.Context().Done()
	})
	_, err := ses.New(cfg, "").Send(ctx, message())
	if err == nil || errors.Is(err, mail.ErrRejected) || errors.Is(err, mail.ErrThrottled) || errors.Is(err, mail.ErrPaused) || errors.Is(err, mail.ErrConfig) {
		t.Errorf("error %v: want an unknown outcome", err)
	}
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestInvalidMessageIsNotSent(t *testing.T) {
	t.Parallel()
	cfg := config(t, func(http.ResponseWriter, *http.Request) { t.Error("called") })
	m := message()
	m.To = "nobody"
	if _, err := ses.New(cfg, "").Send(t.Context(), m); !errors.Is(err, mail.ErrRejected) {
		t.Errorf("error %v, want ErrRejected", err)
	}
}
