package web

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// inboxSamples have everything that the console can show of an idea.
func inboxSamples(b base, card cardView, forms *teamForms, steps []stepView) []framed {
	p, at := i18n.For(b.Lang), time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	full := &panelView{Card: card, Status: portal.New, Body: "<p>Text</p>", Edit: "/edit/1", Steps: castSteps(b.Lang, steps), Forms: forms, Next: "2",
		Similar: []similarView{{"3", "/ideas/3/x", "Tea & <milk>", "4 votes"}}, MailURL: "/team/ideas/1/mail", ToldAll: "/team/ideas/1/told", Problems: problems{{Text: "Somebody was faster."}},
		Readers: []readerView{{ID: "a", Name: "Ada", Language: "English", Own: true}, {ID: "b", Name: "<Bo>", Language: "中文"}}, Unheard: []readerView{{Name: "Cy", Why: "Gone."}},
		Changed: &changedView{Steps: castSteps(b.Lang, steps), Edited: true}}
	full.Told, full.Telling, full.Desk = toldSample(p, at), true, deskSample(p, "")
	alone := &panelView{Card: card, Status: portal.Launched, Forms: &teamForms{Version: 2, StatusURL: "/s", MergeURL: "/m"}, From: fromBoard, Desk: emptyDesk(p, fromBoard),
		Entered: &enteredView{Heading: "Written down", Channel: "By phone", Words: "Twice"}, Hidden: &moderationView{Heading: "Hidden", Reasons: []string{"spam"}, Note: "No"}}
	merged := &panelView{Card: card, Forms: &teamForms{Version: 2, Merged: true, MergeURL: "/team/ideas/1/merge"}, From: fromList, Desk: deskSample(p, fromList), Into: &rowView{URL: "/ideas/2/x", Title: "Tea"}, Entered: &enteredView{Heading: "Written down", Channel: "By phone"}}
	rows := []inboxRow{{Card: card, Votes: "1 vote", Open: "/team?idea=1#panel", Now: true}}
	return []framed{
		&inboxView{base: b, Tab: "inbox", Rows: rows, Count: "1+", Pager: pager{First: "/team", Next: "/team?cursor=x"}, Panel: full, Chosen: true},
		&inboxView{base: b, Tab: "inbox"},
		&inboxView{base: b, Tab: "board", Panel: alone, Alone: true},
		&inboxView{base: b, Panel: merged, Alone: true},
	}
}

func toldSample(p *i18n.Printer, at time.Time) (out []toldView) {
	for state, why := range map[string]string{"sent": "", "sending": "", "pending": "", "failed": "rejected", "skipped": "no_address", "odd": "odd <word>"} {
		out = append(out, toldOf(p, portal.Told{MailLine: portal.MailLine{To: "0123456789abcdefghjk", Event: "launched", State: state, Why: why, At: at}}))
	}
	for _, o := range []string{"delayed", "delivered", "soft_bounce", "bounced", "refused", "complained"} {
		out = append(out, toldOf(p, portal.Told{MailLine: portal.MailLine{To: "0123456789abcdefghjk", Event: "launched", State: "sent", At: at, Outcome: o, OutcomeAt: at}}))
	}
	return out
}

func toldPageSample(b base) framed {
	return toldPageView{base: b, Idea: "Tea & <milk>", Back: "/team/ideas/1", Told: toldSample(i18n.For(b.Lang), time.Unix(0, 0)), Pager: pager{First: "/team/ideas/1/told"}}
}

func boardSamples(b base) []framed {
	p := i18n.For(b.Lang)
	c := boardCardOf(p, portal.Card{ID: "1", Title: "Tea & <milk>", Status: portal.New, Votes: -71, Version: 3})
	c.Moved = true
	column := columnView{Status: portal.New, Count: "1+", More: "/team/board?column=new&cursor=x", Cards: []boardCard{c}}
	only := column
	only.First = "/team/board"
	return []framed{
		boardView{base: b, Tab: "board", Columns: []columnView{column, {Status: portal.Planned, Count: "0"}}},
		boardView{base: b, Tab: "board", Columns: []columnView{only}, Only: true},
	}
}

// A mail's page has the mail in a frame of its own, and no markup of the mail's in
// itself.
func TestLetter(t *testing.T) {
	t.Parallel()
	v := letterView{base: base{Lang: "en", Title: "Real <now>"}, Letter: portal.Letter{Subject: "Real <now>", Text: "Line\n<b>"}, Framed: `<p style="x">"Hi"</p>`, To: "Ada", Language: "English"}
	var out bytes.Buffer
	if err := fragment(&out, "team", "en", "letter", v); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>Real &lt;now&gt;</title>", `srcdoc="&lt;p style=&#34;x&#34;&gt;`, "Line\n&lt;b&gt;</pre>", `sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "allow-scripts") || strings.Contains(out.String(), "<script") {
		t.Error("a mail may run scripts")
	}
}

func TestChangedSince(t *testing.T) {
	t.Parallel()
	p := i18n.For("en")
	hs := []portal.HistoryEntry{{Ver: 1, To: portal.New}, {Ver: 2, From: portal.New, To: portal.Planned}, {Ver: 4, From: portal.Planned, To: portal.Declined}}
	for _, c := range []struct {
		now, seen int64
		edited    bool
		says      string
		not       string
	}{
		{4, 2, true, "Declined", "Coming soon"},
		{2, 1, false, "Coming soon", "Submitted"},
		{5, 4, true, "", "Declined"},
	} {
		got, err := changedSince(p, hs, c.now, c.seen)
		if err != nil {
			t.Fatal(err)
		}
		if s := string(got.Steps); got.Edited != c.edited || !strings.Contains(s, c.says) || strings.Contains(s, c.not) {
			t.Errorf("from %d to %d: %+v", c.seen, c.now, got)
		}
	}
	if got, err := changedSince(p, hs, 4, 4); got != nil || err != nil {
		t.Errorf("nothing changed: %+v, %v", got, err)
	}
}

