// Package notify decides who hears of what, and sees to it that they hear once.
//
//	history entry --Consumer--> queue --Worker--> ledger: claim, send, record
//	                                  `-pages of followers and voters--> queue
//	(a first entry that the team wrote is a mail to its author: entered.go)
//	sign-in       --Mails-----> queue --Worker-/
//
// Start with [Consumer] (which changes mean mails, to whom), then [Worker] (one
// mail, once; fanout.go for those who follow or voted, told.go for who hears of a
// step and for what; links.go for how they say "enough"). What mails look like is in
// frontend/templates/mail, their words are in frontend/locales with those of the pages;
// see [Texts]. [Samples] shows all mails without sending any.
//
// Changes and jobs may come twice, late, out of order and at the same time; the
// ledger (rows of shared/store) makes one mail of them. A line of the ledger is
// claimed under a lease, then the mail is sent, then that is written down. Senders
// such as Amazon SES have no idempotency token, so there is one window for a second
// mail: a crash exactly between sending and writing down, or an answer of the
// sender that never came. Nothing else makes a duplicate and nothing drops a mail
// silently; the property tests of this package hold it to that.
//
// Logs hold ids of ideas and members, never addresses, codes or texts.
package notify
