package outbox

import (
	"bytes"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	_ "embed"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Path is where Handler's pages are: Path itself, Path + ".json" and Path + "/{key}".
const Path = "/_local/mail"

// shown is how many mails a page or a JSON list has, the newest first, unless
// ?limit= says otherwise; ?after= continues a list.
const (
	shown = 100
	most  = 500
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// Handler serves the outbox: a page with the text parts, the same as JSON, and each
// mail's HTML part on its own, sandboxed.
func Handler(s *store.Store, log *slog.Logger) http.Handler {
	h := &handler{store: s, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, h.page)
	mux.HandleFunc("GET "+Path+".json", h.json)
	mux.HandleFunc("GET "+Path+"/{key}", h.html)
	return mux
}

type handler struct {
	store *store.Store
	log   *slog.Logger
}

// entry is a mail in the JSON list.
type entry struct {
	ID      string            `json:"id"` // of the page with the HTML part
	From    string            `json:"from"`
	To      string            `json:"to"`
	Subject string            `json:"subject"`
	Text    string            `json:"text"`
	HTML    string            `json:"html"`
	Headers map[string]string `json:"headers"`
	At      time.Time         `json:"at"`
}

func (h *handler) list(w http.ResponseWriter, r *http.Request) (mails []store.OutboxMail, next string, ok bool) {
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 {
		limit = shown
	}
	mails, next, err = h.store.Outbox(r.Context(), r.FormValue("after"), min(limit, most))
	if err != nil {
		h.fail(w, r, err)
	}
	return mails, next, err == nil
}

func (h *handler) json(w http.ResponseWriter, r *http.Request) {
	mails, next, ok := h.list(w, r)
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
	write(w, "application/json", "default-src 'none'", &b)
}

func (h *handler) page(w http.ResponseWriter, r *http.Request) {
	mails, next, ok := h.list(w, r)
	if !ok {
		return
	}
	var b bytes.Buffer
	if err := page.Execute(&b, struct {
		Path, Next string
		Mails      []store.OutboxMail
	}{Path, next, mails}); err != nil {
		h.fail(w, r, err)
		return
	}
	// The page has no script and no style; the policy keeps it so.
	write(w, "text/html; charset=utf-8", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", &b)
}

// html serves a mail's HTML part as a page of its own. It is what somebody wrote
// who is no part of the portal, so it may run, load and send nothing: sandbox
// without allow-same-origin gives it an origin that is nobody's. Links open in a
// new tab, as in a mail program.
func (h *handler) html(w http.ResponseWriter, r *http.Request) {
	m, err := h.store.OutboxMail(r.Context(), r.PathValue("key"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	write(w, "text/html; charset=utf-8",
		"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
		bytes.NewBufferString(m.HTML))
}

func write(w http.ResponseWriter, contentType, policy string, b *bytes.Buffer) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.Write(b.Bytes())
}

func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch portal.KindOf(err) {
	case portal.NotFound:
		http.Error(w, "There is no such mail.", http.StatusNotFound)
	case portal.BadRequest:
		http.Error(w, "The page's address is not one of ours.", http.StatusBadRequest)
	default:
		h.log.ErrorContext(r.Context(), "outbox_failed", "error", err)
		http.Error(w, "The outbox can't be read.", http.StatusInternalServerError)
	}
}
