package portal_test

import (
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

func TestSubmitIdea(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.signIn("ann@example.com")
	long := strings.Repeat("é", portal.MaxTitle)
	for name, c := range map[string]struct {
		draft       portal.IdeaDraft
		code, field string
	}{
		"three characters":   {portal.IdeaDraft{Title: "abc", Category: "food"}, "", ""},
		"longest title":      {portal.IdeaDraft{Title: long, Category: "food"}, "", ""},
		"empty title":        {portal.IdeaDraft{Title: " \t ", Category: "food"}, "required", "title"},
		"short title":        {portal.IdeaDraft{Title: "ab", Category: "food"}, "too_short", "title"},
		"long title":         {portal.IdeaDraft{Title: long + "x", Category: "food"}, "too_long", "title"},
		"control character":  {portal.IdeaDraft{Title: "abc\x07", Category: "food"}, "control_characters", "title"},
		"direction override": {portal.IdeaDraft{Title: "abc\u202edef", Category: "food"}, "control_characters", "title"},
		"not UTF-8":          {portal.IdeaDraft{Title: "abc", Body: "\xff\xfe", Category: "food"}, "not_utf8", "body"},
		"long body":          {portal.IdeaDraft{Title: "abc", Body: strings.Repeat("x", portal.MaxBody+1), Category: "food"}, "too_long", "body"},
		"no category":        {portal.IdeaDraft{Title: "abc"}, "required", "category"},
		"unknown category":   {portal.IdeaDraft{Title: "abc", Category: "nope"}, "unknown", "category"},
		"long key":           {portal.IdeaDraft{Title: "abc", Category: "food", Key: strings.Repeat("k", 256)}, "too_long", "Idempotency-Key"},
	} {
		t.Run(name, func(t *testing.T) {
			i, _, err := d.SubmitIdea(t.Context(), a, c.draft)
			if c.code != "" {
				refused(t, err, portal.Invalid, c.code, c.field)
				return
			}
			if err != nil || i.Title != c.draft.Title || i.Version != 1 || i.Status != portal.New || i.AuthorID != a.ID {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
	_, _, err := d.SubmitIdea(t.Context(), portal.Actor{}, portal.IdeaDraft{Title: "abc", Category: "food"})
	refused(t, err, portal.Unauthenticated, "sign_in_needed", "")
}

func TestSubmitIsNormalised(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.signIn("ann@example.com")
	// e + combining acute becomes one character; white space is folded.
	i, _, err := d.SubmitIdea(t.Context(), a, portal.IdeaDraft{Title: "  Cafe\u0301   au\tlait ", Body: "a  \r\nb\r\n\r\n\r\n\r\nc\n\n", Category: "coffee"})
	d.must(err)
	p, err := d.Idea(t.Context(), a, portal.IdeaQuery{ID: i.ID})
	d.must(err)
	if p.Idea.Title != "Café au lait" || p.Body != "a\nb\n\n\nc" {
		t.Errorf("title %q, body %q", p.Idea.Title, p.Body)
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, b := d.signIn("ann@example.com"), d.signIn("bob@example.com")
	draft := portal.IdeaDraft{Title: "Once", Category: "food", Key: "k1"}
	first, again, err := d.SubmitIdea(t.Context(), a, draft)
	if err != nil || again {
		t.Fatal(again, err)
	}
	second, again, err := d.SubmitIdea(t.Context(), a, draft)
	if err != nil || !again || second.ID != first.ID {
		t.Errorf("second submission made %s, again %v, %v; want %s", second.ID, again, err, first.ID)
	}
	other := draft
	other.Title = "Twice"
	_, _, err = d.SubmitIdea(t.Context(), a, other)
	refused(t, err, portal.Invalid, "key_reused", "Idempotency-Key")
	third, again, err := d.SubmitIdea(t.Context(), b, draft)
	if err != nil || again || third.ID == first.ID {
		t.Errorf("another member's same key: %s, again %v, %v", third.ID, again, err)
	}
	d.clock.Advance(25 * time.Hour)
	fourth, again, err := d.SubmitIdea(t.Context(), a, draft)
	if err != nil || again || fourth.ID == first.ID {
		t.Errorf("after a day: %s, again %v, %v", fourth.ID, again, err)
	}
}

func TestSubmitLimit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.signIn("ann@example.com")
	var err error
	n := 0
	for ; n < 200 && err == nil; n++ {
		_, _, err = d.SubmitIdea(t.Context(), a, portal.IdeaDraft{Title: "again and again", Category: "food"})
	}
	if n != 21 {
		t.Errorf("refused at submission %d; want the 21st of somebody new", n)
	}
	refused(t, err, portal.TooMany, "too_many_ideas", "")
	d.clock.Advance(time.Hour)
	d.submit(a, "an hour later")
}

func TestEditIdea(t *testing.T) {
	t.Parallel()
	title := "Better title"
	for name, c := range map[string]struct {
		who     string
		after   func(*desk)
		version int64
		kind    portal.Kind
		code    string
	}{
		"author at once":      {"ann@example.com", nil, 1, 0, ""},
		"author, any version": {"ann@example.com", nil, 0, 0, ""},
		"author after 61 min": {"ann@example.com", wait(61 * time.Minute), 1, portal.Forbidden, "edit_window"},
		"somebody else":       {"bob@example.com", nil, 1, portal.Forbidden, "not_author"},
		"team after a day":    {"boss@example.com", wait(24 * time.Hour), 1, 0, ""},
		"stale version":       {"ann@example.com", nil, 2, portal.Stale, "stale"},
		"visitor":             {"", nil, 1, portal.Unauthenticated, "sign_in_needed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			i := d.submit(d.signIn("ann@example.com"), "First title")
			var a portal.Actor
			if c.who != "" {
				a = d.signIn(c.who)
			}
			if c.after != nil {
				c.after(d)
			}
			got, err := d.EditIdea(t.Context(), a, i.ID, portal.IdeaEdit{Title: &title, Version: c.version})
			if c.code != "" {
				refused(t, err, c.kind, c.code, "")
				return
			}
			if err != nil || got.Title != title || got.Version != 2 {
				t.Errorf("%+v, %v", got, err)
			}
			d.drain()
			p, err := d.Ideas(t.Context(), a, portal.ListQuery{Sort: portal.Newest})
			if err != nil || len(p.Cards) != 1 || p.Cards[0].Title != title {
				t.Errorf("list %+v, %v", p.Cards, err)
			}
		})
	}
}

func TestListsAndFilters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
	var ids []string
	for _, c := range []string{"food", "tea", "food"} {
		d.clock.Advance(time.Minute)
		i, _, err := d.SubmitIdea(t.Context(), ann, portal.IdeaDraft{Title: "An idea of " + c, Category: c})
		d.must(err)
		ids = append(ids, i.ID)
	}
	_, err := d.CastVote(t.Context(), boss, ids[0])
	d.must(err)
	_, err = d.ChangeStatus(t.Context(), boss, ids[1], portal.StatusChange{To: portal.Planned})
	d.must(err)
	d.drain()
	for name, c := range map[string]struct {
		q    portal.ListQuery
		want []int
	}{
		"new":                 {portal.ListQuery{Sort: portal.Newest}, []int{2, 1, 0}},
		"top":                 {portal.ListQuery{Sort: portal.Top, Limit: 1}, []int{0}},
		"trending":            {portal.ListQuery{Limit: 1}, []int{0}},
		"category":            {portal.ListQuery{Sort: portal.Newest, Category: "food"}, []int{2, 0}},
		"status":              {portal.ListQuery{Sort: portal.Newest, Status: portal.Planned}, []int{1}},
		"left by a change":    {portal.ListQuery{Sort: portal.Newest, Status: portal.New}, []int{2, 0}},
		"category and status": {portal.ListQuery{Sort: portal.Newest, Category: "tea", Status: portal.Planned}, []int{1}},
		"none":                {portal.ListQuery{Category: "tea", Status: portal.New}, nil},
	} {
		p, err := d.Ideas(t.Context(), portal.Actor{}, c.q)
		d.must(err)
		var got []int
		for _, k := range p.Cards {
			for n, id := range ids {
				if id == k.ID {
					got = append(got, n)
				}
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v; want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v; want %v", name, got, c.want)
			}
		}
	}
	// The pages of a list are the list.
	var paged []string
	for cursor := ""; ; {
		p, err := d.Ideas(t.Context(), boss, portal.ListQuery{Sort: portal.Newest, Limit: 1, Cursor: cursor})
		d.must(err)
		for _, c := range p.Cards {
			paged = append(paged, c.ID)
			if p.Voted[c.ID] != (c.ID == ids[0]) {
				t.Errorf("voted marks %v", p.Voted)
			}
		}
		if cursor = p.Next; cursor == "" {
			break
		}
		_, err = d.Ideas(t.Context(), boss, portal.ListQuery{Sort: portal.Top, Limit: 1, Cursor: cursor})
		refused(t, err, portal.BadRequest, "bad_cursor", "cursor")
		_, err = d.Ideas(t.Context(), boss, portal.ListQuery{Sort: portal.Newest, Limit: 1, Cursor: cursor[1:]})
		refused(t, err, portal.BadRequest, "bad_cursor", "cursor")
	}
	if strings.Join(paged, " ") != ids[2]+" "+ids[1]+" "+ids[0] {
		t.Errorf("pages gave %v", paged)
	}
}

// TestLaunchedNewestFirst: the list of what was launched begins with the last launch,
// not with the youngest idea.
func TestLaunchedNewestFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
	old := d.submit(ann, "Old idea, launched last")
	d.clock.Advance(time.Hour)
	young := d.submit(ann, "Young idea, launched first")
	for _, i := range []portal.Idea{young, old} {
		d.clock.Advance(time.Hour)
		_, err := d.ChangeStatus(t.Context(), boss, i.ID, portal.StatusChange{To: portal.Launched})
		d.must(err)
	}
	d.drain()
	for _, q := range []portal.ListQuery{{Sort: portal.Newest, Status: portal.Launched}, {Sort: portal.Newest, Status: portal.Launched, Category: "food"}} {
		p, err := d.Ideas(t.Context(), portal.Actor{}, q)
		d.must(err)
		if len(p.Cards) != 2 || p.Cards[0].ID != old.ID {
			t.Errorf("%+v gives %q first", q, p.Cards[0].Title)
		}
	}
	p, err := d.Ideas(t.Context(), portal.Actor{}, portal.ListQuery{Sort: portal.Newest})
	d.must(err)
	if p.Cards[0].ID != young.ID {
		t.Error("the list of all ideas begins with the youngest")
	}
}
