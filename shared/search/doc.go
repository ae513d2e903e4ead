// Package search is what finding ideas by their words is made of: which terms a
// text has, what is kept of each ([Posting]), what a query asks for ([Query]) and
// in which order ideas answer it ([Rank]). It is pure: shared/store keeps the
// postings, shared/projection writes them, shared/portal asks.
//
// Start with [Doc.Postings] for what is written and [Rank] for what is read.
//
// # Terms
//
// Words are found as Unicode says (UAX #29), folded in width, case and accents, and
// English ones cut to their stems (Snowball's "english"). Scripts that write without
// blanks have each pair of neighbours as a term. Words that carry no meaning are no
// terms: see stop.go. A word with a hyphen is also a term without it.
//
// # Lists
//
// A term's postings stand in order of their level: first the ideas that have it in
// the title, then those whose text it weighs much in, down to a mention in a long
// text. Within a level they are in the order of the id spelled backwards, which is
// as good as random. That makes two things true without any number being kept:
//
//   - The first few dozen postings are among the best that the term has, so a
//     common word need not be read to its end.
//   - A list that was not read to its end tells how long it is: its n-th posting
//     stands at the fraction n/length of all possible places (the k minimum values
//     sketch; Bar-Yossef et al., "Counting distinct elements in a data stream",
//     RANDOM 2002). Document frequencies are so recomputed by each query.
//
// Each posting also has a [Signature] of all that its idea can be found by. An idea
// that the list of a rare word names is known to have a common word, too, whose list
// was not read that far.
//
// # Ranking
//
// The score of an idea is the sum over the words of the query of idf x weight: BM25F
// (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
// 2009, section 3.6) with title and text as its fields. The weight, which needs the
// idea's text alone, is in the posting, so that the text is not needed to rank
// (impact-sorted indexes; Anh, de Kretser and Moffat, SIGIR 2001). Ideas that have
// too little of the query are left out. Votes and age decide between ideas that score
// about the same: see shared/portal.
//
// This package must not do any I/O, and must not know who may see what.
package search
