package fakeaws

import (
	"encoding/json"
	"fmt"
	"time"
)

// MailEvent is something that SES publishes about a mail that it accepted.
type MailEvent int

// The events.
const (
	Delivered   MailEvent = iota // the reader's mail server took it
	HardBounce                   // there is no such address
	MailboxFull                  // SES tried for hours and gave up
	Complaint                    // the reader called it spam
	Delayed                      // not taken yet
)

// Publish makes the event about the mail, as it would reach a rule of EventBridge,
// and keeps it for Events. Where the mail went out without a configuration set,
// nothing is published.
func (s *SES) Publish(m Mail, e MailEvent) {
	if m.ConfigurationSet == "" {
		return
	}
	raw, err := json.Marshal(sesEvent(m, e, time.Now().UTC()))
	if err != nil {
		panic("fakeaws: marshal event: " + err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, raw)
}

// Events takes the events that were published since the last call. EventBridge
// promises no order, and to deliver each at least once.
func (s *SES) Events() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.events
	s.events = nil
	return out
}

type object = map[string]any

// sesEvent has the form that "Examples of event data that Amazon SES publishes" in
// the Developer Guide show, in the envelope of the EventBridge reference, "Events
// from Amazon SES".
func sesEvent(m Mail, e MailEvent, now time.Time) object {
	const ms = "2006-01-02T15:04:05.000Z"
	at := now.Format(ms)
	tags := object{"ses:operation": []string{"SendRawEmail"}, "ses:configuration-set": []string{m.ConfigurationSet}}
	for k, v := range m.Tags {
		tags[k] = []string{v}
	}
	detail := object{"mail": object{"timestamp": m.At.Format(ms), "messageId": m.ID, "source": m.From, "sendingAccountId": AccountID,
		"destination": m.Destinations, "headersTruncated": false, "tags": tags}}
	var to []object
	for _, d := range m.Destinations {
		to = append(to, object{"emailAddress": d})
	}
	failed := func(status, text string) []object {
		for i := range to {
			to[i]["action"], to[i]["status"], to[i]["diagnosticCode"] = "failed", status, fmt.Sprintf("smtp; %s <%s> %s", status, to[i]["emailAddress"], text)
		}
		return to
	}
	typ := ""
	switch e {
	case Delivered:
		typ, detail["eventType"] = "Email Delivered", "Delivery"
		detail["delivery"] = object{"timestamp": at, "processingTimeMillis": 900, "recipients": m.Destinations, "smtpResponse": "250 ok"}
	case HardBounce:
		typ, detail["eventType"] = "Email Bounced", "Bounce"
		detail["bounce"] = object{"feedbackId": m.ID + "-b", "bounceType": "Permanent", "bounceSubType": "General",
			"bouncedRecipients": failed("5.1.1", "no such mailbox"), "timestamp": at}
	case MailboxFull:
		typ, detail["eventType"] = "Email Bounced", "Bounce"
		detail["bounce"] = object{"feedbackId": m.ID + "-b", "bounceType": "Transient", "bounceSubType": "MailboxFull",
			"bouncedRecipients": failed("4.2.2", "over quota"), "timestamp": at}
	case Complaint:
		typ, detail["eventType"] = "Email Complaint Received", "Complaint"
		detail["complaint"] = object{"feedbackId": m.ID + "-c", "complaintSubType": nil, "complainedRecipients": to, "timestamp": at,
			"complaintFeedbackType": "abuse"}
	case Delayed:
		typ, detail["eventType"] = "Email Delivery Delayed", "DeliveryDelay"
		detail["deliveryDelay"] = object{"timestamp": at, "delayType": "MailboxFull", "delayedRecipients": failed("4.2.2", "over quota")}
	}
	return object{"version": "0", "id": m.ID + fmt.Sprint("-", int(e)), "detail-type": typ, "source": "aws.ses", "account": AccountID,
		"time": now.Format(time.RFC3339), "region": "eu-west-1", "resources": []string{}, "detail": detail}
}
