package transfer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/transfer"
)

// spoil changes a stored record behind everybody's back.
func (d *desk) spoil(k table.Key, old, new string) {
	d.Helper()
	r, err := d.table.Get(d.Context(), k, true)
	d.must(err)
	body := strings.Replace(string(r.Body), old, new, 1)
	if body == string(r.Body) {
		d.Fatalf("%s has no %s: %s", k, old, r.Body)
	}
	r.Body = []byte(body)
	d.must(d.table.Write(d.Context(), table.Op{Rec: r}))
}

func TestRecount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, _, err := d.portal.SubmitIdea(t.Context(), d.member(0), portal.IdeaDraft{Title: "First", Category: "tea"})
	d.must(err)
	b, _, err := d.portal.SubmitIdea(t.Context(), d.member(1), portal.IdeaDraft{Title: "Second", Category: "tea"})
	d.must(err)
	for i := range 3 {
		_, err := d.portal.CastVote(t.Context(), d.member(i), a.ID)
		d.must(err)
		_, err = d.portal.AddComment(t.Context(), d.member(i), a.ID, portal.CommentDraft{Body: "yes"})
		d.must(err)
	}
	rc := transfer.Recounter{Store: d.Store, Projections: d.counts, DryRun: true}
	var found []string
	rc.Found = func(id, diff string) {
		found = append(found, strings.NewReplacer(a.ID, "a", b.ID, "b").Replace(id+": "+diff))
	}
	run := func(ids []string) int {
		t.Helper()
		found = nil
		n, err := rc.Run(t.Context(), ids)
		d.must(err)
		slices.Sort(found)
		return n
	}
	var ids []string
	sums := func() int {
		t.Helper()
		found = nil
		n, err := rc.Sums(t.Context(), ids)
		d.must(err)
		return n
	}
	ids, err = rc.Ideas(t.Context(), d.table)
	d.must(err)
	if !slices.Equal(ids, []string{a.ID, b.ID}) && !slices.Equal(ids, []string{b.ID, a.ID}) {
		t.Fatalf("ideas %q", ids)
	}
	// Nothing has been counted yet.
	if n := run(ids); n != 2 || !slices.Contains(found, "b: card 3: missing") || !slices.Contains(found, "a: tally of comments: 0, counted 3") {
		t.Errorf("%d ideas differ before they are counted: %q", n, found)
	}
	d.count()
	if n := run(ids); n != 0 || len(found) > 0 {
		t.Errorf("%d ideas differ after they were counted: %q", n, found)
	}

	card := func(id, slot string) table.Key { return table.Key{PK: "I#" + id, SK: "3K#" + slot} }
	d.spoil(card(a.ID, "0"), `"v":3`, `"v":4`)
	d.spoil(card(a.ID, "2"), `"k":3`, `"k":1`)
	d.spoil(card(b.ID, "1"), `Second`, `Other`)
	d.spoil(table.Key{PK: "C#" + a.ID, SK: "D"}, `"n":3`, `"n":9`)
	d.must(d.table.Write(t.Context(), table.Op{Mut: table.Delete, Rec: table.Record{Key: card(b.ID, "2")}}))
	moved, err := d.table.Get(t.Context(), card(b.ID, "3"), true)
	d.must(err)
	moved.Idx[0].S = "x"
	d.must(d.table.Write(t.Context(), table.Op{Rec: moved}))
	want := []string{
		"a: card 0: votes 4, counted 3",
		"a: card 2: comments 1, counted 3",
		"a: tally of comments: 9, counted 3",
		"b: card 1: title Other, counted Second",
		"b: card 2: missing",
		"b: card 3: in the wrong place of a list",
	}
	before := d.export()
	if n := run(ids); n != 2 || !cmp.Equal(want, found) {
		t.Errorf("%d ideas differ (-want +got):\n%s", n, cmp.Diff(want, found))
	}
	if before != d.export() {
		t.Error("a dry run wrote something")
	}
	if n := run([]string{b.ID}); n != 1 || !cmp.Equal(want[3:], found) {
		t.Errorf("one idea: %d %q", n, found)
	}
	rc.DryRun = false
	if n := run(ids); n != 2 || !cmp.Equal(want, found) {
		t.Errorf("%d ideas repaired: %q", n, found)
	}
	rc.DryRun = true
	if n := run(ids); n != 0 || len(found) > 0 {
		t.Errorf("%d ideas differ after the repair: %q", n, found)
	}
	// What the ideas come to.
	if n := sums(); n != 0 {
		t.Errorf("%d sums differ after they were counted: %q", n, found)
	}
	bucket := fmt.Sprintf("%02x", store.BucketOf(a.ID))
	d.spoil(table.Key{PK: "N#tallies", SK: "C#" + bucket}, `"i":`, `"j":`)
	d.spoil(table.Key{PK: "N#" + bucket, SK: "I#" + a.ID}, `tea`, `jam`)
	if n := run(ids); n != 1 || !strings.Contains(found[0], "a: standing: ") {
		t.Errorf("%d ideas stand elsewhere: %q", n, found)
	}
	rc.DryRun = false
	if n := run(ids); n != 1 {
		t.Errorf("%d ideas repaired: %q", n, found)
	}
	want = []string{": census of bucket " + bucket + ": 0 ideas, counted 1"}
	if store.BucketOf(a.ID) == store.BucketOf(b.ID) {
		want = []string{": census of bucket " + bucket + ": 0 ideas, counted 2"}
	}
	if n := sums(); n != 1 || !cmp.Equal(want, found) {
		t.Errorf("%d sums repaired: %q", n, found)
	}
	d.spoil(table.Key{PK: "N#sum", SK: "C"}, `"b":0`, `"b":7`)
	if n := sums(); n != 1 || !cmp.Equal([]string{": census: 2 ideas, counted 2"}, found) {
		t.Errorf("%d sums repaired: %q", n, found)
	}
	d.spoil(table.Key{PK: "N#" + bucket, SK: "W#" + a.ID}, `"n":3`, `"n":4`)
	d.spoil(table.Key{PK: "N#sum", SK: "W"}, `"m":3`, `"m":2`)
	want = []string{"a: activity: 4 votes and 3 comments, counted 3 and 3", ": activity: 3 votes and 2 comments, counted 3 and 3"}
	if n := sums(); n != 2 || !cmp.Equal(want, found) {
		t.Errorf("%d sums repaired: %q", n, found)
	}
	if n := run(ids) + sums(); n != 0 {
		t.Errorf("%d differ after the repair: %q", n, found)
	}
	if _, err := rc.Run(t.Context(), []string{"0000000000000000z"}); err == nil || !strings.HasSuffix(err.Error(), "there is no such idea") {
		t.Errorf("error %v", err)
	}
}
