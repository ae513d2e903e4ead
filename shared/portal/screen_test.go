package portal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

func TestLook(t *testing.T) {
	t.Parallel()
	const line = "Buy our wonderful teapots today!\n"
	for name, c := range map[string]struct {
		screen portal.Screen
		w      portal.Writing
		before []string
		want   []string // evidence
	}{
		"an idea":              {w: portal.Writing{Title: "Oat milk", Text: "Please, everywhere. See https://example.com/oats"}},
		"an angry one":         {w: portal.Writing{Title: "THIS SUCKS!!!!!!!!!!", Text: "Sooooooooo damn slow. Nooooooooo!!!"}},
		"three links":          {w: portal.Writing{Text: "https://a.example http://b.example www.c.example"}},
		"four links":           {w: portal.Writing{Text: "https://a.example http://b.example www.c.example and https://d.example"}, want: []string{"links: 4"}},
		"as many as are right": {screen: portal.Screen{Links: 1}, w: portal.Writing{Text: "https://a.example HTTPS://b.example"}, want: []string{"links: 2"}},
		"a line four times":    {w: portal.Writing{Text: strings.Repeat(line, 4)}, want: []string{"repeats: buy our wonderful teapots today"}},
		"a line three times":   {w: portal.Writing{Text: strings.Repeat(line, 3)}},
		"a word again, again":  {w: portal.Writing{Text: strings.Repeat("tea pot ", 40)}, want: []string{"repeats: tea"}},
		"one letter for ever":  {w: portal.Writing{Text: strings.Repeat("a", 200)}, want: []string{"repeats: aaa…"}},
		"a line of dashes":     {w: portal.Writing{Text: strings.Repeat("-", 200)}},
		"the same a third time": {w: portal.Writing{Text: "This is what I always say."}, before: []string{"this is what i ALWAYS say", "Something else that is long", "This is what I always say!"},
			want: []string{"repeats: This is what I always say."}},
		"the same once more":   {w: portal.Writing{Text: "This is what I always say."}, before: []string{"This is what I always say."}},
		"thanks a third time":  {w: portal.Writing{Text: "Thanks!"}, before: []string{"Thanks!", "Thanks!"}},
		"a listed word":        {w: portal.Writing{Title: "Best CASINO, ever"}, want: []string{"words: casino"}},
		"two words":            {w: portal.Writing{Text: "a payday\n  loan"}, want: []string{"words: payday loan"}},
		"in wide letters":      {w: portal.Writing{Text: "ｃａｓｉｎｏ"}, want: []string{"words: casino"}},
		"within another word":  {w: portal.Writing{Text: "The occasinovation spice despicable"}},
		"listed in Chinese":    {w: portal.Writing{Text: "需要的加 微信，代 开 发 票"}, want: []string{"words: 代开发票"}},
		"Chinese":              {w: portal.Writing{Text: "希望能用微信支付，谢谢！"}},
		"the brand's own word": {screen: portal.Screen{Words: []string{"Rival Tea", "奶盖"}}, w: portal.Writing{Text: "I prefer rival tea."}, want: []string{"words: Rival Tea"}},
		"the trap":             {w: portal.Writing{Form: portal.FormFacts{Trapped: true}}, want: []string{"trap"}},
		"too fast":             {w: portal.Writing{Form: portal.FormFacts{Took: 700 * time.Millisecond}}, want: []string{"too_fast: 0.7 s"}},
		"not too fast":         {w: portal.Writing{Form: portal.FormFacts{Took: portal.MinFill}}},
		"switched off":         {screen: portal.Screen{Off: true}, w: portal.Writing{Text: "casino", Form: portal.FormFacts{Trapped: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, c.screen.Look(c.w, c.before).Evidence); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// What the rules find waits for the team, with the evidence; nobody else sees it, and
// approving makes it public. Trusted members and the team are not looked at.
func TestHeldByRules(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("boss@example.com")
	spam := portal.IdeaDraft{Title: "Best casino", Category: "food"}
	i, _, err := d.SubmitIdea(t.Context(), ann, spam)
	d.must(err)
	if !i.Hidden() || i.Mod.State != portal.Held {
		t.Fatalf("the idea is %+v", i.Mod)
	}
	_, err = d.Idea(t.Context(), bob, portal.IdeaQuery{ID: i.ID})
	refused(t, err, portal.NotFound, "no_idea", "")
	page, err := d.Queue(t.Context(), boss, portal.QueueQuery{Queue: portal.HeldQ})
	d.must(err)
	if len(page.Items) != 1 || page.Items[0].Case.Evidence[0] != "words: casino" {
		t.Errorf("the queue holds %+v", page.Items)
	}
	d.must(d.Decide(t.Context(), boss, portal.Thing{IdeaID: i.ID}, portal.Decision{Act: portal.Approve, Then: "trust"}))
	if _, err = d.Idea(t.Context(), bob, portal.IdeaQuery{ID: i.ID}); err != nil {
		t.Errorf("approved, and still: %v", err)
	}
	ann.Member, err = d.Store.Member(t.Context(), ann.ID)
	d.must(err)
	for _, a := range []portal.Actor{ann, boss} {
		if i, _, err := d.SubmitIdea(t.Context(), a, spam); err != nil || i.Hidden() {
			t.Errorf("%s: held %v, %v", a.Email, i.Hidden(), err)
		}
	}
}

func TestApproval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		approval portal.Approval
		want     string // h = held, p = public: an idea, two comments, after approval a comment, another idea
	}{
		{portal.ApproveNothing, "ppppp"}, {portal.ApproveFirst, "hhhpp"}, {portal.ApproveAll, "hhhhh"},
	} {
		t.Run(string(c.approval), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.Screen.Approval = c.approval
			ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
			base := d.submit(boss, "Of the team")
			got := ""
			add := func(m portal.Moderation) {
				d.clock.Advance(time.Second)
				if m.Shown() {
					got += "p"
				} else {
					got += "h"
				}
			}
			comment := func(n int) {
				k, err := d.AddComment(t.Context(), ann, base.ID, portal.CommentDraft{Body: fmt.Sprint("Comment ", n)})
				d.must(err)
				add(k.Mod)
			}
			i := d.submit(ann, "My first")
			add(i.Mod)
			comment(1)
			comment(2)
			if i.Hidden() {
				d.must(d.Decide(t.Context(), boss, portal.Thing{IdeaID: i.ID}, portal.Decision{Act: portal.Approve}))
			}
			comment(3)
			add(d.submit(ann, "My second").Mod)
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestReportsHold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	i := d.submit(d.signIn("ann@example.com"), "Minded by many")
	for n := range 3 {
		if now, err := d.Store.Idea(t.Context(), i.ID, true); err != nil || now.Hidden() {
			t.Fatalf("held after %d reports, %v", n, err)
		}
		a := d.signIn(fmt.Sprintf("reader%d@example.com", n))
		d.must(d.Report(t.Context(), a, portal.Thing{IdeaID: i.ID}, portal.ReportDraft{Reason: "spam"}))
	}
	if now, err := d.Store.Idea(t.Context(), i.ID, true); err != nil || now.Mod.State != portal.Held || now.Mod.Reasons[0] != portal.HeldReported {
		t.Errorf("after three reports: %+v, %v", now.Mod, err)
	}
}
