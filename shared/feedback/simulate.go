package feedback

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"groundswell/shared/store"
)

// Simulated are the things that a local program can pretend to have heard.
var Simulated = []store.OutcomeKind{store.Delivered, store.SoftBounce, store.Bounced, store.Complained}

// Simulate is an event as SES would publish it about the mail with the message id
// that is a line of the ledger, subject, event and reader, and went to the address.
func Simulate(what store.OutcomeKind, messageID, subject, event, reader, address string, at time.Time) (string, error) {
	to := []map[string]string{{"emailAddress": address, "action": "failed"}}
	part := map[string]any{"timestamp": at.UTC().Format(time.RFC3339Nano)}
	detail := map[string]any{"mail": map[string]any{"messageId": messageID, "destination": []string{address},
		"tags": map[string][]string{store.TagEvent: {event}, store.TagSubject: {subject}, store.TagTo: {reader}}}}
	switch what {
	case store.Delivered:
		detail["eventType"], detail["delivery"] = "Delivery", part
	case store.SoftBounce:
		part["bounceType"], part["bounceSubType"], part["bouncedRecipients"] = "Transient", "MailboxFull", to
		detail["eventType"], detail["bounce"] = "Bounce", part
	case store.Bounced:
		part["bounceType"], part["bounceSubType"], part["bouncedRecipients"] = "Permanent", "General", to
		detail["eventType"], detail["bounce"] = "Bounce", part
	case store.Complained:
		part["complaintFeedbackType"], part["complainedRecipients"] = "abuse", to
		detail["eventType"], detail["complaint"] = "Complaint", part
	default:
		return "", errors.New("nothing that can be simulated")
	}
	b, err := json.Marshal(map[string]any{"source": "aws.ses", "detail": detail})
	if err != nil {
		return "", fmt.Errorf("simulate an event: %w", err)
	}
	return string(b), nil
}