func TestToldWhy(t *testing.T) {
	t.Parallel()
	p := i18n.For("en")
	for why, want := range map[string]string{"": "", "no_address": "There is no address: the idea was imported.", "deleted": "The account has been deleted.",
		"hidden": "The idea is not public any more.", "rejected": "The mail service refused it.", "attempts": "Too many tries without an answer.", "new_word": "new_word"} {
		if got := toldWhy(p, why); got != want {
			t.Errorf("%q: %q, want %q", why, got, want)
		}
	}
	for _, l := range i18n.Locales() {
		for _, why := range portal.AllUnsent {
			if got := toldWhy(i18n.For(l), why); got == why || got == "" {
				t.Errorf("%s: there are no words for %s", l, why)
			}
		}
	}
}

// TestToldOutcome: what became of a mail stands in the place of "sent", and a line
// looks as good as it is.
func TestToldOutcome(t *testing.T) {
	t.Parallel()
	p, at := i18n.For("en"), time.Unix(0, 0)
	for _, c := range []struct{ state, outcome, look, what, why string }{
		{"sent", "", "sent", "Mail sent", ""},
		{"sent", "delivered", "sent", "Mail arrived", ""},
		{"sent", "delayed", "waiting", "Mail sent, not taken yet", "The reader’s mail server does not take it at the moment; it is being tried again."},
		{"sent", "bounced", "failed", "Mail came back", "There is no such address any more. It gets no further mail."},
		{"sent", "complained", "failed", "Reported as spam", "The member gets no further mail."},
		{"failed", "bounced", "failed", "Could not be delivered", ""},
	} {
		v := toldOf(p, portal.Told{MailLine: portal.MailLine{State: c.state, Outcome: c.outcome, At: at, OutcomeAt: at.Add(time.Hour)}})
		if v.State != c.look || v.What != c.what || v.Why != c.why {
			t.Errorf("%s %s: %s, %q, %q", c.state, c.outcome, v.State, v.What, v.Why)
		}
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	board := make([]portal.CardPage, len(portal.Statuses))
	board[0].Cards = []portal.Card{{ID: "a"}, {ID: "b"}}
	board[2].Cards = []portal.Card{{ID: "c"}}
	place(board, portal.Card{ID: "b", Status: portal.Planned})
	var got []string
	for i, page := range board {
		for _, c := range page.Cards {
			got = append(got, string(portal.Statuses[i])+" "+c.ID)
		}
	}
	if d := cmp.Diff([]string{"new a", "planned b", "planned c"}, got); d != "" {
		t.Error(d)
	}
	place(board, portal.Card{ID: "c", Status: portal.Planned, MergedInto: "a"})
	if len(board[2].Cards) != 1 {
		t.Error("a merged idea is on the board")
	}
}

func TestColumnCounts(t *testing.T) {
	t.Parallel()
	p := i18n.For("en")
	two := []portal.Card{{ID: "a"}, {ID: "b"}}
	for name, c := range map[string]struct {
		page  portal.CardPage
		all   int
		count string
	}{
		"all of it":                        {portal.CardPage{Cards: two}, 7, "2"}, // the census lags; what is shown does not
		"more, and the census knows":       {portal.CardPage{Cards: two, Next: "x"}, 1200, "1,200"},
		"more, and there is no census":     {portal.CardPage{Cards: two, Next: "x"}, 0, "2+"},
		"more, and the census lags behind": {portal.CardPage{Cards: two, Next: "x"}, 2, "2+"},
	} {
		if got := columnOf(p, portal.New, c.page, c.all, ""); got.Count != c.count {
			t.Errorf("%s: %s, want %s", name, got.Count, c.count)
		}
	}
}

// mergeSamples are the page on which ideas are merged, at each of its steps.
func mergeSamples(b base, card cardView, row rowView, wrong fieldProblem) []framed {
	here := mergePath("1")
	found := []candidateView{{rowView: row, ID: "2", Excerpt: "x", Marked: "<mark>Tea</mark>", Choose: here + "?into=2#result", Chosen: true}, {rowView: rowView{URL: "/ideas/3", Title: "The other"}, Choose: here}}
	reader := readerView{ID: "m", Name: "Ada", Language: "English"}
	res := &mergeResult{Into: card, Figures: []figureView{{"3", "votes"}}, Lines: []string{"Line"}, Readers: []readerView{reader}, Unheard: []readerView{reader}, MailURL: "/m", Swap: "/swap"}
	page := func(change func(*mergeView)) framed {
		v := mergeView{base: b, Card: card, Back: "/team/ideas/1", Here: here, Version: 3}
		change(&v)
		return &v
	}
	return []framed{
		page(func(v *mergeView) {}),
		page(func(v *mergeView) { v.Words, v.Found, v.From, v.Next = "tea", found, fromIdea, "4" }),
		page(func(v *mergeView) { v.Words, v.Into, v.Problem, v.Problems = "none", "x", wrong, problems{wrong} }),
		page(func(v *mergeView) {
			v.Found, v.Into, v.Result, v.Silent, v.Changed = found, "2", res, true, &changedView{Edited: true, Steps: "<li>Step</li>"}
		}),
		page(func(v *mergeView) { v.Found, v.Result = found, &mergeResult{Into: card} }),
		page(func(v *mergeView) { v.Undo, v.Result, v.From = true, res, fromIdea }),
		page(func(v *mergeView) { v.Duplicates = []rowView{row} }),
	}
}
