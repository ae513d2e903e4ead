package template_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"groundswell/infra/template"
	"groundswell/shared/lambdastream"
)

// TestSamples: the sample event beside each function is one that reaches it.
func TestSamples(t *testing.T) {
	t.Parallel()
	fs := functions(t)
	for _, f := range fs {
		raw, err := os.ReadFile(filepath.Join("../../functions", f.Name, "event.json"))
		if err != nil {
			t.Error(err)
			continue
		}
		var ev struct {
			Version  string
			RouteKey string
			RawPath  string
			Context  struct {
				HTTP struct{ Method string } `json:"http"`
			} `json:"requestContext"`
			Records []json.RawMessage
		}
		if err := json.Unmarshal(raw, &ev); err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		switch {
		case len(f.Routes) > 0:
			to, by := template.Find(fs, ev.Context.HTTP.Method, ev.RawPath)
			if to == nil || to.ID != f.ID || by.String() != ev.RouteKey || ev.Version != "2.0" {
				t.Errorf("%s: %s %s goes by %s to %s", f.Name, ev.Context.HTTP.Method, ev.RawPath, by, name(to))
			}
		case len(f.Sources) == 0: // a rule's event has a form of its own, or none
			if len(f.Rules) == 0 {
				t.Errorf("%s: nothing reaches it", f.Name)
			}
		case f.Sources[0].Type == "DynamoDB":
			for i, r := range ev.Records {
				if ok, err := f.Sources[0].Match(r); !ok || err != nil {
					t.Errorf("%s: record %d is filtered out: %v", f.Name, i, err)
				}
				if _, err := lambdastream.Decode(r); err != nil {
					t.Errorf("%s: record %d: %v", f.Name, i, err)
				}
			}
			fallthrough
		default:
			if len(ev.Records) == 0 {
				t.Errorf("%s: no records", f.Name)
			}
		}
	}
}
