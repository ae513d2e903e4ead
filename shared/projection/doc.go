// Package projection keeps what follows from other records: the tallies of votes
// and comments, the cards that lists are made of, the census of ideas, and the names
// under comments.
//
// Start with [Consumer.Handle], which gets every change of a vote, a comment, an
// idea, its history or a member from the stream (or the local log). The rule of this package:
// a derived number is never added to. It is counted again from the records it
// speaks of, and put under the version that was read before the counting began.
// So a change that is delivered twice, late, in another order, in another batch or
// to two consumers at once ends in the same, exact number; see [counter] for why.
// Postings follow from the idea's text in the same spirit; see [rewords] for why they
// end right.
//
// This package must not know who may vote or how a row is spelled: rules live in
// shared/portal, rows in shared/store. Its own writes must not call it for ever:
// tallies, cards and censuses are of kinds that Handle does not react to, and a name is
// written only where another one stands (see member.go).
package projection
