package web_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	dmbase "github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"groundswell/shared/web"
)

const api = "/api/v1"

// contract is openapi.yaml, read by somebody else's library.
var contract = sync.OnceValue(func() (c struct {
	check validator.Validator
	model *v3.Document
}) {
	b, err := os.ReadFile("openapi.yaml")
	if err != nil {
		panic(err)
	}
	doc, err := libopenapi.NewDocument(b)
	if err != nil {
		panic(err)
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		panic(err)
	}
	v, errs := validator.NewValidator(doc, config.WithFormatAssertions())
	if len(errs) > 0 {
		panic(errs[0])
	}
	c.check, c.model = v, &model.Model
	return c
})

// checkContract validates an answer, and what was asked if it was granted, and
// notes the operation in seen.
func checkContract(t testing.TB, seen *sync.Map, r *http.Request, body []byte, a *answer) {
	t.Helper()
	if !strings.HasPrefix(r.URL.Path, api+"/") {
		return
	}
	op := operation(r)
	if op == "" {
		return // no such address or method: nothing is promised
	}
	c := contract().check
	r.Body = io.NopCloser(bytes.NewReader(body))
	if ok, errs := c.ValidateHttpResponse(r, &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body))}); !ok {
		t.Errorf("%s = %d is not as documented:%s\n%s", a.what, a.status, explain(errs), a.body)
	}
	if a.status >= 300 {
		return
	}
	seen.Store(op, true)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if ok, errs := c.ValidateHttpRequest(r); !ok {
		t.Errorf("%s was granted but is not as documented:%s\n%s", a.what, explain(errs), body)
	}
}

func explain(errs []*errors.ValidationError) string {
	var b strings.Builder
	for _, e := range errs {
		b.WriteString("\n\t" + e.Message + ": " + e.Reason)
		for _, s := range e.SchemaValidationErrors {
			b.WriteString("\n\t\t" + s.FieldPath + " " + s.Reason)
		}
	}
	return b.String()
}

// operation is the documented operation that the request is for, such as
// "GET /ideas/{id}", or "".
func operation(r *http.Request) string {
	if r.Method == http.MethodHead {
		return ""
	}
	_, pattern := documented().Handler(r)
	return strings.Replace(pattern, api, "", 1)
}

// documented routes to the operations of the document.
var documented = sync.OnceValue(func() *http.ServeMux {
	mux := http.NewServeMux()
	for _, op := range operations() {
		m, path, _ := strings.Cut(op, " ")
		mux.Handle(m+" "+api+path, http.NotFoundHandler())
	}
	return mux
})

// operations are all that the document has.
func operations() []string {
	var ops []string
	for path, item := range contract().model.Paths.PathItems.FromOldest() {
		for method := range item.GetOperations().FromOldest() {
			ops = append(ops, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(ops)
	return ops
}

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	if ok, errs := contract().check.ValidateDocument(); !ok {
		t.Error(explain(errs))
	}
}

// The document has the JSON routes, no more and no fewer.
func TestDocumentMatchesRoutes(t *testing.T) {
	t.Parallel()
	var routes []string
	for _, r := range web.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		if p, ok := strings.CutPrefix(path, api); ok {
			routes = append(routes, method+" "+p)
		}
	}
	slices.Sort(routes)
	if diff := cmp.Diff(routes, operations()); diff != "" {
		t.Errorf("routes (-) and document (+):\n%s", diff)
	}
}

// Every access is what the document says: no session asked for where visitors
// may come, and one where they may not.
func TestDocumentMatchesAccess(t *testing.T) {
	t.Parallel()
	for _, rt := range web.Routes() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		p, ok := strings.CutPrefix(path, api)
		if !ok {
			continue
		}
		item := contract().model.Paths.PathItems.GetOrZero(p)
		if item == nil {
			continue // TestDocumentMatchesRoutes says so
		}
		op := item.GetOperations().GetOrZero(strings.ToLower(method))
		if op == nil {
			continue
		}
		security := op.Security
		if security == nil {
			security = contract().model.Security
		}
		open := slices.ContainsFunc(security, func(r *dmbase.SecurityRequirement) bool { return r.Requirements.Len() == 0 })
		if want := rt.Access == web.Public || rt.Access == web.Anyone; open != want {
			t.Errorf("%s: the document lets visitors in: %v; the route table: %v", rt.Pattern, open, want)
		}
	}
}
