package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxObject bounds an object of a JSON file, in bytes: an issue with its comments.
const maxObject = 8 << 20

// objects reads the objects of a JSON file, one at a time: the elements of an array
// or of several behind each other, as pages of an API are; those of an array that
// is a member of an object, by its name; or one a line. What can't be read costs
// one line of the file and none behind it.
type objects struct {
	name   string
	in     *input
	text   *text
	list   string // the member that holds the rows; "" = the rows are the elements
	inner  string // rows are the objects of this member of them
	cs     Columns
	tables tables
	lines  bool // one object a line

	wrapped bool // inside the object that holds the list
	listed  bool // inside the list
	depth   int  // of arrays in it
	queue   []row
	first   *object
}

// openObjects: list is "posts" for {"posts": [...]}, ".comments" for the objects
// in member comments of each row, "posts.comments" for both.
func openObjects(name string, in *input, cs Columns, list string, t tables) (*objects, error) {
	o := &objects{name: name, in: in, text: &text{r: in.Reader, line: 1, col: 1}, cs: cs, tables: t}
	o.list, o.inner, _ = strings.Cut(list, ".")
	if o.list != "" && !holds(in.head, o.list) {
		o.list = "" // the rows alone were kept
	}
	head := bytes.TrimLeft(in.head, " \t\r\n")
	if first, rest, ok := bytes.Cut(head, []byte("\n")); o.list == "" && head[0] == '{' && (json.Valid(first) || ok && bytes.HasPrefix(rest, []byte("{"))) {
		o.lines = true
	}
	return o, nil
}

// holds reports whether there is a list with the name.
func holds(head []byte, list string) bool {
	_, rest, ok := bytes.Cut(head, []byte(strconv.Quote(list)))
	rest, colon := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(":"))
	return ok && colon && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("["))
}

func (o *objects) next() (row, error) {
	for {
		if len(o.queue) > 0 {
			r := o.queue[0]
			o.queue = o.queue[1:]
			return r, nil
		}
		raw, line, col, err := o.cut()
		var bad *badLine
		if errors.As(err, &bad) && o.inner != "" {
			continue // who reads the objects around says so
		}
		if err != nil {
			return nil, err
		}
		obj, bad := o.read(raw, line, col)
		if bad != nil && o.inner != "" {
			continue
		}
		if bad != nil {
			return nil, bad
		}
		if o.inner == "" {
			return obj, nil
		}
		if _, alone := obj.value.(map[string]any)["^"]; alone {
			return obj, nil // it was nested, and was rejected
		}
		o.queue, _ = obj.nested(o.inner)
	}
}

func (o *objects) read(raw []byte, line, col int) (*object, *badLine) {
	obj := &object{objects: o, text: raw, first: line, col: col}
	if i := badByte(string(raw)); i >= 0 {
		return nil, &badLine{obj.at(i, "", fmt.Sprintf("byte 0x%X is not UTF-8; if many lines have some, try another encoding", raw[i])), raw}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, &badLine{obj.at(columnOf(len(raw), d, err)-1, "", jsonReason(err).Error()), raw}
	}
	obj.value = m
	if o.first == nil {
		o.first = obj
	}
	return obj, nil
}

// cut takes the next object out of the file.
func (o *objects) cut() (raw []byte, line, col int, err error) {
	for {
		c, err := o.text.skip()
		if err != nil {
			if err != io.EOF {
				err = fmt.Errorf("read %s: %w", o.name, err)
			}
			return nil, 0, 0, err
		}
		line, col = o.text.line, o.text.col
		switch {
		case o.lines:
			raw, long, err := o.text.rest()
			if err == nil && long {
				err = &badLine{Reject{File: o.name, Line: line, Column: col, Reason: wrongLong}, raw}
			}
			return raw, line, col, err
		case c == '[' || c == ']' || c == ',':
			o.bracket(c)
			o.text.take(1)
		case c == '{' && o.list != "" && !o.listed && !o.wrapped:
			o.wrapped = true
			o.text.take(1)
		case c == '}' && o.wrapped && !o.listed:
			o.wrapped = false
			o.text.take(1)
		case c == '"' && o.wrapped && !o.listed:
			if err := o.member(); err != nil {
				return nil, line, col, o.stray(err, line, col)
			}
		case c == '{':
			raw, err := o.text.value()
			if err != nil {
				return nil, line, col, o.stray(err, line, col)
			}
			return raw, line, col, nil
		default:
			return nil, line, col, o.stray(errors.New("not an object of JSON"), line, col)
		}
	}
}

