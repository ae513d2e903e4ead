package template_test

import (
	"fmt"
	"testing"
	"time"
)

// TestNothingLost: whatever invokes a function tries again, not for ever, and what
// it gives up ends in a queue that has an alarm.
func TestNothingLost(t *testing.T) {
	t.Parallel()
	all := translated(t)
	const eventFailures = `{"Fn::GetAtt":["EventFailures","Arn"]}`
	rules := 0
	for _, f := range functions(t) {
		if len(f.Rules) == 0 {
			if len(f.Routes)+len(f.Sources) == 0 {
				t.Errorf("%s: nothing invokes it", f.ID)
			}
			continue
		}
		c := at(all[f.ID+"EventInvokeConfig"], "Properties")
		for id, r := range ofType(all, "AWS::Lambda::EventInvokeConfig") {
			if compact(r["FunctionName"]) == `{"Ref":"`+f.ID+`"}` {
				c = at(all[id], "Properties")
			}
		}
		if got := compact(at(c, "DestinationConfig", "OnFailure", "Destination")); got != eventFailures {
			t.Errorf("%s: an event that it fails on goes to %s", f.ID, got)
		}
		if at(c, "Qualifier") != "live" && compact(at(c, "Qualifier")) == "null" {
			t.Errorf("%s: that is not about its alias", f.ID)
		}
		if !between(at(c, "MaximumEventAgeInSeconds"), 60, 21600) || !between(at(c, "MaximumRetryAttempts"), 0, 2) {
			t.Errorf("%s: tried again %s", f.ID, compact(c))
		}
		for _, r := range f.Rules {
			rules++
			if got := compact(at(r.Properties, "DeadLetterConfig", "Arn")); got != eventFailures {
				t.Errorf("%s: what %s can't deliver goes to %s", f.ID, r.Type, got)
			}
			if at(r.Properties, "RetryPolicy", "MaximumRetryAttempts") == nil || at(r.Properties, "RetryPolicy", "MaximumEventAgeInSeconds") == nil {
				t.Errorf("%s: %s tries again as it likes", f.ID, r.Type)
			}
		}
	}
	if rules == 0 {
		t.Error("no rules")
	}
	puts := compact(at(all["EventFailuresOverTls"], "Properties", "PolicyDocument", "Statement", 1))
	if want := `{"Action":"sqs:SendMessage","Condition":{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}},"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Resource":{"Fn::GetAtt":["EventFailures","Arn"]}}`; puts != want {
		t.Errorf("Amazon EventBridge may not leave there what it can't deliver: %s", puts)
	}
}

// TestQueues: every queue is encrypted, closed to plain HTTP, and one that something
// is given up into keeps it for two weeks and rings.
func TestQueues(t *testing.T) {
	t.Parallel()
	all := translated(t)
	closed := map[string]bool{}
	for _, p := range ofType(all, "AWS::SQS::QueuePolicy") {
		s := at(p, "PolicyDocument", "Statement", 0)
		queue := fmt.Sprint(at(p, "Queues", 0, "Ref"))
		closed[queue] = at(s, "Effect") == "Deny" && at(s, "Principal") == "*" && at(s, "Action") == "sqs:*" &&
			at(s, "Condition", "Bool", "aws:SecureTransport") == "false" && at(s, "Resource", "Fn::GetAtt", 0) == queue
	}
	for id, q := range ofType(all, "AWS::SQS::Queue") {
		if q["SqsManagedSseEnabled"] != true {
			t.Errorf("%s: not encrypted", id)
		}
		if !closed[id] {
			t.Errorf("%s: not over TLS only", id)
		}
		if q["RedrivePolicy"] == nil {
			if q["MessageRetentionPeriod"] != float64(14*24*3600) {
				t.Errorf("%s: forgets before 14 days", id)
			}
			if alarms(t)[id+"Filled"] == nil {
				t.Errorf("%s: fills without an alarm", id)
			}
			continue
		}
		dead := at(q, "RedrivePolicy", "deadLetterTargetArn", "Fn::GetAtt", 0)
		if all[fmt.Sprint(dead)]["Type"] != "AWS::SQS::Queue" {
			t.Errorf("%s: no dead-letter queue", id)
		}
		visibility, _ := q["VisibilityTimeout"].(float64)
		readers := 0
		for _, f := range functions(t) {
			for _, s := range f.Sources {
				if at(s.From, "Fn::GetAtt", 0) != id {
					continue
				}
				readers++
				if time.Duration(visibility)*time.Second < 6*f.Timeout+s.Window {
					t.Errorf("%s: %v s of invisibility for a timeout of %v: delivered twice", id, visibility, f.Timeout)
				}
			}
		}
		if readers != 1 {
			t.Errorf("%s: %d readers", id, readers)
		}
	}
}
