// Package portal is what Groundswell is about: ideas, votes, comments, statuses
// and members, who may do what with them, and every use case. It does no I/O of
// its own: records come and go through [Store], time, ids and randomness are
// passed in, so a rule can be read, and tested, without a database or a clock.
//
// Start with [Portal]: each of its methods is one use case, takes the [Actor]
// who asks, and makes at most one atomic write. Each noun has one file: idea.go,
// vote.go, comment.go, status.go, member.go, signin.go. What a user did wrong is
// an [*Error]; any other error is ours.
//
// This package must not import a driver, net/http or anything of AWS, and must
// not format pages, mails or keys.
package portal
