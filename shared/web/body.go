package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"sync"
	"unicode/utf8"

	"groundswell/shared/portal"
)

// maxBody is the largest request body in bytes: the longest idea (32,000
// characters of up to 4 bytes) with every character escaped, and some room.
const maxBody = 256 << 10

var (
	errTooLarge = &refusal{http.StatusRequestEntityTooLarge, "too_large", "The request body is larger than 256 KB.",
		[]portal.FieldError{{Name: "Content-Length", Code: "too_large", Limit: maxBody, Msg: "Must be at most 262144."}}}
	errBodyUTF8 = badRequest("", "not_utf8", "The request body is not valid UTF-8.")
)

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// withBody reads the body, checks that it is of the media type, not too large and
// valid UTF-8, and hands it to use, which must not keep it.
func withBody(w http.ResponseWriter, r *http.Request, mediaType string, use func([]byte) error) error {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != mediaType {
		return &refusal{http.StatusUnsupportedMediaType, "media_type", "The request body must be " + mediaType + ".",
			[]portal.FieldError{{Name: "Content-Type", Code: "media_type", Msg: "Must be " + mediaType + "."}}}
	}
	if r.ContentLength > maxBody {
		w.Header().Set("Connection", "close") // nobody reads the rest
		return errTooLarge
	}
	b := bodies.Get().(*bytes.Buffer)
	defer func() { b.Reset(); bodies.Put(b) }()
	_, err := b.ReadFrom(http.MaxBytesReader(callOf(r).ResponseWriter, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.Is(err, io.ErrUnexpectedEOF), err != nil:
		return badRequest("", "broken_body", "The request body could not be read.")
	case !utf8.Valid(b.Bytes()):
		return errBodyUTF8 // encoding/json would put U+FFFD in its place without a word
	}
	return use(b.Bytes())
}

// form reads what an HTML form posted.
func form(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	var v url.Values
	err := withBody(w, r, "application/x-www-form-urlencoded", func(b []byte) (err error) {
		if v, err = url.ParseQuery(string(b)); err != nil {
			return badRequest("", "broken_form", "The form could not be read.")
		}
		return checkUTF8(v)
	})
	if err == nil {
		callOf(r).typed = v
	}
	return v, err
}

// query is the request's query. Unlike (*url.URL).Query it refuses what it can't
// read instead of leaving it out.
func query(r *http.Request) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	v, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("", "broken_query", "The query of this address could not be read.")
	}
	return v, nil
}

// checkUTF8 refuses values whose escapes spell something else than UTF-8.
func checkUTF8(v url.Values) error {
	for name, values := range v {
		for _, s := range values {
			if !utf8.ValidString(s) {
				return portal.InvalidField(name, "not_utf8", 0, "Must be valid UTF-8.")
			}
		}
	}
	return nil
}
