package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type errorView struct {
	base
	Status    int
	Heading   string
	Text      string
	Reasons   []string
	Target    string // the idea to look at instead
	Back      string // the same page once more
	Wait      string // how long until it is worth a new try
	Search    bool   // what was looked for may be found
	RequestID string // of what is ours to look into
	Typed     []typedText
	SignedOut bool // that is all that is wrong
}

// lastResort is what readers see if templates or messages fail, in all languages:
// the program's own text, for which nothing has to work.
const lastResort = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Something went wrong · 出错了</title></head>` +
	`<body><main><h1>Something went wrong</h1><p>It is our mistake, and it has been noted. Try again in a while.</p><p><a href="/">All ideas</a></p>` +
	`<section lang="zh"><h1>出错了</h1><p>这是我们的问题，已经记录下来。请稍后再试。</p><p><a href="/">所有点子</a></p></section></main></body></html>`

// simple lets the page be cast from its mould, which the first error of its kind
// leaves behind: later ones run no template, and none needs the store.
func (v errorView) simple() bool { return len(v.Reasons) == 0 && len(v.Typed) == 0 && !v.SignedOut }

func (v errorView) marked(s *slots) any {
	s.word(strconv.Itoa(v.Status))
	s.flag(v.Search)
	v.Heading, v.Text, v.Target, v.Back, v.Wait, v.RequestID = s.of(v.Heading), s.of(v.Text), s.of(v.Target), s.of(v.Back), s.of(v.Wait), s.of(v.RequestID)
	return v
}

// errorPage shows a failure to people. Nothing of it is internal: see failure.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, f failure) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	typed := s.typedOf(w, r, f)
	next := s.cameFrom(r)
	if reading {
		next = local(r.URL.RequestURI())
	}
	if f.Kind == portal.Unauthenticated && len(typed) == 0 {
		http.Redirect(w, r, "/sign-in?"+url.Values{"next": {next}}.Encode(), http.StatusSeeOther)
		return
	}
	p := s.printer(r)
	b := s.base(r, "", "/")
	page := errorView{base: b, Status: f.Status, Heading: errorHeading(p, f.Status), Text: errorText(p, f.Code, f.Detail), Typed: typed,
		SignedOut: f.Kind == portal.Unauthenticated}
	page.SignIn = "/sign-in?" + url.Values{"next": {next}}.Encode()
	page.Title = page.Heading
	for _, e := range f.Fields {
		if text := fieldText(p, e); text != page.Text {
			page.Reasons = append(page.Reasons, fieldLabel(p, e.Name)+": "+text)
		}
	}
	switch f.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		page.Search = true
	case http.StatusTooManyRequests:
		page.Wait = waitText(p, f.RetryAfter)
	}
	if f.Target != "" {
		page.Target = "/ideas/" + f.Target
	}
	if f.Status >= http.StatusInternalServerError {
		page.RequestID = requestID(r)
		if reading {
			page.Back = local(r.URL.RequestURI())
		}
	}
	if err := s.render(w, f.Status, "error", page); err != nil {
		// Even this page can't be made: one that was made before anything ran.
		s.Log.LogAttrs(r.Context(), slog.LevelError, "error_page_failed", slog.String("request_id", requestID(r)), slog.String("error", err.Error()))
		h := w.Header()
		h["Content-Type"], h["Cache-Control"] = htmlType, noStore
		h.Set("Content-Length", strconv.Itoa(len(lastResort)))
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, lastResort) // the only error is a reader who has gone
	}
}

// waitText is how long to wait, in minutes where it is more than one.
func waitText(p *i18n.Printer, d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d <= time.Minute:
		return p.N("error.wait_seconds", seconds(d))
	case d > 2*time.Hour:
		return p.N("error.wait_hours", int((d+time.Hour-1)/time.Hour))
	}
	return p.N("error.wait_minutes", int((d+time.Minute-1)/time.Minute))
}

func errorHeading(p *i18n.Printer, status int) string {
	if id := "error_heading." + strconv.Itoa(status); p.Has(id) {
		return p.T(id)
	}
	return p.T("error_heading.500")
}
