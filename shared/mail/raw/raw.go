// Package raw writes a mail.Message in Internet format. It is apart from the message
// because of the library that it needs: functions that write mails but send none
// should not have to fetch it when they start.
//
// Start with [Of].
package raw

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"groundswell/shared/mail"
)

// Of is the message in Internet format (RFC 5322): multipart/alternative, the text
// first and the HTML after it, UTF-8, quoted-printable. Message-ID follows from ID
// and the sender's domain; SES overwrites it, as it does Date.
func Of(m mail.Message) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	from, _ := mail.Address(m.From)
	to, _ := mail.Address(m.To)
	g := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	g.FromMailAddress(from)
	g.ToMailAddress(to)
	g.Subject(mail.Plain(m.Subject))
	date := m.At
	if date.IsZero() {
		date = time.Now()
	}
	g.SetDateWithValue(date.UTC())
	id := sha256.Sum256([]byte(m.ID))
	_, domain, _ := strings.Cut(from.Address, "@")
	g.SetMessageIDWithValue(hex.EncodeToString(id[:16]) + "@" + domain)
	for _, h := range m.Headers {
		// The library sorts the fields by name, which nothing forbids.
		g.SetGenHeader(gomail.Header(textproto.CanonicalMIMEHeaderKey(h.Name)), mail.Plain(h.Value))
	}
	g.SetBodyString(gomail.TypeTextPlain, m.Text)
	g.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	return b.Bytes(), nil
}
