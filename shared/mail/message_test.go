package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/mail"
	"groundswell/shared/mail/raw"
)

func message() mail.Message {
	return mail.Message{ID: "launched/1/2", From: "Groundswell <ideas@example.com>", To: "ann@example.org", Subject: "Launched: tea",
		Text: "Hello\n-- \nbye\n", HTML: "<p>Hello</p>\n", At: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*mail.Message)
		want   error
	}{
		{"good", func(m *mail.Message) {}, nil},
		{"name outside ASCII", func(m *mail.Message) { m.To = "王 <w@example.com>" }, nil},
		{"domain outside ASCII", func(m *mail.Message) { m.To = "w@bücher.example" }, nil},
		{"list header", func(m *mail.Message) { m.Headers = []mail.Header{{"List-Unsubscribe", "<https://x>"}} }, nil},
		{"no id", func(m *mail.Message) { m.ID = "" }, mail.ErrRejected},
		{"no sender", func(m *mail.Message) { m.From = "" }, mail.ErrConfig},
		{"sender with a line break", func(m *mail.Message) { m.From = "a@example.com\r\nBcc: b@example.com" }, mail.ErrConfig},
		{"no recipient", func(m *mail.Message) { m.To = "" }, mail.ErrAddress},
		{"tags", func(m *mail.Message) { m.Tags = []mail.Tag{{"to", "7c4k-x_Z"}} }, nil},
		{"a tag with an address", func(m *mail.Message) { m.Tags = []mail.Tag{{"to", "a@example.com"}} }, mail.ErrRejected},
		{"an empty tag", func(m *mail.Message) { m.Tags = []mail.Tag{{"to", ""}} }, mail.ErrRejected},
		{"a tag with a line break", func(m *mail.Message) { m.Tags = []mail.Tag{{"a\nb", "c"}} }, mail.ErrRejected},
		{"two recipients", func(m *mail.Message) { m.To = "a@example.com, b@example.com" }, mail.ErrRejected},
		{"a group", func(m *mail.Message) { m.To = "g: a@example.com, b@example.com;" }, mail.ErrRejected},
		{"recipient with a line break", func(m *mail.Message) { m.To = "a@example.com\nBcc: b@example.com" }, mail.ErrRejected},
		{"folded recipient", func(m *mail.Message) { m.To = "A\r\n <a@example.com>" }, mail.ErrRejected},
		{"local part outside ASCII", func(m *mail.Message) { m.To = "王@example.com" }, mail.ErrRejected},
		{"no subject", func(m *mail.Message) { m.Subject = "" }, mail.ErrRejected},
		{"subject with a line break", func(m *mail.Message) { m.Subject = "a\r\nBcc: b@example.com" }, mail.ErrRejected},
		{"subject with a bare LF", func(m *mail.Message) { m.Subject = "a\nb" }, mail.ErrRejected},
		{"subject not UTF-8", func(m *mail.Message) { m.Subject = "a\xff" }, mail.ErrRejected},
		{"no text", func(m *mail.Message) { m.Text = "" }, mail.ErrRejected},
		{"no HTML", func(m *mail.Message) { m.HTML = "" }, mail.ErrRejected},
		{"text not UTF-8", func(m *mail.Message) { m.Text = "a\xff" }, mail.ErrRejected},
		{"huge HTML", func(m *mail.Message) { m.HTML = strings.Repeat("x", 2<<20) }, mail.ErrRejected},
		{"header with a line break", func(m *mail.Message) { m.Headers = []mail.Header{{"X-A", "a\r\nBcc: b@example.com"}} }, mail.ErrRejected},
		{"header name with a line break", func(m *mail.Message) { m.Headers = []mail.Header{{"X-A: 1\r\nBcc", "b@example.com"}} }, mail.ErrRejected},
		{"header name with a colon", func(m *mail.Message) { m.Headers = []mail.Header{{"Bcc:", "b@example.com"}} }, mail.ErrRejected},
		{"a second recipient as header", func(m *mail.Message) { m.Headers = []mail.Header{{"bCC", "b@example.com"}} }, mail.ErrRejected},
		{"a header that Message sets", func(m *mail.Message) { m.Headers = []mail.Header{{"subject", "b"}} }, mail.ErrRejected},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := message()
			tc.change(&m)
			err := m.Validate()
			if !errors.Is(err, tc.want) {
				t.Fatalf("Validate: %v, want %v", err, tc.want)
			}
			if _, rerr := raw.Of(m); !errors.Is(rerr, tc.want) {
				t.Errorf("Raw: %v, want %v", rerr, tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "example.com") {
				t.Errorf("the error holds an address: %v", err)
			}
		})
	}
}

// parsed is a raw message as a mail program reads it.
type parsed struct {
	Header netmail.Header
	Parts  []part
}

type part struct{ Type, Body string }

func parse(t *testing.T, raw []byte) parsed {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatalf("read message: %v\n%s", err, raw)
	}
	typ, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || typ != "multipart/alternative" {
		t.Fatalf("content type %q: %v", typ, err)
	}
	p := parsed{Header: m.Header}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		next, err := r.NextRawPart()
		if err == io.EOF {
			return p
		}
		if err != nil {
			t.Fatal(err)
		}
		if enc := next.Header.Get("Content-Transfer-Encoding"); enc != "quoted-printable" {
			t.Errorf("part encoded as %q", enc)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(next))
		if err != nil {
			t.Fatal(err)
		}
		p.Parts = append(p.Parts, part{next.Header.Get("Content-Type"), strings.ReplaceAll(string(b), "\r\n", "\n")})
	}
}

