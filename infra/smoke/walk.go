package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// walk is one way through a portal.
type walk struct {
	base, host                   string
	tls                          bool // the portal is spoken to over TLS, so its cookies and headers say
	email, codeFrom, codeCommand string
	limit                        time.Duration
	in                           io.Reader
	out                          io.Writer

	cookies       map[string]string
	steps, failed int
}

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(into any) error {
	if err := json.Unmarshal([]byte(a.body), into); err != nil {
		return fmt.Errorf("an answer that is no JSON: %w", err)
	}
	return nil
}

// step does one step and writes its line. It returns whether the walk can go on.
func (w *walk) step(name string, f func() error) bool {
	w.steps++
	begun := time.Now()
	err := f()
	took := time.Since(begun).Round(time.Millisecond)
	if err != nil {
		w.failed++
		fmt.Fprintf(w.out, "FAILED  %s (%v): %v\n", name, took, err)
		return false
	}
	fmt.Fprintf(w.out, "ok      %s (%v)\n", name, took)
	return true
}

// note says what is no step.
func (w *walk) note(text string, args ...any) { fmt.Fprintf(w.out, "note    "+text+"\n", args...) }

// call sends a request with the cookies so far; a body is JSON.
func (w *walk) call(ctx context.Context, method, path, body string, header ...string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, w.base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if w.host != "" {
		r.Host = w.host
	}
	r.Header.Set("User-Agent", "groundswell-smoke")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	var jar []string
	for k, v := range w.cookies { // by hand: they are Secure, and the way here may not be
		jar = append(jar, k+"="+v)
	}
	if jar != nil {
		r.Header.Set("Cookie", strings.Join(jar, "; "))
	}
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return answer{}, err
	}
	for _, c := range res.Cookies() {
		if !c.HttpOnly || w.tls && (!c.Secure || !strings.HasPrefix(c.Name, "__Host-")) {
			return answer{}, fmt.Errorf("the cookie %s is not HttpOnly, Secure and bound to its host", c.Name)
		}
		if w.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(w.cookies, c.Name)
		}
	}
	return answer{res.StatusCode, res.Header, string(b)}, nil
}

// want is call with the status that the answer must have and a text that must be in
// it. What is wrong is told without the body: it may be somebody's.
func (w *walk) want(ctx context.Context, status int, holds, method, path, body string, header ...string) (answer, error) {
	a, err := w.call(ctx, method, path, body, header...)
	switch {
	case err != nil:
		return a, err
	case a.status != status:
		return a, fmt.Errorf("%s %s: %d, want %d (request %s)", method, path, a.status, status, a.header.Get("X-Request-Id"))
	case !strings.Contains(a.body, holds):
		return a, fmt.Errorf("%s %s: the answer lacks %q (request %s)", method, path, holds, a.header.Get("X-Request-Id"))
	}
	return a, nil
}
