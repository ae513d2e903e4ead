package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"groundswell/frontend"
	"groundswell/shared/i18n"
)

// The service worker (frontend/static/sw.js) shows a page of ours where the browser
// would say that there is no network. It keeps that page, in all languages, and what
// the page is made with; nothing else, so nothing of a member is ever kept.

type offlinePage struct{ base }

// offlinePage is the page that the worker keeps. Its address says the language, so
// that the worker can keep all of them.
func (s *Server) offlinePage(w http.ResponseWriter, r *http.Request) error {
	r = r.WithContext(r.Context())
	r.Header = http.Header{"Accept-Language": {i18n.Match(r.PathValue("lang"))}} // a visitor who has chosen nothing else
	b := s.base(r, "", "/")
	b.Title = s.printer(r).T("offline.heading")
	w.Header().Set("Cache-Control", "no-cache")
	return s.render(w, http.StatusOK, "offline", offlinePage{b})
}

// workerFile is the worker's script: what this build wants kept, then the script.
func (s *Server) workerFile(w http.ResponseWriter, _ *http.Request) error {
	brand := s.Pages.brandView()
	files := []string{frontend.Asset("app.css"), frontend.Asset("app.js"), frontend.Asset("icon.svg")}
	for _, f := range []string{brand.Style, brand.Icon} {
		if f != "" {
			files = append(files, f)
		}
	}
	pages := map[string]string{}
	for _, l := range s.Portal.Locales {
		pages[l] = "/offline/" + l
	}
	kept, err := json.Marshal(struct {
		Build string            `json:"build"` // another one makes browsers fetch all of it anew
		Pages map[string]string `json:"pages"` // by language
		Files []string          `json:"files"`
	}{frontend.Build() + brand.hash, pages, files})
	if err != nil {
		return err
	}
	script, err := frontend.Files.ReadFile("static/sw.js")
	if err != nil {
		return err
	}
	body := append([]byte("const kept = "), kept...)
	body = append(append(body, ";\n"...), script...)
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the only error is a reader who has gone
	return nil
}
