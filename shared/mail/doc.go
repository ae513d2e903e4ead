// Package mail is a mail to one person, and the port that sends it.
//
// Start with [Message] and [Sender]. The senders are shared/mail/ses (Amazon
// SES) and shared/mail/outbox (rows that the local program shows on a page).
// What mails there are, who gets them and in which words is shared/notify's.
//
// The package never logs, and no error of it carries an address or a text: an
// error may end in a log, and logs hold no personal data.
package mail
