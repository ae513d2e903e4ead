package rehearsal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	looked    time.Time // at the feed
	arn       string
	queue     *fakeaws.Queue
	dead      *fakeaws.Queue
	ses       *fakeaws.SES
	store     *store.Store
	url       string            // of the gateway
	events    []json.RawMessage // of SES, that feedback has to hear yet

	values template.Values
	guards map[string][]*fakeaws.Guard // by function: of the table, the queues, the mails

	sqs       *fakeaws.SQS
	impatient bool          // nobody waits for messages to be seen again
	kept      time.Duration // by the others' turns
	patience  time.Duration // with what does not settle; 0 = four minutes

	chaos  *rand.Rand // set: batches come twice, functions are killed in mid-invocation
	faults faults     // how often
	kills  map[string]int
	secret map[string]bool // what must never be in a log: addresses, codes, tokens, names
	mu     sync.Mutex
}

// faults are shares of one.
type faults struct{ kill, twice float64 }

// rough is more than any day brings.
var rough = faults{kill: 0.25, twice: 0.5}

// roll reports whether chaos strikes.
func (s *stack) roll(share float64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chaos != nil && s.chaos.Float64() < share
}

// unleash lets chaos strike from now on, or no more if r is nil.
func (s *stack) unleash(r *rand.Rand) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chaos = r
}

// killed is how many invocations chaos has ended, all together and of one function.
func (s *stack) killed(function string) (all, of int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.kills {
		all += n
	}
	return all, s.kills[function]
}

// hide keeps what must never be in a log.
func (s *stack) hide(words ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range words {
		s.secret[w] = true
	}
}

// source is an event source mapping.
type source struct {
	template.Source
	function string
	backlog  []json.RawMessage // what has to come again
	polling  int               // of a queue: polls under way
	polled   chan error        // their ends
}

// deploy builds every function and wires it as template.yaml says.
func deploy(t *testing.T) *stack {
	t.Helper()
	begin(t)
	tmpl, err := template.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tab, name := dynamotest.Open(t, dynamo.Options{})
	s := &stack{T: t, functions: map[string]*fakeaws.Function{}, feed: dynamotest.NewFeed(t, name), ses: &fakeaws.SES{},
		store: &store.Store{Table: tab, Clock: time.Now}, guards: map[string][]*fakeaws.Guard{}, faults: rough, kills: map[string]int{}, secret: map[string]bool{}}
	s.arn = s.feed.ARN()
	sqs := &fakeaws.SQS{}
	s.sqs = sqs
	s.dead = sqs.Add(fakeaws.QueueConfig{Name: "mail-dead"})
	s.queue = sqs.Add(fakeaws.QueueConfig{Name: "mail", Visibility: visibility, DeadLetter: s.dead, MaxReceive: 200,
		MostDelay: visibility})
	queues := httptest.NewServer(sqs) // its address is in the queues' URLs; functions reach it through their guards
	t.Cleanup(queues.Close)

	values := template.Values{"MailFrom": "ideas@example.com", "TeamEmails": "boss@example.com", "Table": name, "Table.Arn": "arn:table",
		"Table.StreamArn": s.arn, "MailQueue": s.queue.URL(queues.URL), "MailQueue.QueueUrl": s.queue.URL(queues.URL), "MailQueue.Arn": s.queue.ARN(),
		"HttpApi": apiID, "AWS::StackId": "arn:aws:cloudformation:" + region + ":" + fakeaws.AccountID + ":stack/rehearsal/" + stage, "MailSet": "rehearsal",
		"Edge.Outputs.Url": "https://" + host, "AWS::Region": region, "AWS::URLSuffix": "amazonaws.com", "AWS::Partition": "aws", "AWS::AccountId": fakeaws.AccountID}
	for id, r := range tmpl.Resources { // what nobody plays has an address all the same
		if r.Type == "AWS::Logs::LogGroup" || r.Type == "AWS::SQS::Queue" && id != "MailQueue" {
			values[id+".Arn"] = "arn:" + id
		}
	}
	s.values = values
	functions, err := tmpl.Functions()
	if err != nil {
		t.Fatal(err)
	}
	routes := map[string]string{}
	for _, f := range functions {
		env := s.guard(tmpl, f, sqs, values)
		for k, v := range f.Env {
			if env[k], err = tmpl.Eval(v, values); err != nil {
				t.Fatalf("%s: %s: %v", f.Name, k, err)
			}
		}
		delete(env, "SSL_CERT_FILE") // nothing here speaks TLS, and the file is in the zip
		delete(env, "SSL_CERT_DIR")
		s.functions[f.Name] = fakeaws.NewFunction(fakeaws.Config{Name: f.Name, Bootstrap: filepath.Join(bootstraps(t), f.Name), Env: env, Timeout: f.Timeout})
		t.Cleanup(s.functions[f.Name].Close)
		for _, r := range f.Routes {
			routes[r.String()] = f.Name
		}
		for _, src := range f.Sources {
			from, err := tmpl.Eval(src.From, values)
			if err != nil || (from != s.arn && from != s.queue.ARN()) {
				t.Fatalf("%s reads %s, %v", f.Name, from, err)
			}
			s.sources = append(s.sources, source{Source: src, function: f.Name, polled: make(chan error, src.Concurrency)})
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
	t.Cleanup(s.readLogs)
	t.Cleanup(func() { s.tell(tmpl, functions) })
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

// guard puts guards between the function and the services that it uses, which let
// through what its role allows, and returns where the function finds them.
func (s *stack) guard(tmpl *template.Template, f template.Function, sqs http.Handler, values template.Values) map[string]string {
	s.Helper()
	policy, err := tmpl.Policy(f, values)
	if err != nil {
		s.Fatal(err)
	}
	table, err := fakeaws.NewGuard(dynamotest.Endpoint(s), values["Table.Arn"], policy.Allows)
	if err != nil {
		s.Fatal(err)
	}
	env := map[string]string{}
	for service, g := range map[string]*fakeaws.Guard{"DYNAMODB": table, "SQS": fakeaws.NewQueueGuard(sqs, policy.Allows),
		"SES": fakeaws.NewMailGuard(s.ses, policy.Allows)} {
		server := httptest.NewServer(g)
		s.Cleanup(server.Close)
		env["AWS_ENDPOINT_URL_"+service] = server.URL
		s.guards[f.Name] = append(s.guards[f.Name], g)
	}
	s.Cleanup(func() {
		for _, g := range s.guards[f.Name] {
			if d := g.Denied(); len(d) > 0 {
				s.Errorf("the role of %s does not allow what it did: %v", f.Name, d[:min(3, len(d))])
			}
		}
	})
	return env
}

// built are the functions' bootstraps for this machine, built once with the flags of
// the Makefile.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "rehearsal")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-tags", "lambda.norpc,nethttpomithttp2", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=",
		"-o", dir+"/", "groundswell/functions/...")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if b, err := cmd.CombinedOutput(); err != nil {
		return dir, fmt.Errorf("build the functions: %w\n%s", err, b)
	}
	return dir, nil
})

