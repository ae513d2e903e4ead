package rehearsal

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/infra/rehearsal/fakeaws"
	"groundswell/infra/template"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

const (
	region = "eu-west-1"
	apiID  = "rehearsal"
	domain = apiID + ".execute-api." + region + ".amazonaws.com"
	stage  = "1d91d4a0-0ebb-11e5-9b07-500cff9abcde"
	host   = "d1234.cloudfront.net" // of the portal
)

// visibility is how long a message that failed stays out of sight: shorter than
// deployed, so that the claims of killed senders are what is waited for.
const visibility = 2 * time.Second

// stack is a deployed template.
type stack struct {
	*testing.T
	functions map[string]*fakeaws.Function
	sources   []source
	feed      *dynamotest.Feed
	arn       string
	queue     *fakeaws.Queue
	dead      *fakeaws.Queue
	ses       *fakeaws.SES
	store     *store.Store
	url       string            // of the gateway
	events    []json.RawMessage // of SES, that feedback has to hear yet

	chaos *rand.Rand // set: batches come twice, functions are killed in mid-invocation
	mu    sync.Mutex
}

// source is an event source mapping.
type source struct {
	template.Source
	function string
	backlog  []json.RawMessage // what has to come again
}

// deploy builds every function and wires it as template.yaml says.
func deploy(t *testing.T) *stack {
	t.Helper()
	tmpl, err := template.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tab, name := dynamotest.Open(t, dynamo.Options{})
	s := &stack{T: t, functions: map[string]*fakeaws.Function{}, feed: dynamotest.NewFeed(t, name), ses: &fakeaws.SES{},
		store: &store.Store{Table: tab, Clock: time.Now}}
	s.arn = s.feed.ARN()
	sqs := &fakeaws.SQS{}
	s.dead = sqs.Add(fakeaws.QueueConfig{Name: "mail-dead"})
	s.queue = sqs.Add(fakeaws.QueueConfig{Name: "mail", Visibility: visibility, DeadLetter: s.dead, MaxReceive: 200})
	queues, mails := httptest.NewServer(sqs), httptest.NewServer(s.ses)
	t.Cleanup(queues.Close)
	t.Cleanup(mails.Close)

	values := template.Values{"MailFrom": "ideas@example.com", "TeamEmails": "boss@example.com", "Table": name, "Table.Arn": "arn:table",
		"Table.StreamArn": s.arn, "MailQueue": s.queue.URL(queues.URL), "MailQueue.QueueUrl": s.queue.URL(queues.URL), "MailQueue.Arn": s.queue.ARN(),
		"HttpApi": apiID, "AWS::StackId": "arn:aws:cloudformation:" + region + ":" + fakeaws.AccountID + ":stack/rehearsal/" + stage, "MailSet": "rehearsal",
		"Edge.Outputs.Url": "https://" + host, "AWS::Region": region, "AWS::URLSuffix": "amazonaws.com", "AWS::Partition": "aws", "AWS::AccountId": fakeaws.AccountID}
	functions, err := tmpl.Functions()
	if err != nil {
		t.Fatal(err)
	}
	routes := map[string]string{}
	for _, f := range functions {
		env := map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": guard(t, tmpl, f, values), "AWS_ENDPOINT_URL_SQS": queues.URL, "AWS_ENDPOINT_URL_SES": mails.URL}
		for k, v := range f.Env {
			if env[k], err = tmpl.Eval(v, values); err != nil {
				t.Fatalf("%s: %s: %v", f.Name, k, err)
			}
		}
		delete(env, "SSL_CERT_FILE") // nothing here speaks TLS, and the file is in the zip
		delete(env, "SSL_CERT_DIR")
		s.functions[f.Name] = fakeaws.NewFunction(fakeaws.Config{Name: f.Name, Bootstrap: build(t, f.Name), Env: env, Timeout: f.Timeout})
		t.Cleanup(s.functions[f.Name].Close)
		for _, r := range f.Routes {
			routes[r.String()] = f.Name
		}
		for _, src := range f.Sources {
			from, err := tmpl.Eval(src.From, values)
			if err != nil || (from != s.arn && from != s.queue.ARN()) {
				t.Fatalf("%s reads %s, %v", f.Name, from, err)
			}
			s.sources = append(s.sources, source{Source: src, function: f.Name})
		}
	}
	gateway, err := fakeaws.NewGateway(domain, routes, func(ctx context.Context, function string, payload []byte) ([]byte, error) {
		return s.invoke(ctx, function, payload)
	})
	if err != nil {
		t.Fatal(err)
	}
	if gateway.Stage, err = tmpl.Eval(tmpl.Resources["HttpApi"].Properties["StageName"], values); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fakeaws.Edge(stage, gateway))
	t.Cleanup(server.Close)
	s.url = server.URL
	t.Cleanup(func() {
		if t.Failed() {
			for name, f := range s.functions {
				if logs := f.Logs(); logs != "" {
					t.Logf("%s wrote:\n%s", name, logs[max(0, len(logs)-3000):])
				}
			}
		}
	})
	return s
}

