package transfer_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/sheet"
	"groundswell/shared/transfer"
)

// TestGoneFromExports: of somebody who left with their words no export has a word,
// the name, the address or its hash; and before, the exports had them all.
func TestGoneFromExports(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada, ctx := d.member(7), t.Context()
	name := "Ada Zephyrine"
	m, err := d.portal.EditProfile(ctx, ada, portal.ProfileEdit{Name: &name})
	d.must(err)
	ada.Member = m
	idea, _, err := d.portal.SubmitIdea(ctx, ada, portal.IdeaDraft{Title: "Quixotry for all", Body: "A quincunx of tables.", Category: "tea"})
	d.must(err)
	_, err = d.portal.AddComment(ctx, ada, idea.ID, portal.CommentDraft{Body: "Quizzical, am I not?"})
	d.must(err)
	_, err = d.portal.CastVote(ctx, ada, idea.ID)
	d.must(err)
	d.count()
	words := []string{"Quixotry", "quincunx", "Quizzical", "Zephyrine", "m7@example.com"}
	for name, s := range d.exports() {
		for _, word := range words {
			if name == "export" && !strings.Contains(s, word) {
				t.Errorf("%s has no %s: does the test still know what it holds?", name, word)
			}
		}
	}
	d.must(d.portal.DeleteEverything(ctx, ada, "m7@example.com"))
	d.count()
	for name, s := range d.exports() {
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

// exports are all exports there are.
func (d *desk) exports() map[string]string {
	d.Helper()
	all := map[string]string{"export": d.export()}
	files := newFolder()
	s := transfer.Sheets{Store: d.Store, Create: func(k sheet.Kind) (io.WriteCloser, error) { return files.create(k.Name) }}
	_, err := s.Export(d.Context(), d.table)
	d.must(err)
	for name, b := range files.files {
		all[name] = bytes.NewBuffer(b.Bytes()).String()
	}
	return all
}
