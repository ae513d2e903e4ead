package brand

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"groundswell/shared/portal"
)

// What fits in. The lengths of texts are in characters.
const (
	MaxFile        = 64 << 10 // bytes of the whole file
	MaxName        = 60
	MaxTagline     = 120
	MaxWelcome     = 400
	MaxURL         = 500
	MaxPath        = 4000 // bytes
	MaxSVG         = 32 << 10
	MaxCategories  = 50
	MaxCategoryID  = 40
	MaxDescription = 200
)

// file is the file as it is written.
type file struct {
	Name       string            `json:"name"`
	Tagline    map[string]string `json:"tagline"`
	Welcome    map[string]string `json:"welcome"`
	ProductURL string            `json:"product_url"`
	Logo       logo              `json:"logo"`
	Accent     pair              `json:"accent"`
	OnAccent   pair              `json:"on_accent"`
	Categories portal.Categories `json:"categories"`
	Moderation moderation        `json:"moderation"`
}

type pair struct {
	Light string `json:"light"`
	Dark  string `json:"dark"`
}

// logo is a path in one colour, the accent, or a picture of its own colours.
type logo struct {
	ViewBox string `json:"view_box"`
	Path    string `json:"path"`
	SVG     string `json:"svg"`
}

// problems gathers all that is wrong, so that nobody has to mend a file one error
// at a time.
type problems struct{ errs []error }

func (p *problems) add(field, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
}

// read takes the JSON apart.
func read(text string) (*file, error) {
	if len(text) > MaxFile {
		return nil, fmt.Errorf("has %d bytes, at most %d will do", len(text), MaxFile)
	}
	text = strings.TrimPrefix(text, "\ufeff") // editors of Windows put one there
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	f := new(file)
	if err := d.Decode(f); err != nil {
		return nil, plainly(text, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("line %d: there is more after the end", line(text, d.InputOffset()))
	}
	return f, nil
}

// plainly says what encoding/json means.
func plainly(text string, err error) error {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: no JSON: %s", line(text, syntax.Offset), strings.TrimPrefix(syntax.Error(), "json: "))
	case errors.As(err, &wrong) && wrong.Field == "":
		return fmt.Errorf("must be an object, not %s", wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("%s: must be %s, not %s", wrong.Field, kindName(wrong.Type), wrong.Value)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("no JSON: it ends in the middle")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: ")) // unknown field "colour"
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text in quotes"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	}
	return "an object"
}

func line(text string, offset int64) int {
	return 1 + bytes.Count([]byte(text[:min(int(offset), len(text))]), []byte("\n"))
}
