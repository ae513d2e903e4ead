package portal

import (
	"fmt"
	"time"
)

// DigestWeek names a week from Monday to Sunday, in UTC, as ISO 8601 counts: "2026W48".
type DigestWeek string

// digestAt is how long after Monday's midnight the summary of the week before goes out.
const digestAt = 8 * time.Hour

// DigestWeekOf is the week of t.
func DigestWeekOf(t time.Time) DigestWeek {
	y, w := t.UTC().ISOWeek()
	return DigestWeek(fmt.Sprintf("%04dW%02d", y, w))
}

// Start is the week's Monday, 00:00 UTC; the zero time for what is no week.
func (w DigestWeek) Start() time.Time {
	var y, n int
	if _, err := fmt.Sscanf(string(w), "%4dW%2d", &y, &n); err != nil || y < firstYear || y > lastYear {
		return time.Time{}
	}
	t := time.Date(y, time.January, 4, 0, 0, 0, 0, time.UTC) // is always in the first week
	t = t.AddDate(0, 0, 7*(n-1)-(int(t.Weekday())+6)%7)
	if DigestWeekOf(t) != w {
		return time.Time{}
	}
	return t
}

// Before is the week before.
func (w DigestWeek) Before() DigestWeek { return DigestWeekOf(w.Start().AddDate(0, 0, -7)) }

// DigestDue is the week whose summaries are to be sent at t: each tells of the week
// before. Until Monday morning there is none.
func DigestDue(t time.Time) (w DigestWeek, due bool) {
	w = DigestWeekOf(t)
	return w, t.Sub(w.Start()) >= digestAt
}

// DigestRun is how far the sending of a week's summaries has come: Lane and Cursor
// say which subscribers come next, the Last ones which were queued last, and Moved when
// that was.
type DigestRun struct {
	Week    DigestWeek
	At      DigestPlace
	Last    DigestPlace
	Moved   time.Time
	Done    bool
	Version int64
}

// DigestPlace is a place among the subscribers, who are kept in DigestLanes lists.
type DigestPlace struct {
	Lane   int    `json:"lane,omitempty"`
	Cursor string `json:"cursor,omitempty"`
}

// DigestLanes is the number of lists of subscribers: one would be one partition.
const DigestLanes = 16

// WantsDigest reports whether the member gets the weekly summary.
func (m Member) WantsDigest() bool { return m.Mail.Digest && m.Unreachable() == "" }
