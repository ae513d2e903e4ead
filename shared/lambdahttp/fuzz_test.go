package lambdahttp_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"groundswell/shared/lambdahttp"
)

// FuzzEvent feeds arbitrary events, whose sender is the whole Internet by way of
// API Gateway, and demands an answer that API Gateway would deliver.
func FuzzEvent(f *testing.F) {
	inputs, err := filepath.Glob("testdata/*.event.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, in := range inputs {
		b, err := os.ReadFile(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"rawPath":"/%zz","requestContext":{"http":{"method":"GET","protocol":"HTTP/9","sourceIp":"::1%eth0"}}}`))
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.URL.Parse(r.RequestURI); err != nil {
			w.Header().Set("X-Uri", "unparsable")
		}
		r.ParseForm()
		for name, values := range r.Header {
			w.Header()["Echo-"+name] = values
		}
		for _, c := range r.Cookies() {
			http.SetCookie(w, c)
		}
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		io.Copy(w, r.Body)
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	})
	h := lambdahttp.Handler(mux, lambdahttp.Options{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var ev events.APIGatewayV2HTTPRequest
		if json.Unmarshal(raw, &ev) != nil {
			return // Lambda delivers JSON of this form only
		}
		resp, err := h(t.Context(), ev)
		if err != nil {
			t.Fatal(err)
		}
		payload, err := json.Marshal(resp)
		if err != nil {
			t.Fatal(err)
		}
		if err := toHTTP(httptest.NewRecorder(), ev.RequestContext.HTTP.Method, payload); err != nil {
			t.Fatal(err)
		}
	})
}
