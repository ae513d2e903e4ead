package transfer

import (
	"encoding/json"
	"strings"
)

// A path says where in an object of a JSON file a value stands:
//
//	author.name            a member of a member
//	labels.*.name          of each element of an array
//	issue_url:tail         what is behind the last slash of a text
//	^number                of the object that this one is nested in
//	user_id>users.email    of the row that another table of the same archive has for it
//	id>votes.#             how many rows that table has for it
//	created_at|createdAt   the first of several that has a value
//
// Names with one of these characters in them can't be said.

// tables are the tables of an archive by name, their rows by a key.
type tables map[string]map[string]joined

// joined is the first of a table's rows with a key, and how many there are.
type joined struct {
	row any
	n   int
}

// values are what the path leads to, as texts; empty ones are left out.
func (o *object) values(path string) []string {
	for one := range strings.SplitSeq(path, "|") {
		if found := o.one(strings.TrimSpace(one)); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (o *object) one(path string) []string {
	from := o.value
	if rest, ok := strings.CutPrefix(path, "^"); ok {
		if path, from = rest, o.parent; from == nil { // a rejected row has it with it
			from = first(walk(o.value, "^"))
		}
	}
	path, tail := strings.CutSuffix(path, ":tail")
	steps := strings.Split(path, ">")
	found := texts(walk(from, steps[0]))
	for _, step := range steps[1:] {
		found = o.join(found, step)
	}
	if tail {
		for i, s := range found {
			s = strings.TrimRight(s, "/")
			found[i] = s[strings.LastIndexByte(s, '/')+1:]
		}
	}
	return found
}

func (o *object) join(keys []string, path string) (found []string) {
	name, rest, _ := strings.Cut(path, ".")
	if o.tables == nil {
		return nil
	}
	for _, key := range keys {
		j, ok := o.tables[name][key]
		switch {
		case rest == "#":
			found = append(found, jsonInt(j.n))
		case ok:
			found = append(found, texts(walk(j.row, rest))...)
		}
	}
	return found
}

func first(vs []any) any {
	if len(vs) == 0 {
		return nil
	}
	return vs[0]
}

func walk(v any, path string) []any {
	at := []any{v}
	for part := range strings.SplitSeq(path, ".") {
		var next []any
		for _, v := range at {
			switch v := v.(type) {
			case map[string]any:
				if part == "*" {
					continue
				}
				if m, ok := v[part]; ok {
					next = append(next, m)
				}
			case []any:
				if part == "*" {
					next = append(next, v...)
				}
			}
		}
		at = next
	}
	return at
}

// texts are the values as texts; null, "" and objects are none.
func texts(vs []any) (out []string) {
	for _, v := range vs {
		switch v := v.(type) {
		case string:
			if v != "" {
				out = append(out, v)
			}
		case json.Number:
			out = append(out, v.String())
		case bool:
			if v {
				out = append(out, "true")
			}
		case []any:
			out = append(out, texts(v)...)
		}
	}
	return out
}
