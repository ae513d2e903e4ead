package fakeaws

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"time"
)

// Fault is what goes wrong with one SendRawEmail.
type Fault int

// The faults. The first group refuses the mail, the second takes it and loses the
// answer: the sender cannot know whether it went out.
const (
	NoFault            Fault = iota
	Throttle                 // Throttling: maximum sending rate exceeded
	QuotaExceeded            // Throttling: daily message quota exceeded
	Reject                   // MessageRejected
	Unverified               // MessageRejected, as in the sandbox: the recipient is not verified
	Pause                    // AccountSendingPausedException
	NoConfigurationSet       // ConfigurationSetDoesNotExist
	ServiceError             // InternalFailure, status 500
	CloseBefore              // the connection breaks before the mail is read

	CloseAfter // accepted, then the connection breaks
	HangAfter  // accepted, then silence until the client gives up
)

// Mail is one message that SES accepted.
type Mail struct {
	ID               string // SES's message id
	At               time.Time
	Source           string
	Destinations     []string // of the envelope; from the header if not given
	ConfigurationSet string
	Tags             map[string]string
	Raw              []byte

	// From the message's own header, with encoded words undone.
	From    string
	To      []string // bare addresses
	Subject string
	Header  mail.Header
}

// SES fakes the SendRawEmail action of Amazon SES (API v1, the Query protocol):
// docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html. The zero
// value is ready; serve it and point AWS_ENDPOINT_URL_SES at it.
type SES struct {
	// Decide, if set, picks the fault of each send that none was queued for.
	Decide func(Mail) Fault
	// OnAccept, if set, is called after a mail is recorded and before the answer:
	// the moment to kill the sender.
	OnAccept func(Mail)
	// Fate, if set, says what SES publishes about each mail that it accepted.
	Fate func(Mail) []MailEvent

	mu     sync.Mutex
	faults []Fault
	sent   []Mail
	calls  int
	events []json.RawMessage
}

// Fail queues faults for the sends to come, one each. NoFault lets one pass.
func (s *SES) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Sent returns the accepted mails in order.
func (s *SES) Sent() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.sent...)
}

// SentTo returns the accepted mails that have addr among their destinations.
func (s *SES) SentTo(addr string) []Mail {
	var out []Mail
	for _, m := range s.Sent() {
		for _, d := range m.Destinations {
			if d == addr {
				out = append(out, m)
				break
			}
		}
	}
	return out
}

// Calls is the number of sends tried, refused ones included.
func (s *SES) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func (s *SES) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		sesError(w, http.StatusBadRequest, "MalformedQueryString", err.Error())
		return
	}
	if action := r.PostForm.Get("Action"); action != "SendRawEmail" {
		sesError(w, http.StatusBadRequest, "InvalidAction", "fakeaws has no action "+action)
		return
	}
	m, err := parseMail(r)
	if err != nil {
		sesError(w, http.StatusBadRequest, "InvalidParameterValue", err.Error())
		return
	}
	fault := s.next(m)
	switch fault {
	case Throttle:
		sesError(w, http.StatusBadRequest, "Throttling", "Maximum sending rate exceeded.")
		return
	case QuotaExceeded:
		sesError(w, http.StatusBadRequest, "Throttling", "Daily message quota exceeded.")
		return
	case Reject:
		sesError(w, http.StatusBadRequest, "MessageRejected", "Email address is not verified.")
		return
	case Unverified:
		sesError(w, http.StatusBadRequest, "MessageRejected", "Email address is not verified. The following identities failed the check in region EU-WEST-1: "+strings.Join(m.Destinations, ", "))
		return
	case Pause:
		sesError(w, http.StatusBadRequest, "AccountSendingPausedException", "Sending is paused for this account.")
		return
	case NoConfigurationSet:
		sesError(w, http.StatusBadRequest, "ConfigurationSetDoesNotExist", "Configuration set <"+m.ConfigurationSet+"> does not exist.")
		return
	case ServiceError:
		sesError(w, http.StatusInternalServerError, "InternalFailure", "The request processing has failed.")
		return
	case CloseBefore:
		panic(http.ErrAbortHandler)
	}
	m = s.accept(m)
	if s.OnAccept != nil {
		s.OnAccept(m)
	}
	if s.Fate != nil {
		for _, e := range s.Fate(m) {
			s.Publish(m, e)
		}
	}
	switch fault {
	case CloseAfter:
		panic(http.ErrAbortHandler)
	case HangAfter:
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, `<SendRawEmailResponse xmlns="%s"><SendRawEmailResult><MessageId>%s</MessageId></SendRawEmailResult>`+
		`<ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></SendRawEmailResponse>`, sesNamespace, m.ID, sesRequestID)
}

