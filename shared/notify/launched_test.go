package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

func TestLaunchedFrom(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 23, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	page := portal.IdeaPage{
		Idea: portal.Idea{Title: "Tea", CreatedAt: start},
		Card: portal.Card{Votes: 7},
		History: []portal.HistoryEntry{
			{Ver: 1, At: day(0), To: portal.New},
			{Ver: 2, At: day(1), From: portal.New, To: portal.Planned, Note: "soon"},
			{Ver: 3, At: day(2), From: portal.Planned, To: portal.Planned, Merged: "other"},
			{Ver: 4, At: day(3), From: portal.Planned, To: portal.Planned, Unmerged: "other"},
			{Ver: 6, At: day(9), From: portal.Planned, To: portal.Launched, Note: "here", Link: "https://example.com"},
			{Ver: 7, At: day(10), From: portal.Launched, To: portal.InProgress, Note: "broken"},
		},
	}
	want := Launched{Title: "Tea", Votes: 7, Days: 9, Note: "here", Link: "https://example.com", Path: []Step{
		{To: portal.New, Submitted: true, At: day(0)}, {To: portal.Planned, At: day(1)}, {To: portal.Launched, At: day(9), Last: true}}}
	if diff := cmp.Diff(want, LaunchedFrom(page, 6)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	page.Idea.CreatedAt = day(9).Add(-24*time.Hour + time.Second)
	if d := LaunchedFrom(page, 6).Days; d != 0 {
		t.Errorf("%d days, want 0: none is over", d)
	}
	page.Idea.CreatedAt = day(99)
	if d := LaunchedFrom(page, 6).Days; d != 0 {
		t.Errorf("%d days, want 0: clocks differ", d)
	}
}

func TestLongPathsKeepBothEnds(t *testing.T) {
	t.Parallel()
	for n, more := range map[int]int{2: 0, longest: 0, longest + 1: 2, 31: 24} {
		var page portal.IdeaPage
		for v := range n {
			h := portal.HistoryEntry{Ver: int64(v + 1), From: portal.New, To: portal.Planned}
			if v == 0 {
				h.From, h.To = "", portal.New
			}
			page.History = append(page.History, h)
		}
		path := LaunchedFrom(page, int64(n)).Path
		left := 0
		for _, s := range path {
			left += s.More
		}
		shown := len(path)
		if left > 0 {
			shown--
		}
		if len(path) > longest || left != more || shown+left != n || !path[0].Submitted || !path[len(path)-1].Last {
			t.Errorf("%d steps: %d lines, %d left out; want %d left out\n%+v", n, len(path), left, more, path)
		}
	}
}

func TestCalledBy(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Ann": "Ann", "": "", "member-4t52at": "", "member-": "member-", "member-of-the-club": "member-of-the-club"} {
		if got := calledBy(portal.Member{ID: "4t52at0dvjt487rq3vps", Name: name}); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}

// Whoever's idea was merged reads another story than whoever's idea it was; both
// read the same path.
func TestEverybodyReadsTheirStory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, ann, bob := w.member("Boss", "boss@example.com", "en"), w.member("Ann", "ann@example.org", "en"), w.member("Bob", "bob@example.org", "en")
	idea, dup := w.idea("Tea for two", ann), w.idea("Tea for all", bob)
	w.clock.advance(5 * 24 * time.Hour)
	w.merge(&dup, &idea, boss)
	w.clock.advance(25 * 24 * time.Hour)
	h := w.move(&idea, portal.Launched, boss)
	var p postOffice
	for _, to := range []portal.Member{ann, bob} {
		body := job{Kind: kindLaunched, Idea: idea.ID, Ver: h.Ver, To: to.ID}.body()
		if err := w.worker(&p, new(logged).logger()).Handle(t.Context(), body); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.sent) != 2 {
		t.Fatalf("%d mails, want 2", len(p.sent))
	}
	for i, want := range [][]string{{"Your idea is real", "Hello Ann,"}, {"An idea like yours is real", "Hello Bob,"}} {
		for _, want := range append(want, "4 May 2026", "3 June 2026", "\n30 days from idea to launch\n", "/ideas/"+idea.ID+"/tea-for-two\n") {
			if !strings.Contains(p.sent[i].Text, want) {
				t.Errorf("mail to %s without %q:\n%s", p.sent[i].To, want, p.sent[i].Text)
			}
		}
		if strings.Contains(p.sent[i].Text, "9 May 2026") {
			t.Errorf("the merge is told as a step:\n%s", p.sent[i].Text)
		}
	}
}
