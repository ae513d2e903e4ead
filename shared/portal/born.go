package portal

import "time"

// Born is from when on the idea counts as new: its birth or, of one that missed the
// summary of that week since nobody could see it yet, when it became public. So
// each idea is new in one weekly summary, and in no other.
func (i Idea) Born() time.Time { return born(i.CreatedAt, i.Published) }

func born(created, published time.Time) time.Time {
	if published.After(created) {
		return published
	}
	return created
}

// publish is what becomes of the idea's Born when it becomes public, before Mod says so.
// The summary of a week is about the ideas that were born in it and are public when it
// goes out, so this one was missed if the week is over, and the idea went out of sight
// before that summary.
func (i *Idea) publish(now time.Time) {
	since := i.Mod.since()
	over := DigestWeekOf(i.Born()).Start().AddDate(0, 0, 7)
	if !since.IsZero() && since.Before(over.Add(digestAt)) && !now.Before(over) {
		i.Published = now
	}
}

// next is the Since of what the moderation becomes.
func (m Moderation) next(to Moderation, now time.Time) time.Time {
	switch {
	case to.Shown():
		return time.Time{}
	case m.Shown():
		return now
	}
	return m.since()
}

// since is Since; rows from before that have At, which may be later.
func (m Moderation) since() time.Time {
	if m.Since.IsZero() {
		return m.At
	}
	return m.Since
}
