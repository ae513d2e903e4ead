package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Raw is the message in Internet format (RFC 5322): multipart/alternative, the text
// first and the HTML after it, UTF-8, quoted-printable. Message-ID follows from ID
// and the sender's domain; SES overwrites it, as it does Date.
func (m Message) Raw() ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	from, _ := address(m.From)
	to, _ := address(m.To)
	g := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	g.FromMailAddress(from)
	g.ToMailAddress(to)
	g.Subject(plain(m.Subject))
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
		g.SetGenHeader(gomail.Header(textproto.CanonicalMIMEHeaderKey(h.Name)), plain(h.Value))
	}
	g.SetBodyString(gomail.TypeTextPlain, m.Text)
	g.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	return b.Bytes(), nil
}

// plain folds white space (a folded line of blanks alone would end the header for
// some readers) and breaks up what only looks like an encoded word (RFC 2047):
// the library would pass it on, and a mail program decode it.
func plain(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "=?", "= ?")
}
