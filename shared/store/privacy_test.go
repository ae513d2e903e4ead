package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// leaver is a member with an address, and what is left of them.
func leaver() (was, left portal.Member) {
	was = portal.Member{ID: portal.ImportedMember("t", "leaver"), Name: "Ada", Email: "ada@example.com", Locale: "en", Role: portal.RoleTeam,
		Mail: portal.DefaultMail(), CreatedAt: noon, Version: 1}
	return was, portal.Member{ID: was.ID, Name: portal.FormerMember, Role: was.Role, Mail: portal.NoMail(), DeletedAt: noon, Version: 2}
}

func TestDeleteMember(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), mailStore(t)
	was, left := leaver()
	if _, err := s.CreateMember(ctx, was); err != nil {
		t.Fatal(err)
	}
	old := was
	old.Version = 0
	if err := s.DeleteMember(ctx, old, left); portal.KindOf(err) != portal.Stale {
		t.Errorf("deleted under an old version: %v", err)
	}
	if m, err := s.MemberByEmail(ctx, was.Email); err != nil || m.Name != "Ada" {
		t.Errorf("after a lost race: %+v, %v", m, err)
	}
	for range 2 { // and once more: Stale
		if err := s.DeleteMember(ctx, was, left); err != nil && portal.KindOf(err) != portal.Stale {
			t.Fatal(err)
		}
	}
	got, err := s.Member(ctx, was.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(left, got); diff != "" {
		t.Errorf("left (-) and read (+):\n%s", diff)
	}
	if _, err := s.MemberByEmail(ctx, was.Email); portal.KindOf(err) != portal.NotFound {
		t.Errorf("the address leads to %v", err)
	}
}

// TestMemberLists: the pages of a member's steps and mails hold each once, those of
// the newest ideas first.
func TestMemberLists(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), mailStore(t)
	m, _ := leaver()
	var ids, want []string
	for i := range 7 {
		at := noon.Add(time.Duration(i) * time.Minute)
		id := portal.ImportedAt(at, "t", "idea")
		ids = append(ids, id)
		want = append([]string{id}, want...)
		idea := portal.Idea{ID: id, Title: fmt.Sprint("Idea ", i), Category: "food", Status: portal.New, AuthorID: "another", CreatedAt: at, UpdatedAt: at, Version: 1}
		must(t, s.CreateIdea(ctx, portal.NewIdea{Idea: idea, Body: fmt.Sprint("text ", i),
			History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: at, To: portal.New, By: portal.Author{ID: "another"}}}))
		idea.Version, idea.Status = 2, portal.Planned
		must(t, s.UpdateIdea(ctx, portal.IdeaUpdate{Idea: idea, Prev: 1,
			History: &portal.HistoryEntry{IdeaID: id, Ver: 2, At: at, From: portal.New, To: portal.Planned, By: m.Author()}}))
		must(t, second(s.PutDelivery(ctx, store.Delivery{Subject: id, Event: "launched", To: m.ID, State: store.Skipped, Why: "hidden", At: at}, 0)))
		must(t, second(s.PutDelivery(ctx, store.Delivery{Subject: "browser", Event: "sign_in", To: fmt.Sprint("browser", i), State: store.Sent, At: at}, 0)))
	}
	var steps, mails []string
	for cursor := ""; ; {
		some, next, err := s.StepsBy(ctx, m.ID, cursor, 3)
		must(t, err)
		for _, h := range some {
			steps = append(steps, h.IdeaID)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	for cursor := ""; ; {
		some, next, err := s.MailsTo(ctx, m.ID, cursor, 3)
		must(t, err)
		for _, l := range some {
			mails = append(mails, l.IdeaID)
			if l.Event != "launched" || l.State != "skipped" || l.Why != "hidden" {
				t.Errorf("line %+v", l)
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("steps:\n%s", diff)
	}
	if diff := cmp.Diff(want, mails); diff != "" {
		t.Errorf("mails:\n%s", diff)
	}

	texts, err := s.TextsOf(ctx, []string{ids[3], portal.ImportedAt(noon, "t", "none"), ids[0]})
	must(t, err)
	if len(texts) != 2 || texts[0].Idea.ID != ids[3] || texts[0].Body != "text 3" || len(texts[1].History) != 2 || texts[1].History[1].To != portal.Planned {
		t.Errorf("texts %+v", texts)
	}
}
