package template_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"groundswell/shared/projection"
	"groundswell/shared/reconcile"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// TestStreamSources: a record that can't be handled neither holds up its shard for
// a day nor is lost without a trace, and at most two functions read a shard.
func TestStreamSources(t *testing.T) {
	t.Parallel()
	readers := 0
	for id, m := range ofType(translated(t), "AWS::Lambda::EventSourceMapping") {
		if compact(m["FunctionResponseTypes"]) != `["ReportBatchItemFailures"]` {
			t.Errorf("%s: a failure repeats the whole batch", id)
		}
		if compact(m["EventSourceArn"]) != theStream {
			continue
		}
		readers++
		for what, ok := range map[string]bool{
			"does not start at the oldest record":      m["StartingPosition"] == "TRIM_HORIZON",
			"gives up without a trace":                 compact(at(m, "DestinationConfig", "OnFailure", "Destination")) == failures,
			"does not bisect":                          m["BisectBatchOnFunctionError"] == true,
			"retries without end, or hardly":           between(m["MaximumRetryAttempts"], 10, 100),
			"keeps records past the stream's 24 hours": between(m["MaximumRecordAgeInSeconds"], 3600, 20*3600),
			"has no window, or one that is felt":       between(m["MaximumBatchingWindowInSeconds"], 1, 2),
		} {
			if !ok {
				t.Errorf("%s %s", id, what)
			}
		}
	}
	if readers != 2 {
		t.Errorf("%d readers of the stream, want 2", readers)
	}
}

func between(v any, low, high float64) bool {
	n, ok := v.(float64)
	return ok && low <= n && n <= high
}

// TestFilters: who hears of which record. What a function writes itself must not
// wake it: nothing stops such a loop.
func TestFilters(t *testing.T) {
	t.Parallel()
	hears := map[string][]string{
		store.KindVote: {"projections"}, store.KindComment: {"projections"}, store.KindIdea: {"projections"}, store.KindMember: {"projections"},
		store.KindBody:    {"projections"},
		store.KindHistory: {"notifications", "projections"},
		store.KindCard:    {}, store.KindTally: {}, store.KindTalk: {}, store.KindPosting: {}, store.KindActive: {}, // written by projections
		store.KindMail:    {}, // written by mail
		store.KindSession: {}, store.KindAddress: {}, store.KindCode: {}, store.KindKey: {}, store.KindUse: {},
		store.KindJob: {}, store.KindOutbox: {}, store.KindSuppression: {}, store.KindRound: {}, store.KindSuspect: {}, store.KindDigest: {},
		store.KindMailKey: {}, store.KindNetworkKey: {},
	}
	image := func(kind string) string {
		return `{"pk":{"S":"a"},"sk":{"S":"b"},"k":{"S":"` + kind + `"},"v":{"N":"1"}}`
	}
	for kind, want := range hears {
		if got := projection.Reacts(table.Change{New: &table.Record{Kind: kind}}); got != slices.Contains(want, "projections") {
			t.Errorf("projection reacts to %s: %v", kind, got)
		}
		for event, record := range map[string]string{
			"INSERT": fmt.Sprintf(`{"eventName":"INSERT","dynamodb":{"NewImage":%s}}`, image(kind)),
			"MODIFY": fmt.Sprintf(`{"eventName":"MODIFY","dynamodb":{"NewImage":%s,"OldImage":%s}}`, image(kind), image(kind)),
			"REMOVE": fmt.Sprintf(`{"eventName":"REMOVE","dynamodb":{"OldImage":%s}}`, image(kind)),
		} {
			got := []string{}
			for _, f := range functions(t) {
				for _, s := range f.Sources {
					if s.Type != "DynamoDB" {
						continue
					}
					ok, err := s.Match([]byte(record))
					if err != nil {
						t.Fatal(err)
					}
					if ok {
						got = append(got, f.Name)
					}
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s of %s: %v hear of it, want %v", event, kind, got, want)
			}
		}
	}
}

// TestMailQueue: a mail that can't be sent is tried for long, then kept.
func TestMailQueue(t *testing.T) {
	t.Parallel()
	all := translated(t)
	queues := ofType(all, "AWS::SQS::Queue")
	for id, q := range queues {
		if q["SqsManagedSseEnabled"] != true {
			t.Errorf("%s: not encrypted", id)
		}
		if id != "MailQueue" && q["MessageRetentionPeriod"] != float64(14*24*3600) {
			t.Errorf("%s: forgets before 14 days", id)
		}
	}
	if len(ofType(all, "AWS::SQS::QueuePolicy")) != len(queues) {
		t.Error("a queue without a policy")
	}
	for id, p := range ofType(all, "AWS::SQS::QueuePolicy") {
		s := at(p, "PolicyDocument", "Statement", 0)
		if at(s, "Effect") != "Deny" || at(s, "Condition", "Bool", "aws:SecureTransport") != "false" {
			t.Errorf("%s: not over TLS only", id)
		}
	}
	q := queues["MailQueue"]
	if compact(at(q, "RedrivePolicy", "deadLetterTargetArn")) != `{"Fn::GetAtt":["MailDeadLetters","Arn"]}` {
		t.Error("no dead-letter queue")
	}
	visibility, _ := q["VisibilityTimeout"].(float64)
	tries, _ := at(q, "RedrivePolicy", "maxReceiveCount").(float64)
	if tried := time.Duration(visibility*tries) * time.Second; tried < time.Hour {
		t.Errorf("gives up after %v", tried)
	}
	for _, f := range functions(t) {
		for _, s := range f.Sources {
			if s.Type != "SQS" {
				continue
			}
			if time.Duration(visibility)*time.Second < 6*f.Timeout+s.Window {
				t.Errorf("%s: %v s of invisibility for a timeout of %v: mails are delivered twice", f.ID, visibility, f.Timeout)
			}
			if at(s.Properties, "ScalingConfig", "MaximumConcurrency") == nil {
				t.Errorf("%s: as many at once as Lambda likes", f.ID)
			}
		}
	}
}

// TestGrace: reconciliation calls a difference one only after the stream has given
// up what could still have put it right.
func TestGrace(t *testing.T) {
	t.Parallel()
	for _, f := range functions(t) {
		if f.Name != "projections" {
			continue
		}
		age := integer(t, f.Sources[0].Properties["MaximumRecordAgeInSeconds"])
		if kept := time.Duration(age) * time.Second; reconcile.DefaultGrace < kept+time.Hour/2 {
			t.Errorf("a grace of %v, and changes are tried for %v", reconcile.DefaultGrace, kept)
		}
		return
	}
	t.Error("no projections")
}

func integer(t *testing.T, v any) int {
	t.Helper()
	n, ok := v.(int)
	if !ok {
		t.Fatalf("%v is no whole number", v)
	}
	return n
}
