package fakeaws_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/google/go-cmp/cmp"

	"groundswell/infra/rehearsal/fakeaws"
	"groundswell/shared/feedback"
	"groundswell/shared/store"
)

// TestSESPublishes: what is published is what the portal understands, about the mail
// that was sent, and as long as it went out with a configuration set.
func TestSESPublishes(t *testing.T) {
	t.Parallel()
	fake := &fakeaws.SES{Fate: func(fakeaws.Mail) []fakeaws.MailEvent {
		return []fakeaws.MailEvent{fakeaws.Delayed, fakeaws.Delivered, fakeaws.MailboxFull, fakeaws.HardBounce, fakeaws.Complaint}
	}}
	client := sesClient(t, fake)
	in := &ses.SendRawEmailInput{RawMessage: &types.RawMessage{Data: []byte(rawMail)}, Destinations: []string{"Ann@example.com"}, ConfigurationSetName: aws.String("portal"),
		Tags: []types.MessageTag{{Name: aws.String("event"), Value: aws.String("launched")}, {Name: aws.String("subject"), Value: aws.String("idea1")}, {Name: aws.String("to"), Value: aws.String("member1")}}}
	out, err := client.SendRawEmail(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var got []store.OutcomeKind
	for _, raw := range fake.Events() {
		e, heard, err := feedback.Parse(raw)
		if err != nil || !heard {
			t.Fatalf("%s: heard %t, %v", raw, heard, err)
		}
		if e.MessageID != *out.MessageId || e.Name != "launched" || e.Subject != "idea1" || e.To != "member1" {
			t.Errorf("event %+v", e)
		}
		if diff := cmp.Diff([]string{"ann@example.com"}, e.Addresses); diff != "" {
			t.Errorf("addresses (-want +got):\n%s", diff)
		}
		got = append(got, e.What)
	}
	if diff := cmp.Diff([]store.OutcomeKind{store.Delayed, store.Delivered, store.SoftBounce, store.Bounced, store.Complained}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	in.ConfigurationSetName = nil
	if _, err := client.SendRawEmail(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if left := fake.Events(); len(left) != 0 {
		t.Errorf("%d events that were taken already, or of a mail without a configuration set", len(left))
	}
}
