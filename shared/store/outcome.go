package store

import "time"

// Outcome is what other mail servers, or the reader, said of a mail that was sent.
type Outcome struct {
	What   OutcomeKind
	At     time.Time
	Detail string // a few words of ours and codes, never what a server wrote: that may name the address
}

// OutcomeKind says what became of a mail.
type OutcomeKind string

// The kinds, from the weakest to the strongest: what is heard later, or a second
// time, replaces what is weaker only. A mail may be delivered and bounce afterwards.
const (
	Delayed    OutcomeKind = "delayed"   // not yet taken; it is being tried
	Delivered  OutcomeKind = "delivered" // the reader's mail server took it
	SoftBounce OutcomeKind = "soft_bounce"
	Bounced    OutcomeKind = "bounced"    // the address does not exist, or takes no mail
	Refused    OutcomeKind = "refused"    // the sender took it and then did not send it
	Complained OutcomeKind = "complained" // the reader called it spam
)

// Rank orders the kinds by strength; 0 is none.
func (k OutcomeKind) Rank() int {
	for i, o := range []OutcomeKind{Delayed, Delivered, SoftBounce, Bounced, Refused, Complained} {
		if k == o {
			return i + 1
		}
	}
	return 0
}

// The tags that a mail takes along, for whoever hears what became of it: the names
// of its line in the ledger.
const (
	TagEvent   = "event"
	TagSubject = "subject"
	TagTo      = "to"
	TagRetry   = "retry" // it was tried although mails to the address came back
)

type outcomeRow struct {
	What   string `json:"o,omitempty"`
	When   int64  `json:"ot,omitempty"`
	Detail string `json:"od,omitempty"`
}

func outcomeRowOf(o Outcome) outcomeRow {
	return outcomeRow{What: string(o.What), When: ms(o.At), Detail: o.Detail}
}

func (r outcomeRow) outcome() Outcome {
	return Outcome{What: OutcomeKind(r.What), At: at(r.When), Detail: r.Detail}
}
