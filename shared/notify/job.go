package notify

import (
	"encoding/json"
	"fmt"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// The kinds of jobs; for mails about ideas, the events of the ledger too.
const (
	kindLaunched = "launched"
	kindChanged  = "changed" // a step that is no launch
	kindMerged   = "merged"  // two ideas, told to their authors
	kindFanOut   = "fan_out" // a page of those who hear of a step
	kindDecided  = "decided" // what the team decided about somebody's idea or comment
	kindEntered  = "entered" // the team wrote an idea down for somebody
	kindShown    = "shown"   // an idea is public after all: what was missed meanwhile
	kindSignIn   = "sign_in"
	kindDigest   = "digest"

	kindDigestPage = "digest_page" // queues digests
)

// job is what travels through the queue. Jobs outlive a deployment: a field may be
// added, but never change its meaning.
type job struct {
	Kind string `json:"kind"`

	Idea string `json:"idea,omitempty"` // launched, changed, fan_out, decided, entered; merged: the one that To submitted
	Dup  string `json:"dup,omitempty"`  // merged: the duplicate
	Ver  int64  `json:"ver,omitempty"`  // the history entry, of Dup where there is one
	Line string `json:"line,omitempty"` // decided: of the audit log
	To   string `json:"to,omitempty"`   // a member

	// Again is the line of the audit log that made the idea public: the job tells what
	// was missed before, or, shown, finds it.
	Again string `json:"again,omitempty"`

	Page  int `json:"page,omitempty"` // fan_out: counts from 0
	place     // fan_out: where the page begins
	Try   int `json:"try,omitempty"` // how often the sender had no room for it

	ID      string    `json:"id,omitempty"` // sign_in
	Email   string    `json:"email,omitempty"`
	Code    string    `json:"code,omitempty"`
	Locale  string    `json:"locale,omitempty"`
	Expires time.Time `json:"expires,omitzero"`

	Week  portal.DigestWeek   `json:"week,omitempty"`  // digest, digest_page
	Place *portal.DigestPlace `json:"place,omitempty"` // digest_page
}

func (j job) body() string {
	b, err := json.Marshal(j)
	if err != nil {
		panic("notify: marshal job: " + err.Error()) // strings, a number and a time
	}
	return string(b)
}

// event is what the ledger calls the step that the job tells of. An idea is launched
// once, whatever comes after; each other change is one of its own.
func (j job) event() string {
	switch j.Kind {
	case kindLaunched, kindEntered:
		return j.Kind
	case kindMerged: // its version is the duplicate's, and the line stands with either idea
		return fmt.Sprintf("%s-%s-%d", j.Kind, j.Dup, j.Ver)
	case kindDecided:
		return kindDecided + "-" + j.Line
	}
	return fmt.Sprintf("%s-%d", j.Kind, j.Ver)
}

// kindOf is the kind of the jobs that tell of the step.
func kindOf(h portal.HistoryEntry) string {
	if launch(h) {
		return kindLaunched
	}
	return kindChanged
}

func parseJob(body string) (j job, ok bool) {
	if json.Unmarshal([]byte(body), &j) != nil {
		return job{}, false
	}
	switch j.Kind {
	case kindFanOut:
		ok = portal.ValidTimedID(j.Idea) && j.Page >= 0 && (j.Of == "" || portal.ValidTimedID(j.Of)) && j.Lane >= 0 && j.Lane < store.Lanes &&
			(j.After == "" || portal.ValidMemberID(j.After))
	case kindMerged:
		ok = portal.ValidTimedID(j.Idea) && portal.ValidTimedID(j.Dup) && portal.ValidMemberID(j.To)
	case kindLaunched, kindChanged, kindEntered:
		ok = portal.ValidTimedID(j.Idea) && portal.ValidMemberID(j.To)
	case kindDecided:
		ok = portal.ValidTimedID(j.Idea) && portal.ValidTimedID(j.Line) && portal.ValidMemberID(j.To)
	case kindShown:
		ok = portal.ValidTimedID(j.Idea) && portal.ValidTimedID(j.Again)
	case kindDigest:
		ok = !j.Week.Start().IsZero() && portal.ValidMemberID(j.To)
	case kindDigestPage:
		ok = !j.Week.Start().IsZero() && j.Place != nil && j.Place.Lane >= 0 && j.Place.Lane < portal.DigestLanes
	case kindSignIn:
		ok = j.ID != "" && len(j.ID) <= 100 && j.Email != "" && j.Code != "" && !j.Expires.IsZero()
	}
	return j, ok
}