// guard stands between the function and DynamoDB Local and lets through what the
// function's role allows; it returns its endpoint.
func guard(t *testing.T, tmpl *template.Template, f template.Function, values template.Values) string {
	t.Helper()
	policy, err := tmpl.Policy(f, values)
	if err != nil {
		t.Fatal(err)
	}
	g, err := fakeaws.NewGuard(dynamotest.Endpoint(t), values["Table.Arn"], policy.Allows)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if d := g.Denied(); len(d) > 0 {
			t.Errorf("the role of %s does not allow what it did: %v", f.Name, d[:min(3, len(d))])
		}
	})
	return server.URL
}

// build builds a function for this machine with the flags of the Makefile.
func build(t *testing.T, name string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	cmd := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc,nethttpomithttp2", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=",
		"-o", out, "groundswell/functions/"+name)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, b)
	}
	return out
}

// invoke runs a function; in chaos some invocations don't live to their end.
func (s *stack) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	f := s.functions[function]
	s.mu.Lock()
	kill := s.chaos != nil && s.chaos.IntN(4) == 0
	var after time.Duration
	if kill {
		after = time.Duration(s.chaos.Int64N(int64(25 * time.Millisecond)))
	}
	s.mu.Unlock()
	if kill {
		timer := time.AfterFunc(after, func() { f.Kill() })
		defer timer.Stop()
	}
	return f.Invoke(ctx, payload)
}

// settle lets everything that follows from what was done happen: the stream is read,
// batches are delivered until they are taken, the queue is worked off.
func (s *stack) settle() {
	s.Helper()
	deadline := time.Now().Add(4 * time.Minute)
	for quiet := 0; quiet < 2; {
		if time.Now().After(deadline) {
			s.Fatalf("things don't settle: %d messages in the queue", len(s.queue.Messages()))
		}
		if s.step() {
			quiet = 0
		} else {
			quiet++
		}
	}
}

// step does one round and reports whether there was anything to do.
func (s *stack) step() (busy bool) {
	s.Helper()
	records, err := s.feed.Poll(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	for i := range s.sources {
		src := &s.sources[i]
		if src.Type == "SQS" {
			busy = s.deliverQueue(src) || busy
			continue
		}
		for _, r := range records {
			raw, err := fakeaws.StreamRecord(s.arn, r.Record)
			if err != nil {
				s.Fatal(err)
			}
			if ok, err := src.Match(raw); err != nil {
				s.Fatal(err)
			} else if ok {
				src.backlog = append(src.backlog, raw)
			}
		}
		if len(src.backlog) > 0 {
			busy = true
			s.deliverStream(src)
		}
	}
	return s.deliverEvents() || busy || len(records) > 0
}

// deliverStream delivers the first batch of the backlog, as an event source mapping
// does: what was not taken comes again. In chaos what was taken comes again too.
func (s *stack) deliverStream(src *source) {
	batch := src.backlog[:min(src.Batch, len(src.backlog))]
	rest := src.backlog[len(batch):]
	event, err := fakeaws.StreamEvent(batch...)
	if err != nil {
		s.Fatal(err)
	}
	out, err := s.invoke(s.Context(), src.function, event)
	var failed *fakeaws.FunctionError
	if errors.As(err, &failed) {
		return // the same batch again
	} else if err != nil {
		s.Fatal(err)
	}
	left, err := fakeaws.Remaining(batch, out)
	if err != nil {
		s.Fatal(err)
	}
	if s.chaos != nil && len(left) == 0 && s.chaos.IntN(2) == 0 {
		left = batch[s.chaos.IntN(len(batch)):] // the acknowledgement got lost
	}
	src.backlog = append(append([]json.RawMessage(nil), left...), rest...)
}

func (s *stack) deliverQueue(src *source) bool {
	if s.chaos != nil {
		s.queue.Duplicate()
	}
	n, err := s.queue.Deliver(s.Context(), src.Batch, func(ctx context.Context, payload []byte) ([]byte, error) {
		return s.invoke(ctx, src.function, payload)
	})
	var failed *fakeaws.FunctionError
	if err != nil && !errors.As(err, &failed) {
		s.Fatal(err)
	}
	if n == 0 && len(s.queue.Messages()) > 0 {
		<-time.After(50 * time.Millisecond) // they are out of sight for a while
		return true
	}
	return n > 0
}

// logsTell fails the test if a function's log holds what must never be there.
func (s *stack) logsTell(never ...string) {
	s.Helper()
	for name, f := range s.functions {
		for _, word := range never {
			if strings.Contains(f.Logs(), word) {
				s.Errorf("the log of %s holds %q", name, word)
			}
		}
	}
}
