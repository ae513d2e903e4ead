package search

import (
	"cmp"
	"slices"
	"strings"
)

// inOrder puts postings in the order of a list: by level, then by the id backwards.
func inOrder(ps []Posting) []Posting {
	backwards := func(s string) string {
		b := []byte(s)
		slices.Reverse(b)
		return string(b)
	}
	slices.SortFunc(ps, func(a, b Posting) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), strings.Compare(backwards(a.IdeaID), backwards(b.IdeaID)))
	})
	return ps
}
