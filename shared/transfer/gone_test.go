package transfer_test

import (
	"fmt"
	"strings"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/sheet"
	"groundswell/shared/store"
)

// TestGoneFromExports: of somebody who left with their words no export has a word,
// the name, the address or its hash; and before, the exports had them all.
func TestGoneFromExports(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada, ctx := d.member(7), t.Context()
	m, err := d.portal.Grant(ctx, "boss@example.com", portal.RoleAdmin)
	d.must(err)
	boss := portal.Actor{Member: m}
	name := "Ada Zephyrine"
	m, err = d.portal.EditProfile(ctx, ada, portal.ProfileEdit{Name: &name})
	d.must(err)
	ada.Member = m
	idea, _, err := d.portal.SubmitIdea(ctx, ada, portal.IdeaDraft{Title: "Quixotry for all", Body: "A quincunx of tables.", Category: "tea"})
	d.must(err)
	_, err = d.portal.AddComment(ctx, ada, idea.ID, portal.CommentDraft{Body: "Quizzical, am I not?"})
	d.must(err)
	_, err = d.portal.CastVote(ctx, ada, idea.ID)
	d.must(err)
	d.must(d.portal.FollowIdea(ctx, ada, idea.ID))
	_, err = d.portal.ChangeStatus(ctx, boss, idea.ID, portal.StatusChange{To: portal.Planned})
	d.must(err)
	_, err = d.Store.PutDelivery(ctx, storeDelivery(idea.ID, ada.ID), 0)
	d.must(err)
	d.count()
	words := []string{"Quixotry", "quincunx", "Quizzical", "Zephyrine", "m7@example.com"}
	for name, s := range d.exports(boss) {
		for _, word := range words {
			if (name == "votes" || name == "parts of mails" || name == "follows") && word == "m7@example.com" && !strings.Contains(s, word) {
				t.Errorf("%s has no address:\n%s", name, s)
			}
			if name == "export" && !strings.Contains(s, word) {
				t.Errorf("%s has no %s: does the test still know what it holds?", name, word)
			}
		}
	}
	d.must(d.portal.DeleteEverything(ctx, ada, "m7@example.com"))
	d.count()
	for name, s := range d.exports(boss) {
		if (name == "follows" || name == "parts of members") && strings.Contains(s, ada.ID) {
			t.Errorf("%s has the member:\n%s", name, s)
		}
		for _, word := range append(words, portal.HashToken("m7@example.com")) {
			if strings.Contains(s, word) {
				t.Errorf("%s has %s:\n%s", name, word, s)
			}
		}
		if name == "votes" && strings.Count(s, "\n") != 2 {
			t.Errorf("the vote does not stand any more:\n%s", s)
		}
	}
}

// exports are all exports there are, with addresses: of everything, as tables, and the
// parts that the team takes.
func (d *desk) exports(by portal.Actor) map[string]string {
	d.Helper()
	all := d.tables(true)
	all["export"] = d.export()
	for _, k := range sheet.Kinds {
		t, err := d.portal.Take(d.Context(), by, k.Name, "", k.Addressed())
		d.must(err)
		all["parts of "+string(k.Name)] = fmt.Sprintf("%+v", k.WithAddresses().Rows(t, nil))
	}
	return all
}

func storeDelivery(ideaID, to string) store.Delivery {
	return store.Delivery{Subject: ideaID, Event: "launched", To: to, State: store.Sent, MessageID: "<x@y>", At: now}
}