func (o *objects) bracket(c byte) {
	if !o.listed {
		return
	}
	switch c {
	case '[':
		o.depth++
	case ']':
		if o.depth--; o.depth == 0 {
			o.listed = false
		}
	}
}

// member passes over a member of the object around the list, or enters the list.
func (o *objects) member() error {
	key, err := o.text.value()
	if err != nil {
		return err
	}
	if c, err := o.text.skip(); err != nil || c != ':' {
		return errors.New("a name without a value")
	}
	o.text.take(1)
	c, err := o.text.skip()
	if err != nil {
		return errCut
	}
	var name string
	if json.Unmarshal(key, &name) == nil && name == o.list && c == '[' {
		o.listed, o.depth = true, 1
		o.text.take(1)
		return nil
	}
	_, err = o.text.value()
	return err
}

// stray takes the rest of a line that makes no sense, and the lines behind it up to
// one that could begin an object.
func (o *objects) stray(err error, line, col int) error {
	if o.text.end != nil && o.text.end != io.EOF {
		return fmt.Errorf("read %s: %w", o.name, o.text.end)
	}
	bad := &badLine{r: Reject{File: o.name, Line: line, Column: col, Reason: err.Error()}}
	for {
		rest, _, err := o.text.rest()
		if err != nil {
			return fmt.Errorf("read %s: %w", o.name, err)
		}
		if len(bad.text)+len(rest) < maxObject {
			bad.text = append(append(bad.text, rest...), '\n')
		}
		if c, err := o.text.skip(); err != nil || c == '{' || c == '[' || c == ']' {
			return bad
		}
	}
}

func (o *objects) has(f Field) bool { return o.cs[f] != "" }
func (o *objects) label() string    { return o.name }
func (o *objects) done() int64      { return o.in.read.n }
func (o *objects) head() []byte     { return nil }
func (o *objects) kind() fileKind   { return kindJSON }
func (o *objects) columns() Columns { return o.cs }
func (o *objects) Close() error     { return o.in.Close() }

// names are the members of the first object.
func (o *objects) names() []string {
	if o.first == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(o.first.value.(map[string]any)))
}

// object is a row of a JSON file.
type object struct {
	*objects
	text       []byte
	first, col int
	value      any
	parent     any
}

func (o *object) get(f Field) string { return strings.Join(o.values(o.cs[f]), ", ") }
func (o *object) line() int          { return o.first }
func (o *object) raw() []byte        { return o.text }

func (o *object) members(path string) []string { return o.values(path) }

// wrong points at the member's name, where the object has it.
func (o *object) wrong(f Field, reason string) Reject {
	all := strings.Split(o.cs[f], "|")
	slices.SortStableFunc(all, func(a, b string) int { return len(o.one(b)) - len(o.one(a)) }) // the one with a value
	for _, one := range all {
		one, _, _ = strings.Cut(strings.TrimSuffix(strings.TrimPrefix(one, "^"), ":tail"), ">")
		name := one[strings.LastIndexByte(one, '.')+1:]
		if i := bytes.Index(o.text, []byte(strconv.Quote(name))); name != "" && i >= 0 {
			return o.at(i, one, reason)
		}
	}
	return o.at(0, string(f), reason)
}

func (o *object) whole(reason string) Reject { return o.at(0, "", reason) }

// at points at byte i of the object.
func (o *object) at(i int, field, reason string) Reject {
	i = max(0, min(i, len(o.text)))
	line, col := o.first, o.col+i
	if n := bytes.Count(o.text[:i], []byte("\n")); n > 0 {
		line, col = line+n, i-bytes.LastIndexByte(o.text[:i], '\n')
	}
	return Reject{File: o.name, Line: line, Column: col, Field: field, Reason: reason}
}

// notText: the bytes were looked at when the object was read.
func (o *object) notText() []Reject {
	if o.in.enc != Windows1252 {
		return nil
	}
	return notSaid(string(o.text), o.in.enc, o.whole)
}

func (o *object) nested(path string) (rows []row, ok bool) {
	for _, v := range walk(o.value, path) {
		list, is := v.([]any)
		if !is {
			continue
		}
		for _, v := range list {
			if m, is := v.(map[string]any); is {
				raw, err := json.Marshal(m)
				if err != nil {
					continue
				}
				rows = append(rows, &object{objects: o.objects, text: raw, first: o.first, col: o.col, value: m, parent: o.value})
			}
		}
		ok = true
	}
	return rows, ok
}

func jsonInt(n int) string { return strconv.Itoa(n) }
