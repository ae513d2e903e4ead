// Package feedback hears what became of mails after they were sent, and draws the
// conclusions: the mail ledger says so, and an address that does not exist, or whose
// owner complained, gets no more mail.
//
//	SES --> EventBridge --Consumer--> line of the ledger   (by the mail's tags)
//	                               \---> what is known of the address
//
// Start with [Consumer]; [Parse] reads an event of Amazon SES, and [Simulate] makes
// one as the local program's outbox needs it.
//
// Events come at least once, late, in any order, or (EventBridge delivers those of
// SES as best it can) never. What is written only ever grows: facts with their times
// about an address (portal.Suppression), the strongest thing heard about a mail. So
// no order and no repetition makes a difference; the property test holds it to that.
//
// An event is also proof that its mail went out. A line that still waits for SES's
// answer is settled by it, which spares the second mail that a lost answer would
// have led to.
//
// What the rules are: a bounce for good stops all mail to the address but one
// sign-in code a day; if that arrives, the address lives again. Five mails within
// two weeks that could not be delivered for a while count the same. A complaint
// stops all mail but sign-in codes until the owner or an operator takes it back. See
// portal.Suppression.
//
// Nothing that another mail server wrote is kept or logged: it may name the address.
package feedback
