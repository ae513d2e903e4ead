package fakeaws_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"groundswell/infra/rehearsal/fakeaws"
)

// clock is a time that a test moves by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type sqsFixture struct {
	clock  *clock
	queue  *fakeaws.Queue
	dead   *fakeaws.Queue
	client *sqs.Client
	url    *string
}

func newSQS(t *testing.T) sqsFixture {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	fake := &fakeaws.SQS{Now: c.Now}
	dead := fake.Add(fakeaws.QueueConfig{Name: "dead"})
	q := fake.Add(fakeaws.QueueConfig{Name: "mail", Visibility: time.Minute, MaxReceive: 2, DeadLetter: dead})
	srv := httptest.NewServer(fake)
	t.Cleanup(srv.Close)
	client := sqs.New(sqs.Options{Region: "eu-west-1", BaseEndpoint: &srv.URL, Credentials: staticCredentials{}, Retryer: aws.NopRetryer{}})
	return sqsFixture{c, q, dead, client, aws.String(q.URL(srv.URL))}
}

func (f sqsFixture) send(t *testing.T, body string) {
	t.Helper()
	_, err := f.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: f.url, MessageBody: &body})
	if err != nil {
		t.Fatal(err)
	}
}

func (f sqsFixture) receive(t *testing.T) []types.Message {
	t.Helper()
	out, err := f.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: f.url, MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

func (f sqsFixture) remove(t *testing.T, m types.Message) {
	t.Helper()
	_, err := f.client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: f.url, ReceiptHandle: m.ReceiptHandle})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSQSVisibility(t *testing.T) {
	t.Parallel()
	f := newSQS(t)
	f.send(t, `{"to":"ä"}`) // the SDK checks the MD5 of each way

	got := f.receive(t)
	if len(got) != 1 || *got[0].Body != `{"to":"ä"}` || got[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Fatalf("first receive = %+v", got)
	}
	if hidden := f.receive(t); len(hidden) != 0 {
		t.Errorf("a received message is still visible: %+v", hidden)
	}
	f.clock.Add(time.Minute)
	again := f.receive(t)
	if len(again) != 1 || again[0].Attributes["ApproximateReceiveCount"] != "2" {
		t.Fatalf("after the visibility timeout = %+v", again)
	}
	f.remove(t, got[0]) // a stale receipt
	if len(f.queue.Messages()) != 1 {
		t.Error("a stale receipt deleted the message")
	}
	f.remove(t, again[0])
	if len(f.queue.Messages()) != 0 {
		t.Error("the message is still there")
	}
}

func TestSQSDeadLetter(t *testing.T) {
	t.Parallel()
	f := newSQS(t)
	f.send(t, "poison")
	f.queue.Limit(3)
	for range 3 {
		if len(f.receive(t)) != 1 {
			t.Fatal("not received")
		}
		f.queue.Expire()
	}
	if got := f.receive(t); len(got) != 0 {
		t.Errorf("fourth receive = %+v", got)
	}
	want := []fakeaws.Message{{ID: f.dead.Messages()[0].ID, Body: "poison", Receives: 3}}
	if diff := cmp.Diff(want, f.dead.Messages()); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	if len(f.queue.Messages()) != 0 {
		t.Error("the message is in both queues")
	}
}

func TestSQSDuplicate(t *testing.T) {
	t.Parallel()
	f := newSQS(t)
	f.send(t, "once")
	f.queue.Duplicate(1)
	for i := range 2 {
		got := f.receive(t)
		if len(got) != 1 {
			t.Fatalf("delivery %d: %d messages", i, len(got))
		}
		f.remove(t, got[0])
	}
	if len(f.queue.Messages()) != 0 {
		t.Error("the message is still there")
	}
}

func TestSQSBatchAndDelay(t *testing.T) {
	t.Parallel()
	f := newSQS(t)
	out, err := f.client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: f.url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("now")},
		{Id: aws.String("b"), MessageBody: aws.String("later"), DelaySeconds: 5},
	}})
	if err != nil || len(out.Successful) != 2 || len(out.Failed) != 0 {
		t.Fatalf("SendMessageBatch = %+v, %v", out, err)
	}
	if got := f.receive(t); len(got) != 1 || *got[0].Body != "now" {
		t.Errorf("received %+v, want the one without delay", got)
	}
	f.clock.Add(5 * time.Second)
	if got := f.receive(t); len(got) != 1 || *got[0].Body != "later" {
		t.Errorf("received %+v, want the delayed one", got)
	}

	many := make([]types.SendMessageBatchRequestEntry, 11)
	for i := range many {
		many[i] = types.SendMessageBatchRequestEntry{Id: aws.String(string(rune('a' + i))), MessageBody: aws.String("x")}
	}
	_, err = f.client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: f.url, Entries: many})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "TooManyEntriesInBatchRequest" {
		t.Errorf("eleven entries: %v", err)
	}
}

func TestSQSUnknownQueue(t *testing.T) {
	t.Parallel()
	f := newSQS(t)
	_, err := f.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String("http://127.0.0.1/1/none"), MessageBody: aws.String("x")})
	var gone *types.QueueDoesNotExist
	if !errors.As(err, &gone) {
		t.Errorf("error = %v, want QueueDoesNotExist", err)
	}
}

func TestQueueDeliver(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		answer  func(events.SQSEvent) ([]byte, error)
		remains []string
		fails   bool
	}{
		{"all done", func(events.SQSEvent) ([]byte, error) { return []byte(`{"batchItemFailures":[]}`), nil }, nil, false},
		{"no answer", func(events.SQSEvent) ([]byte, error) { return []byte(`null`), nil }, nil, false},
		{"one failed", func(ev events.SQSEvent) ([]byte, error) {
			return json.Marshal(events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: ev.Records[1].MessageId}}})
		}, []string{"two"}, false},
		{"function error", func(events.SQSEvent) ([]byte, error) { return nil, errors.New("down") }, []string{"one", "two"}, true},
		{"unknown id", func(events.SQSEvent) ([]byte, error) {
			return []byte(`{"batchItemFailures":[{"itemIdentifier":"x"}]}`), nil
		}, []string{"one", "two"}, true},
		{"empty id", func(events.SQSEvent) ([]byte, error) {
			return []byte(`{"batchItemFailures":[{"itemIdentifier":""}]}`), nil
		}, []string{"one", "two"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := newSQS(t)
			f.send(t, "one")
			f.send(t, "two")
			n, err := f.queue.Deliver(t.Context(), 10, func(_ context.Context, payload []byte) ([]byte, error) {
				var ev events.SQSEvent
				if err := json.Unmarshal(payload, &ev); err != nil {
					t.Fatal(err)
				}
				return tc.answer(ev)
			})
			if n != 2 || (err != nil) != tc.fails {
				t.Errorf("Deliver = %d, %v", n, err)
			}
			var remains []string
			for _, m := range f.queue.Messages() {
				remains = append(remains, m.Body)
			}
			if diff := cmp.Diff(tc.remains, remains); diff != "" {
				t.Errorf("remaining (-want +got):\n%s", diff)
			}
			if at, ok := f.queue.NextVisible(); ok && !at.Equal(f.clock.Now().Add(time.Minute)) {
				t.Errorf("NextVisible = %v, want in a minute", at)
			}
		})
	}
}
