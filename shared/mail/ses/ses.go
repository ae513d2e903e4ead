// Package ses sends mails through Amazon SES.
//
// Start with [New]. The package turns SES's answers into the classes that
// shared/mail names and does nothing else: it never retries (SES has no
// idempotency token, so a retry behind the ledger's back could send a mail twice)
// and never logs. Errors carry SES's error code and request id, not its text, which
// may name addresses.
package ses

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/smithy-go"

	"groundswell/shared/mail"
	"groundswell/shared/mail/raw"
)

// Sender is mail.Sender on Amazon SES (API v1, whose SendRawEmail takes the message
// as it is; 10 MB at most).
type Sender struct {
	call sendRaw // not the client: it would bring operations that nobody calls
	set  *string
}

type sendRaw func(context.Context, *ses.SendRawEmailInput, ...func(*ses.Options)) (*ses.SendRawEmailOutput, error)

var _ mail.Sender = (*Sender)(nil)

// New makes a Sender. configurationSet names the SES configuration set that the
// mails go out under; "" is none.
func New(cfg aws.Config, configurationSet string, opts ...func(*ses.Options)) *Sender {
	s := &Sender{call: ses.NewFromConfig(cfg, append(opts, func(o *ses.Options) {
		o.Retryer = aws.NopRetryer{}
		o.RetryMaxAttempts = 1
	})...).SendRawEmail}
	if configurationSet != "" {
		s.set = &configurationSet
	}
	return s
}

// Send implements mail.Sender. The id is SES's message id, which its events name.
func (s *Sender) Send(ctx context.Context, m mail.Message) (string, error) {
	raw, err := raw.Of(m)
	if err != nil {
		return "", err
	}
	to, err := mail.Addr(m.To)
	if err != nil {
		return "", fmt.Errorf("recipient %w: %w", err, mail.ErrAddress)
	}
	out, err := s.call(ctx, &ses.SendRawEmailInput{
		RawMessage:           &types.RawMessage{Data: raw},
		Destinations:         []string{to}, // not left to the headers
		ConfigurationSetName: s.set,
		Tags:                 tags(m.Tags),
	})
	if err != nil {
		return "", class(err, m.From)
	}
	return aws.ToString(out.MessageId), nil
}

// classes of SES's error codes: API reference, SendRawEmail and CommonErrors;
// Developer Guide, "Errors related to the sending quotas". What is not here (5xx,
// time-outs, torn connections) leaves the outcome open.
var classes = map[string]error{
	"Throttling":               mail.ErrThrottled,
	"ThrottlingException":      mail.ErrThrottled,
	"TooManyRequestsException": mail.ErrThrottled,

	"MessageRejected":       mail.ErrRejected,
	"InvalidParameterValue": mail.ErrAddress,

	"AccountSendingPausedException":          mail.ErrPaused,
	"ConfigurationSetSendingPausedException": mail.ErrPaused,

	"ConfigurationSetDoesNotExist":       mail.ErrConfig,
	"MailFromDomainNotVerifiedException": mail.ErrConfig,
	"FromEmailAddressNotVerified":        mail.ErrConfig,
	"AccessDenied":                       mail.ErrConfig,
	"AccessDeniedException":              mail.ErrConfig,
	"OptInRequired":                      mail.ErrConfig,
	"InvalidClientTokenId":               mail.ErrConfig,
	"UnrecognizedClientException":        mail.ErrConfig,
	"SignatureDoesNotMatch":              mail.ErrConfig,
	"MissingAuthenticationToken":         mail.ErrConfig,
}

// tags come back in the events that SES publishes about the message.
func tags(ts []mail.Tag) []types.MessageTag {
	out := make([]types.MessageTag, len(ts))
	for i, t := range ts {
		out[i] = types.MessageTag{Name: &t.Name, Value: &t.Value}
	}
	return out
}

func class(err error, from string) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("send raw e-mail: %w", err)
	}
	code, text := api.ErrorCode(), api.ErrorMessage()
	c := classes[code]
	switch {
	case c == mail.ErrThrottled && strings.Contains(text, "Daily message quota"):
		c = mail.ErrDailyQuota
	case code == "MessageRejected" && unverified(text, from):
		c = mail.ErrConfig
	case code == "MessageRejected" && strings.Contains(text, "not verified"):
		c = mail.ErrSandbox
	case c == nil:
		c = errors.New("outcome unknown")
	}
	return fmt.Errorf("send raw e-mail: %s (request %s): %w", code, requestID(err), c)
}

// unverified reports whether SES turned the message down because of the sender's
// address, which is no fault of the message: it goes through once the operator has
// verified the address. There is no code for that, only the list behind "The
// following identities failed the check".
func unverified(text, from string) bool {
	addr, err := mail.Addr(from)
	return err == nil && strings.Contains(text, "not verified") && strings.Contains(strings.ToLower(text), strings.ToLower(addr))
}

func requestID(err error) string {
	var r *awshttp.ResponseError
	if errors.As(err, &r) {
		return r.ServiceRequestID()
	}
	return "unknown"
}
