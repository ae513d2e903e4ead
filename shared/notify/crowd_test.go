package notify

import (
	"context"
	"fmt"

	"groundswell/shared/portal"
)

// crowd are members who hear of an idea for all the reasons there are, and those who
// must not although something speaks for it.
type crowd struct{ all, launches, none, muted, voter, quietVoter, both, onDuplicate, gone portal.Member }

func (w *world) crowd() crowd {
	m := func(name string, change func(*portal.MailPrefs)) portal.Member {
		return w.wants(w.member(name, name+"@example.org", []string{"en", "zh"}[len(name)%2]), change)
	}
	as := func(i portal.Interest) func(*portal.MailPrefs) { return func(p *portal.MailPrefs) { p.Followed = i } }
	voted := func(p *portal.MailPrefs) { p.Voted = true }
	usual := func(*portal.MailPrefs) {}
	c := crowd{all: m("all", usual), launches: m("launches", as(portal.LaunchesOnly)), none: m("none", as(portal.Nothing)), muted: m("muted", voted),
		voter: m("voter", voted), quietVoter: m("quiet", usual), both: m("both", voted), onDuplicate: m("twin", usual), gone: m("gone", voted)}
	left := portal.Member{ID: c.gone.ID, Name: portal.FormerMember, Mail: c.gone.Mail, DeletedAt: w.clock.now(), Version: c.gone.Version + 1}
	w.must(w.store.DeleteMember(context.Background(), c.gone, left))
	return c
}

// gather ties the crowd to an idea; the twin follows the duplicate, if there is one.
func (w *world) gather(c crowd, i portal.Idea, dup *portal.Idea) {
	for _, m := range []portal.Member{c.all, c.launches, c.none, c.both, c.gone} {
		w.follows(m, i)
	}
	w.follows(c.muted, i, func(f *portal.Follow) { f.Muted = true })
	for _, m := range []portal.Member{c.muted, c.voter, c.quietVoter, c.both, c.gone} {
		w.votes(m, i)
	}
	if dup != nil {
		w.follows(c.onDuplicate, *dup)
		w.follows(c.all, *dup) // both, and told once
	}
}

// hear counts what is due to the crowd when a step of the idea is told.
func (c crowd) hear(due map[string]int, launch, duplicate bool) {
	due[c.all.Email]++
	due[c.both.Email]++
	if launch {
		due[c.launches.Email]++
		due[c.voter.Email]++
	}
	if duplicate {
		due[c.onDuplicate.Email]++
	}
}

// tale makes ideas that change and are launched in all the ways there are, with a
// crowd that waits for it, and returns the addresses that must hear of it, and how
// often: once for each idea's launch, or its last change.
func tale(w *world, ideas int) (due map[string]int) {
	team := w.member("team", "team@example.org", "en")
	imported := w.member("imported", "", "en")
	crowd := w.crowd()
	people := make([]portal.Member, 4)
	for n := range people {
		people[n] = w.member(fmt.Sprint("person", n), fmt.Sprintf("person%d@example.org", n), []string{"en", "zh"}[n%2])
	}
	due = map[string]int{}
	for n := range ideas {
		ann, bob := people[n%4], people[(n+1)%4]
		i := w.idea(fmt.Sprint("idea ", n), ann)
		var twin *portal.Idea
		if n%7 == 1 { // with duplicates: another's, one's own, an imported one
			for k, by := range []portal.Member{bob, ann, imported} {
				dup := w.idea(fmt.Sprint("dup ", n, k), by)
				w.merge(&dup, &i, team)
				twin = &dup
			}
			due[bob.Email] += 2 // of the merge, and of the launch
			due[ann.Email] += 3 // of each merge
		}
		w.gather(crowd, i, twin)
		w.follows(team, i)
		w.follows(ann, i)
		w.votes(ann, i)
		switch n % 7 {
		case 2: // launched, taken back, launched again
			w.move(&i, portal.Launched, team)
			w.move(&i, portal.InProgress, team)
		case 3: // never launched; of two steps the last is told
			w.move(&i, portal.UnderReview, team)
			w.move(&i, portal.Planned, team)
			crowd.hear(due, false, false)
			due[ann.Email]++ // as a follower
			continue
		case 4: // launched by its own submitter
			w.move(&i, portal.Launched, ann)
			crowd.hear(due, true, false)
			due[team.Email]++
			continue
		case 5: // launched before the import, and an imported author's
			old := w.idea(fmt.Sprint("old ", n), imported)
			w.move(&old, portal.Launched, team)
			w.move(&i, portal.Launched, team, func(h *portal.HistoryEntry) { h.Imported = true })
			continue
		case 6: // in silence
			w.move(&i, portal.Launched, team, func(h *portal.HistoryEntry) { h.Silent = true })
			due[ann.Email]++
			continue
		}
		w.move(&i, portal.Launched, team)
		due[ann.Email]++
		crowd.hear(due, true, twin != nil)
	}
	return due
}
