package web

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"groundswell/shared/portal"
)

// internalText is all that a reader hears of an error of ours.
const internalText = "Something went wrong on our side. Please try again."

// refusal is an error of HTTP itself, which the portal knows nothing about.
type refusal struct {
	status int
	code   string
	msg    string // fixed text, for the user
	fields []portal.FieldError
}

func (e *refusal) Error() string { return e.msg }

// badRequest refuses a request that can't be understood: because of one field, or
// with "" as a whole.
func badRequest(field, code, msg string) error {
	e := &portal.Error{Kind: portal.BadRequest, Code: code, Msg: msg}
	if field != "" {
		e.Fields = []portal.FieldError{{Name: field, Code: code, Msg: msg}}
	}
	return e
}

// failure is an error on its way to the reader: nothing in it is internal.
type failure struct {
	Status     int
	Kind       portal.Kind // Internal for what is no *portal.Error
	Code       string
	Detail     string
	Fields     []portal.FieldError
	Target     string // the idea to look at instead, or ""
	RetryAfter time.Duration
}

// fail is where all errors end: it answers and, for ours, logs. What the reader
// is told never depends on the text of an unknown error.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := failureOf(r, err)
	c := callOf(r)
	if f.Status >= http.StatusInternalServerError {
		level := slog.LevelError
		if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
			level = slog.LevelInfo // the reader has gone
		}
		s.Log.LogAttrs(context.WithoutCancel(r.Context()), level, "request_failed",
			slog.String("route", r.Pattern), slog.String("request_id", c.id), slog.String("trace_id", c.trace), slog.String("error", err.Error()))
	}
	if c.status != 0 {
		return // part of an answer is out already
	}
	s.answer(w, r, f)
}

// answer sends the failure as a problem, or as a page where people look.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, f failure) {
	if f.Status >= http.StatusInternalServerError {
		f.Kind, f.Code, f.Detail, f.Fields = portal.Internal, "internal", internalText, nil
	}
	h := w.Header()
	h["Cache-Control"] = noStore
	h.Del("ETag")
	if f.Status == http.StatusUnauthorized {
		h["Www-Authenticate"] = challenge
	}
	retryAfter(w, f.RetryAfter)
	if s.Pages != nil && !strings.HasPrefix(r.URL.Path, "/api/") {
		s.errorPage(w, r, f)
		return
	}
	_ = send(w, f.Status, problemType, problemOf(f, callOf(r).id)) // strings and numbers always encode
}

// retryAfter says when it is worth a new try, in whole seconds (RFC 9110, 10.2.3).
func retryAfter(w http.ResponseWriter, d time.Duration) {
	if d > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(d.Seconds()))))
	}
}

// challenge is what RFC 9110, 15.5.2, wants with a 401. No scheme is registered
// for cookies; browsers ignore one that they don't know.
var challenge = []string{`Cookie realm="portal"`}

func failureOf(r *http.Request, err error) failure {
	var ref *refusal
	if errors.As(err, &ref) {
		return failure{Status: ref.status, Kind: portal.BadRequest, Code: ref.code, Detail: ref.msg, Fields: ref.fields}
	}
	var e *portal.Error
	if !errors.As(err, &e) {
		return failure{Status: http.StatusInternalServerError}
	}
	f := failure{Status: status(e.Kind), Kind: e.Kind, Code: e.Code, Detail: e.Msg, Fields: e.Fields, Target: e.Target, RetryAfter: e.RetryAfter}
	if e.Kind == portal.Stale {
		if r.Header.Get("If-Match") == "" {
			// Nobody stated a precondition: two writers met, and this one lost.
			f.Status = http.StatusConflict
		} else if len(f.Fields) == 0 {
			f.Fields = []portal.FieldError{{Name: "If-Match", Code: e.Code, Msg: "Not the current version."}}
		}
	}
	return f
}

func status(k portal.Kind) int {
	switch k {
	case portal.Invalid:
		return http.StatusUnprocessableEntity
	case portal.BadRequest:
		return http.StatusBadRequest
	case portal.Unauthenticated:
		return http.StatusUnauthorized
	case portal.Forbidden:
		return http.StatusForbidden
	case portal.NotFound:
		return http.StatusNotFound
	case portal.Conflict:
		return http.StatusConflict
	case portal.Stale:
		return http.StatusPreconditionFailed
	case portal.TooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// problem is the JSON of a failure: RFC 9457, with the fields, the request id and
// the idea to go to as extensions.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Fields    []problemField `json:"fields,omitempty"`
	Target    string         `json:"target,omitempty"`
	RequestID string         `json:"request_id"`
}

type problemField struct {
	Name   string `json:"name"`
	Code   string `json:"code"`
	Limit  int    `json:"limit,omitempty"`
	Detail string `json:"detail"`
}

// problemTypes start every problem's type; the code of the error follows.
const problemTypes = "urn:groundswell:problem:"

func problemOf(f failure, requestID string) problem {
	p := problem{Type: problemTypes + f.Code, Title: http.StatusText(f.Status), Status: f.Status, Detail: f.Detail, Target: f.Target, RequestID: requestID}
	for _, e := range f.Fields {
		p.Fields = append(p.Fields, problemField{Name: e.Name, Code: e.Code, Limit: e.Limit, Detail: e.Msg})
	}
	return p
}
