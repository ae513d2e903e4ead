package web

import (
	"errors"
	"net/http"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// fieldProblem is what is wrong with a field of a form, in the reader's language.
type fieldProblem struct {
	Field string // the element's id
	Label string
	Text  string
}

// problems are all of them, in the form's order; none is nil.
type problems []fieldProblem

// of is the problem of the field; its Text is "" if there is none.
func (ps problems) of(field string) fieldProblem {
	for _, p := range ps {
		if p.Field == field {
			return p
		}
	}
	return fieldProblem{Field: field}
}

// formErrors takes the problems out of an error that a form can show beside its
// fields; ids maps the names of fields to those of elements where they differ. Any
// other error comes back as it is.
func formErrors(p *i18n.Printer, err error, ids map[string]string) (problems, error) {
	var e *portal.Error
	if !errors.As(err, &e) || e.Kind != portal.Invalid || len(e.Fields) == 0 {
		return nil, err
	}
	var out problems
	for _, f := range e.Fields {
		id := f.Name
		if to, ok := ids[f.Name]; ok {
			id = to
		}
		out = append(out, fieldProblem{Field: id, Label: fieldLabel(p, f.Name), Text: fieldText(p, f)})
	}
	return out, nil
}

func fieldLabel(p *i18n.Printer, name string) string {
	if id := "field." + strings.ToLower(strings.ReplaceAll(name, "-", "_")); p.Has(id) {
		return p.T(id)
	}
	return name
}

func fieldText(p *i18n.Printer, f portal.FieldError) string {
	if id := "error." + f.Code; p.Has(id) {
		return p.N(id, f.Limit)
	}
	return f.Msg
}

// refusalText is what a form says of an error that is about none of its fields; of one
// that is over by itself also when, to people and in the header.
func refusalText(w http.ResponseWriter, r *http.Request, p *i18n.Printer, err error) string {
	f := failureOf(r, err)
	retryAfter(w, f.RetryAfter)
	text := errorText(p, f.Code, f.Detail)
	if wait := waitText(p, f.RetryAfter); wait != "" {
		text += " " + wait
	}
	return text
}

// errorText is an error's own sentence in the reader's language.
func errorText(p *i18n.Printer, code, fallback string) string {
	if strings.HasPrefix(code, "too_many_") { // whatever it was
		return p.T("error.slow_down")
	}
	if id := "error." + code; p.Has(id) {
		return p.T(id)
	}
	return fallback
}

// local is the path to return to, if it is one of ours: a link that leads to us
// must not lead on to somebody else. Browsers read a backslash as a slash, and
// leave out control characters wherever they stand.
func local(path string) string {
	if len(path) > maxNext || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return path
}

const maxNext = 2_000
