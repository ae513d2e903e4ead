// Package demo is a small made-up community for somebody's first minute with the
// local program: the customers and the team of Willow & Wharf (柳岸), eleven
// neighbourhood shops for coffee and tea that don't exist, in English and Chinese.
//
// Start with [Fill]. What everybody says is in en.txt and zh.txt, told in days
// since the idea so that it is always recent; the rest is made from the texts, the
// same each time: who votes, and at what hour things happen. Nobody is mailed about
// any of it, because it all happened before the portal was there.
//
// # The texts
//
// A line that begins with @ and a word starts something; the lines up to the next
// such line are its text, in Markdown, folded wherever it suits. Times are in days
// (12d) or hours (20h): an idea's is its age, all others are counted from the idea.
//
//	@# a remark for those who edit the file
//	@team NAME                          belongs to the team; the first of all is its first admin
//	@customer NAME                      the member that customer@example.com signs in as
//	@given, @family                     names with commas between them, for those who only vote
//	@idea CATEGORY AGE VOTES NAME       its text: the title, an empty line, the idea
//	@key WORD                           names the idea before it, for @merged
//	@STATUS WHEN NAME                   a step of its way (@planned 47d Nora Whitfield), and the note
//	@link ADDRESS                       of the step before it
//	@merged WHEN WORD NAME              it became part of the idea with that key
//	@comment WHEN NAME
//	@reply WHEN NAME                    to the last comment
//
// What waits for the team, and what it has noted down for itself, [Work] does by the
// portal's own rules:
//
//	@list QUERY NAME                    a list that the whole team sees; its text is the list's name
//	@offered CATEGORY AGE 0 NAME        an idea like the others, that a rule may hold
//	@posted WHEN NAME                   a comment that a rule may hold
//	@report WHEN REASON NAME            about the last @comment or, without one, the idea
//	@decline WHEN REASON NAME           of the last @posted or, without one, the idea
//	@appeal WHEN NAME                   its author's answer
//	@burst WHEN NUMBER                  so many new members vote, one after the other, from one network
//	@owner WHEN NAME                    looks after the idea from then on
//	@tags WHEN NAME                     with commas between them
//	@memo WHEN NAME                     a note among the team
//	@pin WHEN NAME                      the official answer
//
// This package must not be used by anything but the local program and tests, and
// must not fill a portal that holds an idea.
package demo