func bootstraps(t *testing.T) string {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// invoke runs a function; in chaos some invocations don't live to their end.
func (s *stack) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	f := s.functions[function]
	s.mu.Lock()
	kill := s.chaos != nil && s.chaos.Float64() < s.faults.kill
	var after time.Duration
	if kill {
		after = time.Duration(s.chaos.Int64N(int64(25 * time.Millisecond)))
	}
	s.mu.Unlock()
	if kill {
		timer := time.AfterFunc(after, func() {
			if n := f.Kill(); n > 0 {
				s.mu.Lock()
				s.kills[function] += n
				s.mu.Unlock()
			}
		})
		defer timer.Stop()
	}
	return f.Invoke(ctx, payload)
}

// settle lets everything that follows from what was done happen: the stream is read,
// batches are delivered until they are taken, the queue is worked off.
func (s *stack) settle() {
	s.Helper()
	deadline := time.Now().Add(cmp.Or(s.patience, 4*time.Minute) - s.kept)
	for quiet := 0; quiet < 2; {
		if time.Now().After(deadline.Add(s.kept)) {
			s.Fatalf("things don't settle: %d messages in the queue", len(s.queue.Messages()))
		}
		if s.round() {
			quiet = 0
		} else {
			quiet++
		}
	}
}

// round is a step where nobody but the functions changes anything: if there is nothing to
// do before a message can be seen again, it waits for that, and asks nobody meanwhile.
func (s *stack) round() (busy bool) {
	s.Helper()
	if s.step() {
		return true
	}
	at, waits := s.queue.NextVisible()
	switch {
	case !waits:
		return false
	case s.impatient:
		s.queue.Expire()
	default:
		s.pause(time.Until(at))
	}
	return true
}

// during delivers what others bring about, until they are done.
func (s *stack) during(done <-chan struct{}) {
	s.Helper()
	for {
		rest := time.After(0)
		if !s.step() {
			rest = time.After(50 * time.Millisecond)
		}
		select {
		case <-done:
			return
		case <-rest:
		}
	}
}

// step does one round and reports whether there was anything to do.
func (s *stack) step() (busy bool) {
	s.Helper()
	records := s.poll()
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

// pace is between two looks at the stream while the queue's batches are with the
// function: Lambda looks at a shard four times a second.
const pace = 250 * time.Millisecond

// poll reads the stream.
func (s *stack) poll() []dynamotest.Record {
	s.Helper()
	if time.Since(s.looked) < pace && slices.ContainsFunc(s.sources, func(src source) bool { return src.polling > 0 }) {
		return nil
	}
	records, err := s.feed.Poll(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	s.looked = time.Now()
	return records
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
	if len(left) == 0 && s.roll(s.faults.twice) {
		left = batch[rand.IntN(len(batch)):] // the acknowledgement got lost
	}
	src.backlog = append(append([]json.RawMessage(nil), left...), rest...)
}

// deliverQueue keeps as many polls under way as the event source mapping may, each
// with a batch, and reports whether there is one. In chaos a batch may come twice. A
// function that hangs holds up the batches of its own poll alone.
func (s *stack) deliverQueue(src *source) bool {
	for src.polling < cap(src.polled) && s.queue.Ready() {
		if s.roll(s.faults.twice) {
			s.queue.Duplicate(src.Batch)
		}
		src.polling++
		go func() {
			_, err := s.queue.Deliver(s.Context(), src.Batch, func(ctx context.Context, payload []byte) ([]byte, error) {
				return s.invoke(ctx, src.function, payload)
			})
			src.polled <- err
		}()
	}
	if src.polling == 0 {
		return false
	}
	select {
	case err := <-src.polled:
		src.polling--
		var failed *fakeaws.FunctionError
		if err != nil && !errors.As(err, &failed) {
			s.Fatal(err)
		}
	case <-time.After(50 * time.Millisecond): // the others go on meanwhile
	}
	return true
}