func decode(t *testing.T, s string) string {
	t.Helper()
	d, err := new(mime.WordDecoder).DecodeHeader(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRaw(t *testing.T) {
	t.Parallel()
	m := message()
	m.From, m.To = "“Ideas” 创意 <ideas@example.com>", "wang@bücher.example"
	m.Subject = "创意已上线：" + strings.Repeat("咖啡", 60)
	m.Text, m.HTML = "您好\n=1\n.\nFrom me\n", "<p>"+strings.Repeat("咖啡 ", 500)+"</p>\n"
	m.Headers = []mail.Header{{"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}, {"List-Unsubscribe", "<https://example.com/u?t=" + strings.Repeat("x", 200) + ">"}}
	raw, err := raw.Of(m)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(raw), "\n") {
		if !strings.HasSuffix(line, "\r") && line != "" {
			t.Errorf("line %d does not end in CRLF", i)
		}
		if len(line) > 998 {
			t.Errorf("line %d has %d bytes; RFC 5322 allows 998", i, len(line))
		}
		for j := range len(line) {
			if line[j] >= utf8.RuneSelf {
				t.Fatalf("line %d is not ASCII: %q", i, line)
			}
		}
	}
	p := parse(t, raw)
	h := p.Header
	from, err := (&netmail.AddressParser{WordDecoder: new(mime.WordDecoder)}).Parse(h.Get("From"))
	if err != nil || from.Name != "“Ideas” 创意" || from.Address != "ideas@example.com" {
		t.Errorf("From: %v, %v", from, err)
	}
	got := map[string]string{"To": h.Get("To"), "Subject": decode(t, h.Get("Subject")), "Date": h.Get("Date"), "Mime": h.Get("Mime-Version"),
		"Unsubscribe": h.Get("List-Unsubscribe"), "Post": h.Get("List-Unsubscribe-Post")}
	want := map[string]string{"To": "<wang@xn--bcher-kva.example>", "Subject": m.Subject, "Date": "Mon, 04 May 2026 12:00:00 +0000", "Mime": "1.0",
		"Unsubscribe": m.Headers[1].Value, "Post": m.Headers[0].Value}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if id := h.Get("Message-Id"); !strings.HasSuffix(id, "@example.com>") || len(id) < 30 {
		t.Errorf("Message-ID %q", id)
	}
	if diff := cmp.Diff([]part{{"text/plain; charset=UTF-8", m.Text}, {"text/html; charset=UTF-8", m.HTML}}, p.Parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestMessageIDFollowsFromID(t *testing.T) {
	t.Parallel()
	id := func(m mail.Message) string {
		raw, err := raw.Of(m)
		if err != nil {
			t.Fatal(err)
		}
		return parse(t, raw).Header.Get("Message-Id")
	}
	a, b := message(), message()
	b.Text, b.At = "another", time.Time{}
	c := message()
	c.ID = "launched/1/3"
	if id(a) != id(b) || id(a) == id(c) {
		t.Errorf("ids %s, %s, %s: want equal, equal, other", id(a), id(b), id(c))
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, addr, want string }{
		{"Groundswell", "a@example.com", `"Groundswell" <a@example.com>`},
		{"创意", "a@example.com", `"创意" <a@example.com>`},
		{"Groundswell", "Tea <a@example.com>", "Tea <a@example.com>"},
		{"", "a@example.com", "a@example.com"},
		{"Groundswell", "nonsense", "nonsense"},
		{`A "b" \c`, "a@example.com", `"A \"b\" \\c" <a@example.com>`},
	} {
		got := mail.Named(tc.name, tc.addr)
		if got != tc.want {
			t.Errorf("Named(%q, %q) = %q, want %q", tc.name, tc.addr, got, tc.want)
		}
	}
}

// FuzzRaw looks for a message that passes and yet says something else to whoever
// reads it: another recipient, subject, header or body.
func FuzzRaw(f *testing.F) {
	f.Add("Launched: tea", "Ann", "ann@example.org", "X-Why", "because", "text")
	f.Add("a  b", "=?utf-8?q?a=0D=0AB?=", "a@b.example", "List-Unsubscribe", "<https://x.example>", "=\n.\n")
	f.Add(strings.Repeat("x", 300)+" "+strings.Repeat("咖", 100), "", "a@b.example", "X", " ", "\r\n\r\n--")
	f.Fuzz(func(t *testing.T, subject, name, to, header, value, text string) {
		m := message()
		m.Subject, m.Text, m.Headers = subject, text, []mail.Header{{header, value}}
		m.To = mail.Named(name, to)
		raw, err := raw.Of(m)
		if err != nil {
			return
		}
		p := parse(t, raw)
		if len(p.Parts) != 2 {
			t.Fatalf("%d parts:\n%s", len(p.Parts), raw)
		}
		for _, k := range []string{"Cc", "Bcc", "Sender", "Return-Path"} {
			if len(p.Header[k]) > 0 {
				t.Errorf("header %s: %q", k, p.Header[k])
			}
		}
		n := 0
		for _, v := range p.Header {
			n += len(v)
		}
		if n != 8 { // Date, Message-Id, Mime-Version, Subject, From, To, Content-Type and ours
			t.Errorf("%d headers:\n%s", n, raw)
		}
		want, _ := mail.Addr(m.To)
		list, err := (&netmail.AddressParser{WordDecoder: new(mime.WordDecoder)}).ParseList(p.Header.Get("To"))
		if err != nil || len(list) != 1 || list[0].Address != want {
			t.Errorf("To %q: %v, %v; want %q", p.Header.Get("To"), list, err, want)
		}
		fold := func(s string) string { return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "= ?", "=?") }
		if got := fold(decode(t, p.Header.Get("Subject"))); got != fold(subject) {
			t.Errorf("subject %q, want %q", got, subject)
		}
	})
}
