// Package reconcile counts again, by itself and every day, the ideas that something
// happened to, compares with what is stored, repairs it, and raises an alarm for
// what was wrong.
//
// Counts are exact by construction (shared/projection), as long as every change
// reaches the consumer. This package is for the day when one does not: a batch that
// was given up, a filter that was edited wrongly, a restored backup, a bug.
//
// Start with [Reconciler.Run], which is called every ten minutes. One call takes the
// round of yesterday on from where the last one stopped, as far as its time goes;
// when the day is done, a call costs a few reads. Which ideas were active on a day,
// projections have marked, so nothing is scanned.
//
// Its scope are the numbers that people see, of ideas with a vote, a comment or a change
// the day before: tallies, cards and their places in lists, and the standing in the
// census. Ideas that nothing happened to, the sums over all ideas (censuses, weeks,
// launches), postings of the search, the team's lists by owner and tag, lists of members,
// and duplicates of what was removed are `admin recount`'s, which looks at everything.
// That records are from before the current store.Rules, and that has to be run, counts as a
// difference until it was.
//
// # When a difference is one
//
// A vote whose change is still on its way makes a count look wrong. So an idea that
// differs becomes a suspect at first, with a mark of each difference: what is
// stored, what was counted, when the last of it came. It is looked at again once
// [Reconciler.Grace] has passed. That is longer than the stream is retried, so by
// then nothing is on its way that was when it was found. A mark that is still there
// is the same difference, not another one: that alone is repaired and alarmed
// about. Whatever else differs then is new, and waits its turn.
//
// This package must not know how a row is spelled or how votes are counted.
package reconcile
