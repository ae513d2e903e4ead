package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

var asset = regexp.MustCompile(`/static/[A-Za-z0-9._-]+\.(?:css|js)`)

// visitor looks at what everybody may see.
func (w *walk) visitor(ctx context.Context) {
	var home answer
	w.step("the home page", func() (err error) {
		home, err = w.want(ctx, http.StatusOK, "</html>", http.MethodGet, "/", "")
		return err
	})
	w.step("its security headers", func() error { return w.secure(home.header) })
	w.step("its assets, kept for ever", func() error {
		paths := asset.FindAllString(home.body, -1)
		if len(paths) == 0 {
			return errors.New("the page names none")
		}
		for _, p := range paths {
			a, err := w.want(ctx, http.StatusOK, "", http.MethodGet, p, "")
			if err != nil {
				return err
			}
			if c := a.header.Get("Cache-Control"); !strings.Contains(c, "immutable") {
				return fmt.Errorf("%s: Cache-Control %q", p, c)
			}
		}
		return nil
	})
	for _, p := range []struct{ name, path, holds string }{
		{"the newest ideas", "/?sort=new", "</html>"},
		{"Ideas in Action", "/in-action", "</html>"},
		{"the roadmap", "/roadmap", "</html>"},
		{"the sign-in page", "/sign-in", `type="email"`},
		{"robots.txt", "/robots.txt", "User-agent"},
		{"the API's description", "/api/v1/openapi.json", `"3.1`},
		{"the API's categories", "/api/v1/categories", `"categories"`},
		{"the API's statuses", "/api/v1/statuses", `"launched"`},
		{"the API's list of ideas", "/api/v1/ideas?sort=trending&limit=5", `"ideas"`},
	} {
		w.step(p.name, func() error {
			_, err := w.want(ctx, http.StatusOK, p.holds, http.MethodGet, p.path, "")
			return err
		})
	}
	w.step("a page that there is none of", func() error {
		_, err := w.want(ctx, http.StatusNotFound, "</html>", http.MethodGet, "/nowhere-at-all", "")
		return err
	})
	w.step("a visitor can't submit", func() error {
		a, err := w.want(ctx, http.StatusUnauthorized, "problem", http.MethodPost, "/api/v1/ideas", `{"title":"x"}`)
		if err == nil && a.header.Get("Content-Type") != "application/problem+json" {
			err = fmt.Errorf("the refusal is of type %q", a.header.Get("Content-Type"))
		}
		return err
	})
	w.step("another site can't make a browser post", func() error {
		_, err := w.want(ctx, http.StatusForbidden, "", http.MethodPost, "/api/v1/sign-out", "{}", "Sec-Fetch-Site", "cross-site")
		return err
	})
}

// secure checks what every page's answer says to browsers.
func (w *walk) secure(h http.Header) error {
	want := map[string]string{"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin"}
	if w.tls {
		want["Strict-Transport-Security"] = "max-age="
	}
	for name, part := range want {
		if !strings.Contains(h.Get(name), part) {
			return fmt.Errorf("%s is %q, want one with %q", name, h.Get(name), part)
		}
	}
	if h.Get("Cache-Control") == "" {
		return errors.New("no Cache-Control: caches would guess")
	}
	if csp := h.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe-inline") {
		return fmt.Errorf("the policy allows inline scripts: %s", csp)
	}
	return nil
}
