package portal

import (
	"context"
	"time"

	"groundswell/shared/search"
)

// Store keeps everything. What is missing is a NotFound Error; a lost race is a
// Stale one; a bad cursor BadRequest. Each writing method is one atomic write.
// shared/store implements it on any table.Table.
type Store interface {
	// Idea reads the idea's own record; strong waits for the newest version.
	Idea(ctx context.Context, id string, strong bool) (Idea, error)
	// IdeaPage reads what an idea's page shows, in one Query.
	IdeaPage(ctx context.Context, q IdeaQuery) (IdeaPage, error)
	// IdeaAt is the idea that had one of the paths in the system it was imported
	// from, by the first that is known; one read.
	IdeaAt(ctx context.Context, paths []string) (ideaID string, err error)
	// CreateIdea returns *ErrKeyUsed, and writes nothing, for a used key.
	CreateIdea(ctx context.Context, n NewIdea) error
	// UsedKey is nil for a key that has not been used.
	UsedKey(ctx context.Context, key string) (*ErrKeyUsed, error)
	UpdateIdea(ctx context.Context, u IdeaUpdate) error

	// Cards reads a page of a list, in one Query.
	Cards(ctx context.Context, q ListQuery) (CardPage, error)
	// CardOf reads one idea's card, made from the idea where counting has not
	// begun yet.
	CardOf(ctx context.Context, id string) (Card, error)
	// CardsOf reads the cards of ideas, in the order of ids, leaving out what is
	// missing.
	CardsOf(ctx context.Context, ids []string) ([]Card, error)

	// Postings reads the first postings of each term's list, up to limit: one Query a
	// term, all at once.
	Postings(ctx context.Context, terms []string, limit int) ([]search.List, error)
	// ListedCards is CardsOf without the ideas that lists do not show.
	ListedCards(ctx context.Context, ids []string) ([]Card, error)
	// Body reads the text of an idea, strongly.
	Body(ctx context.Context, id string) (string, error)
	// Bodies reads the texts of ideas, by idea.
	Bodies(ctx context.Context, ids []string) (map[string]string, error)
	// Census reads what all ideas come to, as it was counted last.
	Census(ctx context.Context) (Census, error)
	// Activity reads what happened on all ideas.
	Activity(ctx context.Context) (Activity, error)
	// Charts reads the census and the activity; Now is not set.
	Charts(ctx context.Context) (Charts, error)

	// PutVote reports whether the vote is new; one write of one record.
	PutVote(ctx context.Context, v Vote) (created bool, err error)
	// DeleteVote reports whether there was one.
	DeleteVote(ctx context.Context, v Vote) (deleted bool, err error)
	Vote(ctx context.Context, ideaID, memberID string) (v Vote, stands bool, err error)
	// Follow is what the member wants to hear of the idea: a strong read.
	Follow(ctx context.Context, ideaID, memberID string) (Follow, error)
	// PutFollow stores it under its Version if the stored version is prev; 0 = it is new.
	PutFollow(ctx context.Context, f Follow, prev int64) error
	// DeleteFollow removes it if its version is still the stored one.
	DeleteFollow(ctx context.Context, f Follow) error
	// TiesTo are the member's ties to several ideas, by idea: those that there are, read
	// strongly, in one call.
	TiesTo(ctx context.Context, memberID string, ideaIDs []string) (map[string]Ties, error)
	// Turnout counts who voted for, and who follows, the ideas of one group and those of
	// another.
	Turnout(ctx context.Context, one, other []string) (Turnout, error)
	// FollowsBy is a page of what the member follows and has not muted, newest ideas
	// first; MutesBy of what the member muted.
	FollowsBy(ctx context.Context, memberID, cursor string, limit int) (fs []Follow, next string, err error)
	MutesBy(ctx context.Context, memberID, cursor string, limit int) (fs []Follow, next string, err error)
	// VotesOn are the member's votes among the ideas, by idea.
	VotesOn(ctx context.Context, memberID string, ideaIDs []string) (map[string]Vote, error)
	// VotesBy is a page of the member's votes, newest ideas first.
	VotesBy(ctx context.Context, memberID, cursor string, limit int) (votes []Vote, next string, err error)
	// IdeasBy is a page of the ids of the ideas that the member submitted, newest first.
	IdeasBy(ctx context.Context, memberID, cursor string, limit int) (ids []string, next string, err error)

	Comment(ctx context.Context, ideaID, id string) (Comment, error)
	Comments(ctx context.Context, ideaID, cursor string, limit int) (cs []Comment, next string, err error)
	// CommentsBy is a page of the member's comments, newest first.
	CommentsBy(ctx context.Context, memberID, cursor string, limit int) (cs []Comment, next string, err error)

	Member(ctx context.Context, id string) (Member, error)
	MemberByEmail(ctx context.Context, email string) (Member, error)
	// CreateMember reports false if the address belongs to somebody already.
	CreateMember(ctx context.Context, m Member) (created bool, err error)
	UpdateMember(ctx context.Context, m Member, prev int64) error

	// DeleteMember puts what is left of a member in the place of what was, and
	// removes the address, its sign-in codes and the sessions, in one write; Stale
	// if the member changed meanwhile.
	DeleteMember(ctx context.Context, was, left Member) error
	// TextsOf reads ideas with text and history, in the order of ids, leaving out
	// what is missing: one Query an idea.
	TextsOf(ctx context.Context, ids []string) ([]IdeaText, error)
	// StepsBy is a page of the steps that the member made ideas take, newest ideas
	// first; submitting is none of them.
	StepsBy(ctx context.Context, memberID, cursor string, limit int) (steps []HistoryEntry, next string, err error)
	// MailsTo is a page of the ledger's lines about mails to the member.
	MailsTo(ctx context.Context, memberID, cursor string, limit int) (mails []MailLine, next string, err error)
	// FanOut is how far those who follow an idea or voted for it have been told of its
	// last step that was told of; NotFound if none was.
	FanOut(ctx context.Context, ideaID string) (FanOut, error)
	// MailsAbout is a page of the ledger's lines about mails that an idea led to.
	MailsAbout(ctx context.Context, ideaID, cursor string, limit int) (mails []MailLine, next string, err error)

	// AllIdeas are the ids of all ideas behind the one named, hidden and merged ones too,
	// in an order of the store's; next is "" at the end. Queries only.
	AllIdeas(ctx context.Context, after string, limit int) (ids []string, next string, err error)
	// VotesFor is a page of the votes for an idea, FollowsOf of who follows it or muted
	// it, by member; an idea that has few has them all in its first page.
	VotesFor(ctx context.Context, ideaID, cursor string, limit int) (vs []Vote, next string, err error)
	FollowsOf(ctx context.Context, ideaID, cursor string, limit int) (fs []Follow, next string, err error)
	// Memos is a page of the notes among the team about an idea, oldest first.
	Memos(ctx context.Context, ideaID, cursor string, limit int) (ms []Memo, next string, err error)
	// AllMembers are the members behind the one named who did not leave; next is "" at
	// the end. Queries only.
	AllMembers(ctx context.Context, after string, limit int) (ms []Member, next string, err error)
	// Contributions are how much a member has written and voted for.
	Contributions(ctx context.Context, memberID string) (Contributions, error)

	// Moderate writes all parts of a deed, or none: Stale if one of them changed.
	Moderate(ctx context.Context, d Deed) error
	// Case is the case about a thing, read strongly; Version 0 if there is none.
	Case(ctx context.Context, t Thing) (Case, error)
	// Earlier is the text of a thing before it was edited, read strongly.
	Earlier(ctx context.Context, t Thing) (Earlier, error)
	// Queue reads a page of a queue with what its cases are about: one Query, one
	// BatchGet.
	Queue(ctx context.Context, q QueueQuery) (QueuePage, error)
	// QueueItem is the case about a thing with what it is about: one Get, one BatchGet.
	QueueItem(ctx context.Context, t Thing) (QueueItem, error)
	// Queued is how many cases wait in a queue, up to a limit: one Query.
	Queued(ctx context.Context, q Queue, limit int) (n int, more bool, err error)
	// CasesOf is a page of the cases about what the member wrote, newest things first.
	CasesOf(ctx context.Context, memberID, cursor string, limit int) (cs []Case, next string, err error)
	// VoteCase is the case about an idea's votes; Version 0 if there is none.
	VoteCase(ctx context.Context, ideaID string, consistent bool) (VoteCase, error)
	// VoteCases reads a page of the cases about votes that wait: one Query, one BatchGet.
	VoteCases(ctx context.Context, q QueueQuery) (VoteCasePage, error)
	// Reports are all reports of a thing in the round of its case, read strongly.
	Reports(ctx context.Context, t Thing, round int64) ([]Report, error)
	// ReportsBy is a page of what the member reported.
	ReportsBy(ctx context.Context, memberID, cursor string, limit int) (rs []Report, next string, err error)
	// Log is a page of the audit log, newest first: one Query.
	Log(ctx context.Context, q LogQuery) (es []LogEntry, next string, err error)
	// Names are the names of members, by id: one BatchGet.
	Names(ctx context.Context, ids []string) (map[string]string, error)
	// Exclusion is the member's, read strongly; Version 0 if there is none.
	Exclusion(ctx context.Context, memberID string) (Exclusion, error)

	Code(ctx context.Context, id string) (SignInCode, error)
	// PutCode stores the code if its stored version is prev; 0 = it is new.
	PutCode(ctx context.Context, c SignInCode, prev int64) error
	// CreateSession stores the session and uses the code up, in one write; Stale
	// if the code has been used or tried meanwhile.
	CreateSession(ctx context.Context, s Session, c SignInCode) error
	Session(ctx context.Context, memberID, id string) (Session, Member, error)
	Sessions(ctx context.Context, memberID string) ([]Session, error)
	TouchSession(ctx context.Context, s Session) error
	DeleteSession(ctx context.Context, memberID, id string) error

	// Answer is what is pinned on top of an idea's page, read strongly; Version 0 = there
	// has never been anything.
	Answer(ctx context.Context, ideaID string) (Answer, error)
	// PutAnswer stores it if its stored version is prev; 0 = it is the first.
	PutAnswer(ctx context.Context, a Answer, prev int64, log ...LogEntry) error
	// Dossier is what the team keeps about an idea, read strongly; Version 1 = nothing yet.
	Dossier(ctx context.Context, ideaID string) (Dossier, error)
	// PutDossier is Stale if the dossier, or the tags it was written with, changed meanwhile.
	PutDossier(ctx context.Context, u DossierUpdate) error
	// Dossiers are those that there are, by idea.
	Dossiers(ctx context.Context, ideaIDs []string) (map[string]Dossier, error)
	// Desk reads an idea's dossier and its newest notes among the team, newest first,
	// strongly, in one Query.
	Desk(ctx context.Context, ideaID string, memos int) (Dossier, []Memo, error)
	Memo(ctx context.Context, ideaID, id string) (Memo, error)
	// PutMemo stores the note if its stored version is prev; 0 = it is new.
	PutMemo(ctx context.Context, m Memo, prev int64, log ...LogEntry) error
	// DeleteMemo removes it if its version is still the stored one.
	DeleteMemo(ctx context.Context, m Memo, log ...LogEntry) error
	// Labelled is a page of the ids of the ideas in one of the team's lists, newest
	// first, of those with a status where it is set: one Query.
	Labelled(ctx context.Context, l Label, status Status, cursor string, limit int) (ids []string, next string, err error)
	// Tags reads the team's tags, strongly.
	Tags(ctx context.Context) (Tags, error)
	// PutTags replaces them if their version is still the stored one.
	PutTags(ctx context.Context, ts Tags, log ...LogEntry) error
	// Filters are the member's and the team's, read strongly.
	Filters(ctx context.Context, memberID string) (Filters, error)
	// PutFilters replaces a set if its version is still the stored one.
	PutFilters(ctx context.Context, s FilterSet, log ...LogEntry) error
	// Team are the members of the team: one Query.
	Team(ctx context.Context) ([]Member, error)
	// Members are those members that there are, by id: one BatchGet.
	Members(ctx context.Context, ids []string) (map[string]Member, error)

	// Intake is the member's, read strongly; Version 0 if there is none.
	Intake(ctx context.Context, memberID string) (Intake, error)
	// PutIntake stores it if its stored version is prev; 0 = there is none.
	PutIntake(ctx context.Context, in Intake, prev int64, log ...LogEntry) error
	// DeleteIntake removes it, if its version is still the stored one, and then its files.
	DeleteIntake(ctx context.Context, in Intake, log ...LogEntry) error
	// PutIntakeFile stores the file that goes with the intake's State and ID, before the
	// intake itself; the same again is as good as once.
	PutIntakeFile(ctx context.Context, in Intake, data []byte) error
	// IntakeFile reads it, strongly; NotFound if it is gone.
	IntakeFile(ctx context.Context, in Intake) ([]byte, error)
	// DropIntakeFile removes the file that goes with State and ID; one that is not there is as good as gone.
	DropIntakeFile(ctx context.Context, in Intake) error

	Suppressions

	// CountUse counts a use unless the quota is used up; then it says for how long.
	CountUse(ctx context.Context, u Use) (wait time.Duration, err error)
	// NetworkKey is the secret of the week; fresh becomes it if there is none yet.
	NetworkKey(ctx context.Context, week int64, fresh []byte, until time.Time) ([]byte, error)
}
