package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"groundswell/shared/portal"
)

// field binds a member of a JSON object to a variable: *string, *bool, *[]string, or
// one of them behind a further pointer, which stays nil where the member is absent; or
// *int64. Objects go into fields, arrays of them into objects.
type field struct {
	name string
	into any
}

type fields []field

// readJSON reads the request body, one JSON object, into the variables.
//
// encoding/json alone is too lenient for a contract: it takes members in any
// case, the last of two with one name, null for anything, and lone surrogates.
// All of these are refused here, naming the member.
func readJSON(w http.ResponseWriter, r *http.Request, into ...field) error {
	return withBody(w, r, "application/json", func(b []byte) error { return decode(b, into) })
}

var errBrokenJSON = badRequest("", "broken_json", "The request body is not valid JSON.")

func decode(b []byte, into fields) error {
	// Valid also bounds the depth, before anything recurses.
	if !json.Valid(b) {
		return errBrokenJSON
	}
	if b = bytes.TrimLeft(b, " \t\r\n"); b[0] != '{' {
		return badRequest("", "not_an_object", "The request body must be a JSON object.")
	}
	var e portal.Error
	into.object("", b, &e)
	if len(e.Fields) == 0 {
		return nil
	}
	e.Kind, e.Code, e.Msg = portal.Invalid, "invalid", "Some fields need attention."
	return &e
}

// object reads valid JSON; what is wrong with its members goes into e.
func (fs fields) object(path string, b []byte, e *portal.Error) {
	refuse := func(name, code, format string, args ...any) {
		e.Fields = append(e.Fields, portal.FieldError{Name: path + name, Code: code, Msg: fmt.Sprintf(format, args...)})
	}
	seen := make([]bool, len(fs))
	dec := json.NewDecoder(bytes.NewReader(b))
	_, _ = dec.Token() // the brace
	for dec.More() {
		key, _ := dec.Token()
		name, _ := key.(string)
		var raw json.RawMessage
		_ = dec.Decode(&raw)
		i := fs.find(name)
		switch {
		case i < 0:
			refuse(shorten(name), "unknown_field", "There is no such field.")
		case seen[i]:
			refuse(name, "duplicate_field", "Must be there only once.")
		default:
			seen[i] = true
			switch want := fs[i].value(path+name+".", raw, e); want {
			case "":
			case "unicode":
				refuse(name, "not_unicode", "Must not contain half a character.")
			default:
				refuse(name, "wrong_type", "Must be %s.", want)
			}
		}
		if len(e.Fields) >= maxComplaints {
			return
		}
	}
}

// maxComplaints keeps a hostile object from being answered at length.
const maxComplaints = 20

func (fs fields) find(name string) int {
	for i := range fs {
		if fs[i].name == name {
			return i
		}
	}
	return -1
}

// value stores raw, or says what it should have been.
func (f field) value(path string, raw []byte, e *portal.Error) (want string) {
	switch v := f.into.(type) {
	case *string:
		if raw[0] != '"' {
			return "a string"
		}
		if loneSurrogate(raw) {
			return "unicode"
		}
		_ = json.Unmarshal(raw, v) // valid, and a string: see decode
	case **string:
		*v = new(string)
		return field{f.name, *v}.value(path, raw, e)
	case *bool:
		if raw[0] != 't' && raw[0] != 'f' {
			return "true or false"
		}
		*v = raw[0] == 't'
	case **bool:
		*v = new(bool)
		return field{f.name, *v}.value(path, raw, e)
	case nullable:
		if raw[0] != 'n' {
			return field{f.name, (*string)(v.s)}.value(path, raw, e)
		}
	case *[]string:
		return texts(raw, v)
	case **[]string:
		*v = new([]string)
		return texts(raw, *v)
	case *int64:
		if err := json.Unmarshal(raw, v); err != nil || raw[0] == 'n' {
			return "a whole number"
		}
	case objects:
		return v.read(path, raw, e)
	case fields:
		if raw[0] != '{' {
			return "an object"
		}
		v.object(path, raw, e)
	default:
		panic(fmt.Sprintf("web: field %s of type %T", f.name, f.into))
	}
	return ""
}

// texts reads an array of strings.
func texts(raw []byte, into *[]string) (want string) {
	var all []json.RawMessage
	if raw[0] != '[' || json.Unmarshal(raw, &all) != nil {
		return "an array of strings"
	}
	out := make([]string, len(all))
	for i, one := range all {
		if want := (field{into: &out[i]}).value("", one, nil); want != "" {
			return "an array of strings"
		}
	}
	*into = out
	return ""
}

// objects is an array of up to most objects; one makes room for the next of them.
type objects struct {
	most int
	one  func() fields
}

func (o objects) read(path string, raw []byte, e *portal.Error) (want string) {
	var all []json.RawMessage
	if raw[0] != '[' || json.Unmarshal(raw, &all) != nil {
		return "an array of objects"
	}
	if len(all) > o.most {
		return fmt.Sprintf("an array of at most %d objects", o.most)
	}
	for i, one := range all {
		if one[0] != '{' {
			return "an array of objects"
		}
		o.one().object(fmt.Sprintf("%s%d.", path, i), one, e)
		if len(e.Fields) >= maxComplaints {
			break
		}
	}
	return ""
}

// nullable is a string that may be null: "".
type nullable struct{ s *string }

// shorten keeps a client's own field names presentable in the answer.
func shorten(name string) string {
	if name == "" {
		return `""`
	}
	if len(name) > 64 {
		name = strings.ToValidUTF8(name[:64], "") + "…"
	}
	return name
}

// loneSurrogate reports whether a JSON string has half of a surrogate pair, which
// is no character (RFC 8259, 8.2).
func loneSurrogate(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++ // the escape's letter
		switch unit(raw, i) {
		case 0xDC00:
			return true
		case 0xD800:
			if i += 5; i+1 >= len(raw) || raw[i] != '\\' || unit(raw, i+1) != 0xDC00 {
				return true
			}
			i++
		}
	}
	return false
}

// unit classes the escape whose letter is at i: 0xD800 for the first half of a
// pair, 0xDC00 for the second, else 0.
func unit(raw []byte, i int) int {
	if raw[i] != 'u' || raw[i+1]|0x20 != 'd' {
		return 0
	}
	switch raw[i+2] {
	case '8', '9', 'a', 'b', 'A', 'B':
		return 0xD800
	case 'c', 'd', 'e', 'f', 'C', 'D', 'E', 'F':
		return 0xDC00
	}
	return 0
}
