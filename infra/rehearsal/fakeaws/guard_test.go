package fakeaws_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/infra/rehearsal/fakeaws"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	db := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.Write(append([]byte("got "), b...))
	}))
	t.Cleanup(db.Close)
	allowed := map[string]bool{"dynamodb:GetItem arn": true, "dynamodb:Query arn/index/ix1": true, "dynamodb:PutItem arn": true}
	guard, err := fakeaws.NewGuard(db.URL, "arn", func(action, resource string) bool { return allowed[action+" "+resource] })
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(guard)
	t.Cleanup(front.Close)
	for _, c := range []struct {
		op, body string
		denied   bool
	}{
		{"GetItem", `{"Key":{}}`, false},
		{"Query", `{"IndexName":"ix1"}`, false},
		{"Query", `{"IndexName":"ix2"}`, true},
		{"Query", `{}`, true},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{}},{"Put":{}}]}`, false},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{}},{"ConditionCheck":{}}]}`, true},
		{"Scan", `not JSON`, true},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front.URL, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Amz-Target", "DynamoDB_20120810."+c.op)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(b), "AccessDeniedException"); got != c.denied {
			t.Errorf("%s %s: denied %v: %s", c.op, c.body, got, b)
		}
		if want := "got " + c.body; !c.denied && string(b) != want {
			t.Errorf("%s: %q, want %q", c.op, b, want)
		}
	}
	want := []string{"dynamodb:ConditionCheckItem arn", "dynamodb:Query arn", "dynamodb:Query arn/index/ix2", "dynamodb:Scan arn"}
	for _, w := range want {
		if d := guard.Denied(); !strings.Contains(strings.Join(d, "\n"), w) {
			t.Errorf("%s is not among the denied: %v", w, d)
		}
	}
	all := append(want, "dynamodb:GetItem arn", "dynamodb:PutItem arn", "dynamodb:Query arn/index/ix1")
	if d := cmp.Diff(len(all), len(guard.Used())); d != "" {
		t.Error(guard.Used(), d)
	}
}
