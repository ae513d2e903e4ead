package notify

import (
	"encoding/json"
	"time"

	"groundswell/shared/portal"
)

// The kinds of jobs; for mails about ideas, the events of the ledger too.
const (
	kindLaunched = "launched"
	kindSignIn   = "sign_in"
	kindDigest   = "digest"

	kindDigestPage = "digest_page" // queues digests
)

// job is what travels through the queue. Jobs outlive a deployment: a field may be
// added, but never change its meaning.
type job struct {
	Kind string `json:"kind"`

	Idea string `json:"idea,omitempty"` // launched
	Ver  int64  `json:"ver,omitempty"`  // the history entry
	To   string `json:"to,omitempty"`   // a member

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

func parseJob(body string) (j job, ok bool) {
	if json.Unmarshal([]byte(body), &j) != nil {
		return job{}, false
	}
	switch j.Kind {
	case kindLaunched:
		ok = portal.ValidTimedID(j.Idea) && portal.ValidMemberID(j.To)
	case kindDigest:
		ok = !j.Week.Start().IsZero() && portal.ValidMemberID(j.To)
	case kindDigestPage:
		ok = !j.Week.Start().IsZero() && j.Place != nil && j.Place.Lane >= 0 && j.Place.Lane < portal.DigestLanes
	case kindSignIn:
		ok = j.ID != "" && len(j.ID) <= 100 && j.Email != "" && j.Code != "" && !j.Expires.IsZero()
	}
	return j, ok
}
