package web

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// inboxSample has everything that the team's inbox can show.
func inboxSample(b base, card cardView, forms *teamForms, steps []stepView) framed {
	p, at := i18n.For(b.Lang), time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	panel := &panelView{Card: card, Status: portal.New, Body: "<p>Text</p>", Steps: castSteps(b.Lang, steps), Forms: forms, Board: true, Next: "2", ToldMore: true, Problems: problems{{Text: "Somebody was faster."}}}
	for state, why := range map[string]string{"sent": "", "sending": "", "failed": "rejected", "skipped": "no_address", "odd": "odd <word>"} {
		panel.Told = append(panel.Told, toldOf(p, portal.Told{MailLine: portal.MailLine{To: "0123456789abcdefghjk", State: state, Why: why, At: at}}))
	}
	return &inboxView{base: b, Tab: "inbox", Rows: []inboxRow{{Card: card, Votes: "1 vote", Open: "/team?idea=1#panel", Now: true}}, Pager: pager{First: "/team", Next: "/team?cursor=x"}, Panel: panel, Chosen: true}
}

func boardSample(b base) framed {
	p := i18n.For(b.Lang)
	c := boardCardOf(p, portal.Card{ID: "1", Title: "Tea & <milk>", Status: portal.New, Votes: -71, Version: 3})
	c.Moved = true
	return boardView{base: b, Tab: "board", Columns: []columnView{{Status: portal.New, Count: 1, More: true, All: "/?status=new", Cards: []boardCard{c}}, {Status: portal.Planned}}}
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