func (s *SES) next(m Mail) Fault {
	s.mu.Lock()
	s.calls++
	if len(s.faults) > 0 {
		f := s.faults[0]
		s.faults = s.faults[1:]
		s.mu.Unlock()
		return f
	}
	s.mu.Unlock()
	if s.Decide != nil {
		return s.Decide(m)
	}
	return NoFault
}

func (s *SES) accept(m Mail) Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.At = time.Now().UTC()
	m.ID = fmt.Sprintf("0102018f-%012d-000000", len(s.sent)+1)
	s.sent = append(s.sent, m)
	return m
}

func parseMail(r *http.Request) (Mail, error) {
	raw, err := base64.StdEncoding.DecodeString(r.PostForm.Get("RawMessage.Data"))
	if err != nil {
		return Mail{}, fmt.Errorf("RawMessage.Data: %w", err)
	}
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, fmt.Errorf("raw message: %w", err)
	}
	m := Mail{
		Source:           r.PostForm.Get("Source"),
		ConfigurationSet: r.PostForm.Get("ConfigurationSetName"),
		Raw:              raw,
		Header:           msg.Header,
	}
	if m.ConfigurationSet == "" {
		m.ConfigurationSet = msg.Header.Get("X-SES-CONFIGURATION-SET")
	}
	dec := new(mime.WordDecoder)
	if m.Subject, err = dec.DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return Mail{}, fmt.Errorf("subject: %w", err)
	}
	from, err := msg.Header.AddressList("From")
	if err != nil {
		return Mail{}, fmt.Errorf("from: %w", err)
	}
	m.From = from[0].Address // a list without an error has one
	to, err := msg.Header.AddressList("To")
	if err != nil {
		return Mail{}, fmt.Errorf("to: %w", err)
	}
	for _, a := range to {
		m.To = append(m.To, a.Address)
	}
	for i := 1; ; i++ {
		d := r.PostForm.Get(fmt.Sprintf("Destinations.member.%d", i))
		if d == "" {
			break
		}
		m.Destinations = append(m.Destinations, d)
	}
	for i := 1; ; i++ {
		name := r.PostForm.Get(fmt.Sprintf("Tags.member.%d.Name", i))
		if name == "" {
			break
		}
		if m.Tags == nil {
			m.Tags = map[string]string{}
		}
		m.Tags[name] = r.PostForm.Get(fmt.Sprintf("Tags.member.%d.Value", i))
	}
	if m.Destinations == nil {
		m.Destinations = m.To
	}
	return m, nil
}

const (
	sesNamespace = "http://ses.amazonaws.com/doc/2010-12-01/"
	sesRequestID = "00000000-0000-4000-8000-000000000000"
)

// sesError writes the Query protocol's error document; the SDK takes the code
// from it.
func sesError(w http.ResponseWriter, status int, code, text string) {
	typ := "Sender"
	if status >= 500 {
		typ = "Receiver"
	}
	type fault struct {
		Type    string
		Code    string
		Message string
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	xml.NewEncoder(w).Encode(struct { //nolint:errcheck // the client is gone or reads it
		XMLName   xml.Name `xml:"http://ses.amazonaws.com/doc/2010-12-01/ ErrorResponse"`
		Error     fault
		RequestID string `xml:"RequestId"`
	}{Error: fault{typ, code, text}, RequestID: sesRequestID})
}
