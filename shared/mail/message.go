package mail

import (
	"fmt"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Message is a mail to one person.
type Message struct {
	// ID names the mail for ever: sending it again must use the same ID, so that a
	// sender that can tell does not send it twice. It is not the Message-ID header.
	ID      string
	From    string // "Groundswell <ideas@example.com>" or the address alone
	To      string // the same; one person
	Subject string
	Text    string // both parts are required
	HTML    string
	Headers []Header // further ones, for example List-Unsubscribe
	At      time.Time
	Tags    []Tag // for whoever is told what became of the message; no part of it
}

// Tag is a name and a value, each 1 to 256 ASCII letters, digits, hyphens and
// underscores (API reference of Amazon SES, MessageTag).
type Tag struct{ Name, Value string }

// Header is one header field. Values outside ASCII are encoded (RFC 2047).
type Header struct{ Name, Value string }

// Limits of a message. SES takes raw messages up to 10 MB; ours are small, and one
// that is not is a mistake.
const (
	maxSubject = 998     // bytes; RFC 5322, section 2.1.1, before encoding
	maxPart    = 1 << 20 // bytes of the text and of the HTML part
	maxHeaders = 20
	maxTags    = 10
	maxTag     = 256
)

// reserved are the headers that Message has fields for or package raw writes itself.
var reserved = map[string]bool{"From": true, "To": true, "Cc": true, "Bcc": true, "Sender": true, "Subject": true,
	"Date": true, "Message-Id": true, "Mime-Version": true, "Content-Type": true, "Content-Transfer-Encoding": true,
	"Return-Path": true, "Dkim-Signature": true}

// Validate reports what makes the message impossible to send: ErrConfig for the
// sender's address, which is the operator's, else ErrRejected. Nothing that passes
// can add a header line or a recipient.
func (m Message) Validate() error {
	if _, err := Address(m.From); err != nil {
		return fmt.Errorf("sender %w: %w", err, ErrConfig)
	}
	if _, err := Address(m.To); err != nil {
		return fmt.Errorf("recipient %w: %w", err, ErrAddress)
	}
	switch {
	case m.ID == "":
		return fmt.Errorf("no id: %w", ErrRejected)
	case m.Subject == "" || len(m.Subject) > maxSubject || !oneLine(m.Subject):
		return fmt.Errorf("subject is empty, too long or not one line: %w", ErrRejected)
	case m.Text == "" || len(m.Text) > maxPart || !utf8.ValidString(m.Text):
		return fmt.Errorf("text part is empty, too long or not UTF-8: %w", ErrRejected)
	case m.HTML == "" || len(m.HTML) > maxPart || !utf8.ValidString(m.HTML):
		return fmt.Errorf("HTML part is empty, too long or not UTF-8: %w", ErrRejected)
	case len(m.Headers) > maxHeaders:
		return fmt.Errorf("%d headers: %w", len(m.Headers), ErrRejected)
	case len(m.Tags) > maxTags:
		return fmt.Errorf("%d tags: %w", len(m.Tags), ErrRejected)
	}
	for i, t := range m.Tags {
		if !tag(t.Name) || !tag(t.Value) {
			return fmt.Errorf("tag %d is not one that can be set: %w", i, ErrRejected)
		}
	}
	for i, h := range m.Headers {
		name := textproto.CanonicalMIMEHeaderKey(h.Name)
		if !fieldName(h.Name) || reserved[name] || h.Value == "" || len(h.Value) > maxSubject || !oneLine(h.Value) {
			return fmt.Errorf("header %d is not one to set: %w", i, ErrRejected)
		}
	}
	return nil
}

// Address parses one address and writes its domain in ASCII. The local part must
// be ASCII already: SES does not offer SMTPUTF8. The error is a phrase without the
// address.
func Address(s string) (*mail.Address, error) {
	if !oneLine(s) {
		return nil, errAddress
	}
	a, err := mail.ParseAddress(s)
	if err != nil {
		return nil, errAddress
	}
	i := strings.LastIndexByte(a.Address, '@')
	local, domain := a.Address[:i], a.Address[i+1:]
	if !ascii(local) {
		return nil, errAddress
	}
	if !ascii(domain) {
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return nil, errAddress
		}
	}
	return &mail.Address{Name: Plain(a.Name), Address: local + "@" + domain}, nil
}

// Addr is the bare address of s ("Name <a@example.com>"), its domain in ASCII.
func Addr(s string) (string, error) {
	a, err := Address(s)
	if err != nil {
		return "", err
	}
	return a.Address, nil
}

func oneLine(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func tag(s string) bool {
	for _, r := range s {
		if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= maxTag
}

// fieldName: RFC 5322, section 3.6.8, and no longer than anybody needs.
func fieldName(s string) bool {
	return s != "" && len(s) <= 76 && ascii(s) && !strings.Contains(s, ":")
}

// Named is addr ("ideas@example.com") with a display name, unless it has one or is
// no address.
func Named(name, addr string) string {
	a, err := mail.ParseAddress(addr)
	if err != nil || a.Name != "" || name == "" {
		return addr
	}
	if !oneLine(name) || strings.ContainsAny(name, `"\`) {
		return (&mail.Address{Name: name, Address: a.Address}).String()
	}
	return `"` + name + `" <` + a.Address + `>` // readable in any script; package raw encodes it
}

// Plain folds white space (a folded line of blanks alone would end the header for
// some readers) and breaks up what only looks like an encoded word (RFC 2047):
// what writes the message would pass it on, and a mail program decode it.
func Plain(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "=?", "= ?")
}
