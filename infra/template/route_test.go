package template_test

import (
	"testing"

	"groundswell/infra/template"
)

// TestFind: the order that API Gateway's documentation gives, by its own example.
func TestFind(t *testing.T) {
	t.Parallel()
	one := func(name, method, path string) template.Function {
		return template.Function{Name: name, Routes: []template.Route{{Method: method, Path: path}}}
	}
	fs := []template.Function{
		{Name: "default", Routes: []template.Route{{}}},
		one("any", "ANY", "/{proxy+}"),
		one("pets", "GET", "/pets/{proxy+}"),
		one("dog", "GET", "/pets/dog/{id}"),
		one("first", "GET", "/pets/dog/1"),
		one("vote", "POST", "/pets/{id}/vote"),
	}
	for request, want := range map[[2]string]string{
		{"GET", "/pets/dog/1"}:    "first",
		{"GET", "/pets/dog/2"}:    "dog",
		{"GET", "/pets/cat/1"}:    "pets",
		{"POST", "/test/5"}:       "any",
		{"GET", "/pets/dog/1/2"}:  "pets",
		{"POST", "/pets/1/vote"}:  "vote",
		{"GET", "/pets/1/vote"}:   "pets",
		{"POST", "/pets/dog/1"}:   "any",
		{"GET", "/"}:              "default",
		{"GET", "/pets/"}:         "any",
		{"POST", "/pets//vote"}:   "any",
		{"GET", "/pets/dog/vote"}: "dog",
	} {
		f, by := template.Find(fs, request[0], request[1])
		if f == nil || f.Name != want {
			t.Errorf("%v: by %s to %v, want %s", request, by, f, want)
		}
	}
	if f, _ := template.Find(fs[1:2], "GET", "/"); f != nil {
		t.Errorf("no route fits, yet %s gets it", f.Name)
	}
}

func TestParseFilter(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{
		"not JSON":           `{`,
		"empty":              `{}`,
		"a numeric operator": `{"dynamodb":{"NewImage":{"v":{"N":[{"numeric":[">",1]}]}}}}`,
		"any other operator": `{"dynamodb":{"NewImage":{"k":{"S":[{"prefix":"v"}]}}}}`,
		"a value by itself":  `{"eventName":"INSERT"}`,
	} {
		if _, err := template.ParseFilter(pattern); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
