package feedback

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Event is one thing that was heard about one mail.
type Event struct {
	What      store.OutcomeKind
	Detail    string    // codes and words of a fixed list
	At        time.Time // when it happened
	MessageID string    // the sender's id of the mail

	// The line of the ledger, from the mail's tags; empty where it had none.
	Subject, Name, To string
	Retry             bool // it was tried although mails to the address came back
	Dead              bool // of a SoftBounce: says something about the address, and not about the mail

	Addresses []string // of the reader; several spellings of one address
}

// ErrUnreadable is an event that can't be read now or later.
var ErrUnreadable = errors.New("not an event of Amazon SES")

// envelope is the event as EventBridge delivers it (EventBridge reference, "Events
// from Amazon SES"), or SES's part alone, as it comes by SNS or Firehose.
type envelope struct {
	Source     string          `json:"source"`
	DetailType string          `json:"detail-type"`
	Time       string          `json:"time"`
	Detail     json.RawMessage `json:"detail"`
}

// detail is SES's part: Developer Guide, "Contents of event data that Amazon SES
// publishes". Fields that don't matter here are left out, and what is missing is
// done without.
type detail struct {
	EventType        string `json:"eventType"`
	NotificationType string `json:"notificationType"`
	Mail             struct {
		Timestamp   string              `json:"timestamp"`
		MessageID   string              `json:"messageId"`
		Destination []string            `json:"destination"`
		Tags        map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		Type       string      `json:"bounceType"`
		SubType    string      `json:"bounceSubType"`
		Recipients []recipient `json:"bouncedRecipients"`
		Timestamp  string      `json:"timestamp"`
	} `json:"bounce"`
	Complaint struct {
		SubType    string      `json:"complaintSubType"`
		Feedback   string      `json:"complaintFeedbackType"`
		Recipients []recipient `json:"complainedRecipients"`
		Timestamp  string      `json:"timestamp"`
	} `json:"complaint"`
	Delivery struct {
		Timestamp string `json:"timestamp"`
	} `json:"delivery"`
	Delay struct {
		Type       string      `json:"delayType"`
		Recipients []recipient `json:"delayedRecipients"`
		Timestamp  string      `json:"timestamp"`
	} `json:"deliveryDelay"`
}

type recipient struct {
	Address string `json:"emailAddress"`
	Action  string `json:"action"`
	Status  string `json:"status"`
}

// kinds are the events that say something, by EventBridge's names for them and by
// SES's, without what differs from one documentation to the other.
var kinds = map[string]string{
	"emailbounced": "bounce", "bounce": "bounce",
	"emailcomplaintreceived": "complaint", "complaint": "complaint",
	"emaildelivered": "delivery", "delivery": "delivery",
	"emailrejected": "reject", "reject": "reject",
	"emailrenderingfailed": "rendering", "renderingfailure": "rendering",
	"emaildeliverydelayed": "delay", "deliverydelay": "delay",
}

func bare(name string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(name))
}

