package outbox

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"groundswell/shared/mail/raw"
	"groundswell/shared/store"
)

// page is what page.html shows: the list with one mail beside it, or the gallery.
type page struct {
	Name, Path string
	Title      string
	Parts      []choice // of the mail
	Looks      []choice // of the frames
	Languages  []choice // of the gallery
	Look       string

	Mails  []row
	Next   string // the address of older mails
	Chosen bool   // the reader asked for this mail; on a phone the list then makes room
	Mail   *view

	Gallery bool // the reader is in the gallery
	Has     bool // there is one
	Samples []view
}

// choice is one of several links of which one is current.
type choice struct {
	Name, URL string
	Current   bool
}

// row is a mail in the list.
type row struct {
	store.OutboxMail
	URL     string
	Current bool
}

// view is a mail, whole.
type view struct {
	Anchor, Heading   string
	Subject, From, To string
	At                time.Time
	HTML              string // the address of the HTML part
	EML               string
	Part              string // "html", "text" or "headers"
	Text, Headers     string
	Happen            string // the address that makes things happen to it; "" = none
	Events            []event
	Happened          string // just now
}

// event is a button that makes something happen to a mail.
type event struct {
	What store.OutcomeKind
	Name string
}

var eventNames = map[store.OutcomeKind]string{store.Delivered: "It arrived", store.SoftBounce: "Mailbox full", store.Bounced: "No such address", store.Complained: "Called spam"}

// frames show a mail in two widths.
type frames struct{ HTML, Look, Of string }

func newFrames(html, look, of string) frames { return frames{html, look, of} }

// The values of ?part= and ?look=, the usual one first.
var (
	parts = []string{"html", "text", "headers"}
	looks = []string{"system", "light", "dark"}
	names = map[string]string{"html": "HTML", "text": "Text", "headers": "Headers", "system": "As this browser", "light": "Light", "dark": "Dark"}
)

// chosen is the value of a parameter, if it is one of those there are.
func chosen(r *http.Request, param string, values []string) string {
	if v := r.FormValue(param); slices.Contains(values, v) {
		return v
	}
	return values[0]
}

// choices are links to the same page with another value of the parameter.
func choices(r *http.Request, path, param string, values []string) (out []choice) {
	current := chosen(r, param, values)
	for i, v := range values {
		q := r.URL.Query()
		q.Del(param)
		if i > 0 {
			q.Set(param, v)
		}
		c := choice{Name: names[v], URL: path, Current: v == current}
		if c.Name == "" {
			c.Name = v
		}
		if len(q) > 0 {
			c.URL += "?" + q.Encode()
		}
		out = append(out, c)
	}
	return out
}

// list shows the mails, and the newest of them where there is room for it.
func (h *handler) list(w http.ResponseWriter, r *http.Request) {
	mails, next, ok := h.read(w, r)
	if !ok {
		return
	}
	p := h.page(r, "Outbox", mails)
	if next != "" {
		p.Next = Path + "?" + url.Values{"after": {next}}.Encode()
	}
	if len(mails) > 0 {
		h.open(r, &p, mails[0])
	}
	h.render(w, r, p)
}

// mail shows one mail beside the newest ones.
func (h *handler) mail(w http.ResponseWriter, r *http.Request) {
	m, ok := h.one(w, r)
	if !ok {
		return
	}
	mails, next, ok := h.read(w, r)
	if !ok {
		return
	}
	p := h.page(r, m.Subject, mails)
	if next != "" {
		p.Next = Path + "?" + url.Values{"after": {next}}.Encode()
	}
	p.Chosen = true
	h.open(r, &p, m)
	h.render(w, r, p)
}

func (h *handler) page(r *http.Request, title string, mails []store.OutboxMail) page {
	p := page{Name: h.o.Name, Path: Path, Title: title, Look: chosen(r, "look", looks), Has: h.o.Samples != nil}
	for _, m := range mails {
		p.Mails = append(p.Mails, row{OutboxMail: m, URL: Path + "/" + url.PathEscape(m.Key)})
	}
	return p
}

// open puts the mail on the page.
func (h *handler) open(r *http.Request, p *page, m store.OutboxMail) {
	here := Path + "/" + url.PathEscape(m.Key)
	for i := range p.Mails {
		p.Mails[i].Current = p.Mails[i].Key == m.Key
	}
	p.Parts, p.Looks = choices(r, here, "part", parts), choices(r, here, "look", looks)
	p.Mail = &view{Heading: m.Subject, Subject: m.Subject, From: m.From, To: m.To, At: m.At, Text: m.Text,
		HTML: here + "/html", EML: here + "/message.eml", Part: chosen(r, "part", parts)}
	if h.o.Happen != nil {
		p.Mail.Happen = here + "/happen"
		for _, k := range h.o.Happened {
			p.Mail.Events = append(p.Mail.Events, event{k, eventNames[k]})
		}
		p.Mail.Happened = eventNames[store.OutcomeKind(r.FormValue("happened"))]
	}
	if p.Mail.Part == "headers" {
		raw, err := raw.Of(message(m))
		if err != nil {
			p.Mail.Headers = "This mail could not have been sent: " + err.Error()
			return
		}
		head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
		p.Mail.Headers = strings.ReplaceAll(head, "\r\n", "\n")
	}
}

// gallery shows every mail there can be, in one language at a time.
func (h *handler) gallery(w http.ResponseWriter, r *http.Request) {
	samples, ok := h.samples(w, r)
	if !ok {
		return
	}
	var languages []string
	for _, s := range samples {
		if !slices.Contains(languages, s.Locale) {
			languages = append(languages, s.Locale)
		}
	}
	p := h.page(r, "All mails", nil)
	p.Gallery = true
	here := Path + "/preview"
	p.Looks = choices(r, here, "look", looks)
	if len(languages) > 0 {
		p.Languages = choices(r, here, "language", languages)
	}
	for n, s := range samples {
		if s.Locale == chosen(r, "language", languages) {
			p.Samples = append(p.Samples, view{Anchor: "mail-" + strconv.Itoa(n), Heading: strings.ReplaceAll(s.Kind, "_", " ") + ": " + s.Case,
				Subject: s.Mail.Subject, From: s.Mail.From, To: s.Mail.To, Text: s.Mail.Text, HTML: here + "/" + strconv.Itoa(n) + "/html"})
		}
	}
	h.render(w, r, p)
}

// sample serves the HTML part of a sample.
func (h *handler) sample(w http.ResponseWriter, r *http.Request) {
	samples, ok := h.samples(w, r)
	if !ok {
		return
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(samples) {
		http.Error(w, "There is no such mail.", http.StatusNotFound)
		return
	}
	write(w, "text/html; charset=utf-8", mailPolicy, framed(samples[n].Mail.HTML))
}

func (h *handler) samples(w http.ResponseWriter, r *http.Request) ([]Sample, bool) {
	if h.o.Samples == nil {
		http.Error(w, "There are no samples.", http.StatusNotFound)
		return nil, false
	}
	samples, err := h.o.Samples()
	if err != nil {
		h.fail(w, r, err)
		return nil, false
	}
	return samples, true
}

func (h *handler) render(w http.ResponseWriter, r *http.Request, p page) {
	var b bytes.Buffer
	if err := pages.Execute(&b, p); err != nil {
		h.fail(w, r, err)
		return
	}
	write(w, "text/html; charset=utf-8", pagePolicy, b.Bytes())
}
