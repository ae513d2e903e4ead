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
		want := "got " + c.body
		if strings.HasPrefix(c.body, "{") && len(c.body) > 2 { // the guard wants to hear what it takes
			want = `got {"ReturnConsumedCapacity":"TOTAL",` + c.body[1:]
		}
		if !c.denied && string(b) != want {
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

// TestWritten: what single writes take is added up, whatever the client wished to hear.
func TestWritten(t *testing.T) {
	t.Parallel()
	db := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b, _ := io.ReadAll(r.Body); strings.Contains(string(b), `"ReturnConsumedCapacity":"TOTAL"`) {
			io.WriteString(w, `{"ConsumedCapacity":{"CapacityUnits":2}}`) //nolint:errcheck // the client is gone or reads it
		}
	}))
	t.Cleanup(db.Close)
	guard, err := fakeaws.NewGuard(db.URL, "arn", func(string, string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for op, body := range map[string]string{"PutItem": `{"Key":{},"ReturnConsumedCapacity":"NONE"}`, "DeleteItem": `{"Key":{}}`, "GetItem": `{"Key":{}}`} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+op)
		guard.ServeHTTP(httptest.NewRecorder(), r)
	}
	if got := guard.Written(); got != 4 {
		t.Errorf("%v units, want 4", got)
	}
}

// TestServiceGuards: what sending takes, of a queue and of mail.
func TestServiceGuards(t *testing.T) {
	t.Parallel()
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	none := func(string, string) bool { return false }
	for name, c := range map[string]struct {
		guard        *fakeaws.Guard
		target, body string
		want         []string
	}{
		"a queue": {fakeaws.NewQueueGuard(ok, none), "AmazonSQS.SendMessageBatch", `{"QueueUrl":"http://127.0.0.1/1/mail"}`,
			[]string{"sqs:SendMessage arn:aws:sqs:eu-west-1:123456789012:mail"}},
		"mail": {fakeaws.NewMailGuard(ok, none), "", "Action=SendRawEmail&Source=a%40example.com",
			[]string{"ses:SendRawEmail arn:aws:ses:eu-west-1:123456789012:identity/a@example.com"}},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(c.body))
		r.Header.Set("X-Amz-Target", c.target)
		w := httptest.NewRecorder()
		c.guard.ServeHTTP(w, r)
		if d := cmp.Diff(c.want, c.guard.Denied()); d != "" || w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, w.Code, d)
		}
	}
}