// Parse reads an event. heard is false for one that says nothing about what became of
// a mail (opened, clicked, sent). An error is ErrUnreadable, and never holds what it
// could not read.
func Parse(raw []byte) (e Event, heard bool, err error) {
	var env envelope
	if json.Unmarshal(raw, &env) != nil {
		return Event{}, false, ErrUnreadable
	}
	if env.Detail == nil {
		env.Detail = raw
	}
	var d detail
	if json.Unmarshal(env.Detail, &d) != nil {
		return Event{}, false, ErrUnreadable
	}
	kind := ""
	for _, name := range []string{d.EventType, d.NotificationType, env.DetailType} {
		if kind = kinds[bare(name)]; kind != "" {
			break
		}
	}
	if kind == "" {
		if d.EventType == "" && d.NotificationType == "" && env.DetailType == "" {
			return Event{}, false, ErrUnreadable
		}
		return Event{}, false, nil
	}
	if d.Mail.MessageID == "" {
		return Event{}, false, fmt.Errorf("%s without a message: %w", kind, ErrUnreadable)
	}
	e = Event{MessageID: d.Mail.MessageID}
	var when string
	var to []recipient
	switch kind {
	case "bounce":
		when, to = d.Bounce.Timestamp, d.Bounce.Recipients
		e.What, e.Detail = store.SoftBounce, words(d.Bounce.Type, d.Bounce.SubType)
		if strings.EqualFold(d.Bounce.Type, "Permanent") {
			e.What = store.Bounced
		}
		e.Dead = e.What == store.SoftBounce && aboutAddress(d.Bounce.SubType, to)
	case "complaint":
		when, to = d.Complaint.Timestamp, d.Complaint.Recipients
		e.What, e.Detail = store.Complained, words(d.Complaint.Feedback, d.Complaint.SubType)
		if strings.EqualFold(d.Complaint.Feedback, "not-spam") { // says that a mail had been filtered wrongly
			return Event{}, false, nil
		}
	case "delivery":
		e.What, when = store.Delivered, d.Delivery.Timestamp
	case "delay":
		when, to = d.Delay.Timestamp, d.Delay.Recipients
		e.What, e.Detail = store.Delayed, words(d.Delay.Type)
	case "reject":
		e.What, e.Detail = store.Refused, "content"
	case "rendering":
		e.What, e.Detail = store.Refused, "rendering"
	}
	if len(to) > 0 && status(to[0].Status) {
		e.Detail = strings.TrimSpace(e.Detail + " " + to[0].Status)
	}
	for _, s := range []string{when, env.Time, d.Mail.Timestamp} {
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			e.At = t.UTC().Truncate(time.Millisecond)
			break
		}
	}
	if e.At.IsZero() {
		return Event{}, false, fmt.Errorf("%s without a time: %w", kind, ErrUnreadable)
	}
	first := func(name string) string {
		if v := d.Mail.Tags[name]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	e.Name, e.Subject, e.To, e.Retry = first(store.TagEvent), first(store.TagSubject), first(store.TagTo), first(store.TagRetry) != ""
	if e.Name == "" || e.Subject == "" || e.To == "" {
		e.Name, e.Subject, e.To = "", "", ""
	}
	for _, r := range to {
		e.Addresses = append(e.Addresses, spellings(r.Address)...)
	}
	if len(e.Addresses) == 0 { // each mail of ours has one reader
		for _, s := range d.Mail.Destination {
			e.Addresses = append(e.Addresses, spellings(s)...)
		}
	}
	slices.Sort(e.Addresses)
	e.Addresses = slices.Compact(e.Addresses)
	return e, true, nil
}

// aboutAddress tells a bounce because of the mailbox from one because of the mail,
// and from an automatic answer, which comes as a general bounce without a failure
// (Developer Guide, "Bounce types").
func aboutAddress(subType string, to []recipient) bool {
	switch bare(subType) {
	case "mailboxfull":
		return true
	case "messagetoolarge", "contentrejected", "attachmentrejected":
		return false
	}
	return len(to) > 0 && strings.EqualFold(to[0].Action, "failed")
}

// words are those of what SES says that are one of its own names: nothing that
// somebody else wrote can be among them.
func words(names ...string) string {
	var out []string
	for _, n := range names {
		if ok := n != "" && len(n) <= 40 && !strings.ContainsFunc(n, func(r rune) bool {
			return r != '-' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}); ok {
			out = append(out, n)
		}
	}
	return strings.Join(out, "/")
}

// status reports whether s is an enhanced status code: "5.1.1" (RFC 3463).
func status(s string) bool {
	if len(s) < 5 || len(s) > 11 || strings.Count(s, ".") != 2 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
}

// spellings are the address as the portal may have it: mails go out with the domain
// in ASCII, members may have typed it in their own script.
func spellings(s string) (out []string) {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return nil
	}
	add := func(s string) {
		if e, err := portal.Email(s); err == nil && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	add(a.Address)
	if at := strings.LastIndexByte(a.Address, '@'); at >= 0 && strings.Contains(a.Address, "xn--") {
		if domain, err := idna.Lookup.ToUnicode(a.Address[at+1:]); err == nil {
			add(a.Address[:at+1] + domain)
		}
	}
	return out
}
