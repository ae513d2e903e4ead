package notify

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// unmerge takes the link away.
func (w *world) unmerge(dup, into *portal.Idea, by portal.Member) {
	w.t.Helper()
	h := portal.HistoryEntry{IdeaID: dup.ID, Ver: dup.Version + 1, At: w.clock.now(), From: dup.Status, To: dup.Status, By: by.Author(), Unmerged: into.ID}
	dup.Version, dup.MergedInto, into.Version, into.MergedFrom = dup.Version+1, "", into.Version+1, nil
	w.must(w.store.UpdateIdea(context.Background(), portal.IdeaUpdate{Idea: *dup, Prev: dup.Version - 1, History: &h,
		Other: &portal.IdeaUpdate{Idea: *into, Prev: into.Version - 1}}))
}

// TestAuthorsHearOfMerges goes from the history to the mails.
func TestAuthorsHearOfMerges(t *testing.T) {
	t.Parallel()
	quiet := func(h *portal.HistoryEntry) { h.Silent = true }
	for _, tc := range []struct {
		name  string
		do    func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member)
		want  map[string]string // a word of the subject, by address
		skips map[string]string // by address
	}{
		{"both", func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member) { w.merge(cold, tea, team) },
			map[string]string{ann.Email: "same thought", bob.Email: "goes on"}, nil},
		{"in silence", func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member) { w.merge(cold, tea, team, quiet) }, nil, nil},
		{"by one of them", func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member) { w.merge(cold, tea, ann) },
			map[string]string{bob.Email: "goes on"}, nil},
		{"undone before they heard", func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member) {
			w.merge(cold, tea, team)
			w.unmerge(cold, tea, team)
		}, nil, map[string]string{ann.Email: "overtaken", bob.Email: "overtaken"}},
		{"undone, and again", func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member) {
			w.merge(cold, tea, team)
			w.unmerge(cold, tea, team)
			w.merge(cold, tea, team)
		}, map[string]string{ann.Email: "same thought", bob.Email: "goes on"}, map[string]string{ann.Email: "overtaken", bob.Email: "overtaken"}},
		{"muted, and not wanted", func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member) {
			w.follows(ann, *tea, func(f *portal.Follow) { f.Muted = true })
			w.wants(bob, func(m *portal.MailPrefs) { m.Own = false })
			w.merge(cold, tea, team)
		}, nil, map[string]string{ann.Email: "muted", bob.Email: "not_wanted"}},
		{"hidden since", func(w *world, tea, cold *portal.Idea, ann, bob, team portal.Member) {
			w.merge(cold, tea, team)
			tea.Mod.State, tea.Version = portal.Hidden, tea.Version+1
			w.must(w.store.UpdateIdea(context.Background(), portal.IdeaUpdate{Idea: *tea, Prev: tea.Version - 1}))
		}, nil, map[string]string{ann.Email: "hidden", bob.Email: "hidden"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a, b, team := w.member("ann", ann.Email, "en"), w.member("bob", bob.Email, "en"), w.member("team", "team@example.org", "en")
			tea, cold := w.idea("tea", a), w.idea("cold tea", b)
			tc.do(w, &tea, &cold, a, b, team)
			got, skips := w.tellAll(t)
			for to, m := range got {
				if !strings.Contains(m.Subject, tc.want[to]) || tc.want[to] == "" {
					t.Errorf("to %s: %q, want %q", to, m.Subject, tc.want[to])
				}
				if !strings.Contains(m.Text, "cold tea") || !strings.Contains(m.HTML, "cold tea") || len(m.Headers) < 2 || m.Headers[0].Name != "List-Unsubscribe" {
					t.Errorf("to %s: %+v", to, m)
				}
			}
			if len(got) != len(tc.want) {
				t.Errorf("%d mails, want %d", len(got), len(tc.want))
			}
			if d := cmp.Diff(tc.skips, skips); d != "" {
				t.Errorf("not told (-want +got):\n%s", d)
			}
		})
	}
}

// The two authors of these tests.
var ann, bob = portal.Member{Email: "ann@example.org"}, portal.Member{Email: "bob@example.org"}

// tellAll does all jobs about merges, twice, and returns the mails, by address, and for
// whom there was none why not.
func (w *world) tellAll(t *testing.T) (got map[string]mail.Message, skips map[string]string) {
	t.Helper()
	var q mailbag
	c := &Consumer{Ideas: w.store, Queue: &q, Log: slog.New(slog.DiscardHandler)}
	w.must(c.Consume(t.Context(), w.changes()))
	p := &postOffice{}
	worker := w.worker(p, slog.New(slog.DiscardHandler))
	got = map[string]mail.Message{}
	for range 2 {
		for _, b := range q.bodies {
			j, ok := parseJob(b)
			if !ok {
				t.Fatalf("job %s", b)
			}
			if j.Kind != kindMerged {
				continue
			}
			w.must(worker.Handle(t.Context(), b))
			d, err := w.store.Delivery(t.Context(), j.Idea, j.event(), j.To)
			w.must(err)
			if d.State == store.Skipped {
				if skips == nil {
					skips = map[string]string{}
				}
				m, err := w.store.Member(t.Context(), j.To)
				w.must(err)
				skips[m.Email] = d.Why
			}
		}
	}
	for _, m := range p.sent {
		if _, twice := got[m.To]; twice {
			t.Errorf("%s is told twice", m.To)
		}
		got[m.To] = m
	}
	return got, skips
}

// TestDuplicatesCountForMails: who follows or voted for a duplicate hears of the
// original, unless they muted the one; and who muted their own idea does not hear that
// the original is launched.
func TestDuplicatesCountForMails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b, team := w.member("ann", ann.Email, "en"), w.member("bob", bob.Email, "en"), w.member("team", "team@example.org", "en")
	voter, quiet := w.member("voter", "voter@example.org", "en"), w.member("quiet", "quiet@example.org", "en")
	for _, m := range []portal.Member{voter, quiet} {
		w.wants(m, func(p *portal.MailPrefs) { p.Voted = true })
	}
	tea, cold := w.idea("tea", a), w.idea("cold tea", b)
	muted := func(f *portal.Follow) { f.Muted, f.Following = true, false }
	for _, m := range []portal.Member{voter, quiet} {
		w.votes(m, cold)
	}
	w.follows(quiet, cold, muted)
	w.follows(b, cold, muted)
	w.merge(&cold, &tea, team)
	h := w.move(&tea, portal.Launched, team)
	p := &postOffice{}
	worker := w.worker(p, slog.New(slog.DiscardHandler))
	got := map[string]bool{}
	for _, m := range []portal.Member{a, b, voter, quiet} {
		w.must(worker.Handle(t.Context(), job{Kind: kindLaunched, Idea: tea.ID, Ver: h.Ver, To: m.ID}.body()))
	}
	for _, m := range p.sent {
		got[m.To] = true
	}
	if d := cmp.Diff(map[string]bool{ann.Email: true, voter.Email: true}, got); d != "" {
		t.Errorf("who hears of the launch (-want +got):\n%s", d)
	}
}
