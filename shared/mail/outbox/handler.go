package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "embed"

	"groundswell/frontend"
	"groundswell/shared/mail"
	"groundswell/shared/mail/raw"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Path is where Handler's pages are: Path itself, Path + ".json" and all below Path.
const Path = "/_local/mail"

// shown is how many mails a page or a JSON list has, the newest first, unless
// ?limit= says otherwise; ?after= continues a list.
const (
	shown = 100
	most  = 500
)

//go:embed page.html
var pageHTML string

//go:embed outbox.css
var outboxCSS string

var pages = template.Must(template.New("page").Funcs(template.FuncMap{"asset": frontend.Asset, "frames": newFrames}).Parse(pageHTML))

// Policies. The pages run nothing and frame nothing but the mails. A mail is what
// somebody wrote who is no part of the portal, so it may run, load and send nothing:
// sandbox without allow-same-origin gives it an origin that is nobody's.
const (
	pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	mailPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
	dataPolicy = "default-src 'none'"
)

// Options says what Handler shows.
type Options struct {
	Store   *store.Store
	Log     *slog.Logger
	Name    string                   // the portal's
	Samples func() ([]Sample, error) // for the gallery of all mails; nil = there is none

	// Happen pretends that something happened to a mail: that it arrived, came back,
	// or was called spam. nil = there are no buttons for it.
	Happen   func(ctx context.Context, m store.OutboxMail, what store.OutcomeKind) error
	Happened []store.OutcomeKind // what Happen knows
}

// Sample is a mail that was made to be looked at.
type Sample struct {
	Kind, Case, Locale string // "launched", "one vote", "en"
	Mail               mail.Message
}

// Handler serves the outbox: the list, each mail (how it looks on a phone and at a
// desk, its text part, its headers), the same as JSON, and the gallery of samples.
func Handler(o Options) http.Handler {
	h := &handler{o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, h.list)
	mux.HandleFunc("GET "+Path+".json", h.json)
	mux.HandleFunc("GET "+Path+"/outbox.css", h.css)
	mux.HandleFunc("GET "+Path+"/preview", h.gallery)
	mux.HandleFunc("GET "+Path+"/preview/{n}/html", h.sample)
	mux.HandleFunc("GET "+Path+"/{key}", h.mail)
	mux.HandleFunc("GET "+Path+"/{key}/html", h.html)
	mux.Handle("POST "+Path+"/{key}/happen", http.NewCrossOriginProtection().Handler(http.HandlerFunc(h.happen)))
	mux.HandleFunc("GET "+Path+"/{key}/message.eml", h.eml)
	return mux
}

type handler struct{ o Options }

// entry is a mail in the JSON list.
type entry struct {
	ID      string            `json:"id"` // of the page with the mail
	From    string            `json:"from"`
	To      string            `json:"to"`
	Subject string            `json:"subject"`
	Text    string            `json:"text"`
	HTML    string            `json:"html"`
	Headers map[string]string `json:"headers"`
	At      time.Time         `json:"at"`
}

func (h *handler) read(w http.ResponseWriter, r *http.Request) (mails []store.OutboxMail, next string, ok bool) {
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 {
		limit = shown
	}
	mails, next, err = h.o.Store.Outbox(r.Context(), r.FormValue("after"), min(limit, most))
	if err != nil {
		h.fail(w, r, err)
	}
	return mails, next, err == nil
}

func (h *handler) json(w http.ResponseWriter, r *http.Request) {
	mails, next, ok := h.read(w, r)
	if !ok {
		return
	}
	out := make([]entry, len(mails))
	for i, m := range mails {
		out[i] = entry{ID: m.Key, From: m.From, To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML, Headers: map[string]string{}, At: m.At}
		for _, f := range m.Headers {
			out[i].Headers[f[0]] = f[1]
		}
	}
	if next != "" {
		w.Header().Set("Link", "<"+Path+".json?after="+next+`>; rel="next"`)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		h.fail(w, r, err)
		return
	}
	write(w, "application/json", dataPolicy, b.Bytes())
}

// one reads the mail that the address names.
func (h *handler) one(w http.ResponseWriter, r *http.Request) (store.OutboxMail, bool) {
	m, err := h.o.Store.OutboxMail(r.Context(), r.PathValue("key"))
	if err != nil {
		h.fail(w, r, err)
	}
	return m, err == nil
}

// happen pretends that something happened to the mail, and shows the mail again.
func (h *handler) happen(w http.ResponseWriter, r *http.Request) {
	m, ok := h.one(w, r)
	if !ok {
		return
	}
	what := store.OutcomeKind(r.PostFormValue("what"))
	if h.o.Happen == nil || !slices.Contains(h.o.Happened, what) {
		http.Error(w, "That can't be made to happen.", http.StatusUnprocessableEntity)
		return
	}
	if err := h.o.Happen(r.Context(), m, what); err != nil {
		h.fail(w, r, err)
		return
	}
	http.Redirect(w, r, Path+"/"+url.PathEscape(m.Key)+"?happened="+url.QueryEscape(string(what)), http.StatusSeeOther)
}

// html serves a mail's HTML part as a page of its own.
func (h *handler) html(w http.ResponseWriter, r *http.Request) {
	if m, ok := h.one(w, r); ok {
		write(w, "text/html; charset=utf-8", mailPolicy, framed(m.HTML))
	}
}

// framed makes links open in a new tab, as mail programs do.
func framed(html string) []byte {
	return []byte(strings.Replace(html, "<head>", `<head><base target="_blank">`, 1))
}

// eml serves the mail as it would have gone out, for real mail programs.
func (h *handler) eml(w http.ResponseWriter, r *http.Request) {
	m, ok := h.one(w, r)
	if !ok {
		return
	}
	raw, err := raw.Of(message(m))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="message.eml"`)
	write(w, "message/rfc822", dataPolicy, raw)
}

// message is the mail that the row was made of.
func message(m store.OutboxMail) mail.Message {
	out := mail.Message{ID: m.ID, From: m.From, To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML, At: m.At}
	for _, f := range m.Headers {
		out.Headers = append(out.Headers, mail.Header{Name: f[0], Value: f[1]})
	}
	return out
}

func (h *handler) css(w http.ResponseWriter, _ *http.Request) {
	write(w, "text/css; charset=utf-8", dataPolicy, []byte(outboxCSS))
}

func write(w http.ResponseWriter, contentType, policy string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(body) // the only error is a reader who has gone
}

func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch portal.KindOf(err) {
	case portal.NotFound:
		http.Error(w, "There is no such mail.", http.StatusNotFound)
	case portal.BadRequest:
		http.Error(w, "The page's address is not one of ours.", http.StatusBadRequest)
	default:
		h.o.Log.ErrorContext(r.Context(), "outbox_failed", "error", err)
		http.Error(w, "The outbox can't be read.", http.StatusInternalServerError)
	}
}
