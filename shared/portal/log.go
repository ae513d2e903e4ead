package portal

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// LogEntry is a line of the audit log: who did what, when, about what, and why. It is
// written in the same write as the deed, under a key that must not be taken, and no
// code changes or deletes one. It names members by their ids alone: of a deleted
// account the id stays, of which nothing says any more whose it was.
type LogEntry struct {
	ID      string // sorts by time
	What    string // one of LogActs
	By      string // the member who did it; "" = a rule of the portal, or its operator
	Whose   string // the member whom it is about, or who wrote the thing
	Thing   Thing  // zero if it is about a member
	Reasons []string
	Note    string // what the author was told
	From    string // of a status, a role, a merge
	To      string
	Digest  string // of the text that was removed: SHA-256
	Told    bool   // the author is to be told by mail
}

// At is when it happened.
func (e LogEntry) At() time.Time { return IDTime(e.ID) }

// What the log says was done.
const (
	LogHold    = "hold"    // a rule, or several reports
	LogApprove = "approve" // what was held, or rejected, is public
	LogDecline = "decline" // what was held is not made public
	LogHide    = "hide"
	LogShow    = "show"    // what was hidden is public again
	LogKeep    = "keep"    // reports were looked at, and the thing stays
	LogUphold  = "uphold"  // an appeal was turned down
	LogRestore = "restore" // the text from before an edit is public, in the place of the later one
	LogRemove  = "remove"
	LogLock    = "lock"
	LogUnlock  = "unlock"
	LogBlock   = "block"
	LogUnblock = "unblock"
	LogTrust   = "trust"
	LogUntrust = "untrust"
	LogExclude = "exclude" // the member's votes don't count
	LogInclude = "include"
	LogDelete  = "delete" // somebody else's comment, by the team
	LogEdit    = "edit"   // somebody else's text, by the team
	LogStatus  = "status"
	LogMerge   = "merge"
	LogUnmerge = "unmerge"
	LogRole    = "role"
	LogExport  = "export"    // addresses of members were taken away
	LogImport  = "import"    // another system's export, by the console
	LogEnter   = "enter"     // an idea was written down for a customer; To is the channel
	LogTake    = "take_back" // by its author: such an idea
	LogPutBack = "put_back"

	// What the team does for itself, and to what everybody sees. Notes are not repeated
	// here, since they can be deleted; a tag's new colour is nobody's business.
	LogPin        = "pin" // the official answer
	LogUnpin      = "unpin"
	LogOwner      = "owner" // of an idea; Whose is the new one or, if To is "", the one before
	LogTags       = "tags"  // of an idea, by name
	LogNote       = "note"  // among the team
	LogNoteEdit   = "note_edit"
	LogNoteDelete = "note_delete"
	LogTagNew     = "tag_new"
	LogTagRename  = "tag_rename"
	LogTagMerge   = "tag_merge"
	LogTagDelete  = "tag_delete"
	LogList       = "list" // a list was saved for the whole team
	LogListDelete = "list_delete"
)

// What it says of odd votes, beside a line of LogExclude, LogBlock or their opposites for
// each member.
const (
	LogSuspect    = "suspect"     // a rule found them
	LogVotesOut   = "votes_out"   // the team left them out
	LogVotesFine  = "votes_fine"  // it let them stand
	LogVotesAgain = "votes_again" // it undid what was decided
)

// AtOnce is the reason in the line of a step that an idea took with others, in one go.
const AtOnce = "at_once"

// LogActs are all of them.
var LogActs = []string{LogHold, LogApprove, LogDecline, LogHide, LogShow, LogKeep, LogUphold, LogRestore, LogRemove, LogLock, LogUnlock, LogBlock,
	LogUnblock, LogTrust, LogUntrust, LogExclude, LogInclude, LogDelete, LogEdit, LogStatus, LogMerge, LogUnmerge, LogRole, LogExport, LogImport,
	LogEnter, LogTake, LogPutBack, LogSuspect, LogVotesOut, LogVotesFine, LogVotesAgain,
	LogPin, LogUnpin, LogOwner, LogTags, LogNote, LogNoteEdit, LogNoteDelete, LogTagNew, LogTagRename, LogTagMerge, LogTagDelete, LogList, LogListDelete}

// logged gives the entry its id.
func (p *Portal) logged(now time.Time, e LogEntry) (LogEntry, error) {
	id, err := p.IDs.At(now)
	if err != nil {
		return e, fmt.Errorf("make log id: %w", err)
	}
	e.ID = id
	return e, nil
}

// LogQuery asks for a page of the audit log, newest first: all of it or, with one of
// What, By and Whose, a part.
type LogQuery struct {
	What   string // one of LogActs
	By     string // the member who did it
	Whose  string // the member it was done to, or whose idea or comment
	Cursor string
	Limit  int
}

// LogPage is a page of the log. Names has the members it speaks of who have a name
// still, Titles the ideas that are there still, as they are called now.
type LogPage struct {
	Entries []LogEntry
	Names   map[string]string
	Titles  map[string]string
	Next    string
}

// Log is a page of the audit log: one Query, whatever narrows it, and two BatchGets, of
// the members' names and of the ideas' cards. Team only.
func (p *Portal) Log(ctx context.Context, a Actor, q LogQuery) (LogPage, error) {
	if err := a.needTeam(); err != nil {
		return LogPage{}, err
	}
	var f fields
	if q.What != "" && !slices.Contains(LogActs, q.What) {
		f.add("what", "unknown", 0, "There is no such act.")
	}
	if q.By != "" && !ValidMemberID(q.By) {
		f.add("by", "unknown", 0, "There is no such member.")
	}
	if q.Whose != "" && !ValidMemberID(q.Whose) {
		f.add("whose", "unknown", 0, "There is no such member.")
	}
	narrowed := 0
	for _, by := range []string{q.What, q.By, q.Whose} {
		if by != "" {
			narrowed++
		}
	}
	if narrowed > 1 {
		f.add("what", "one_filter", 1, "The log can be narrowed by one thing at a time.")
	}
	q.Limit = f.limit(q.Limit)
	if err := f.err(); err != nil {
		return LogPage{}, err
	}
	entries, next, err := p.Store.Log(ctx, q)
	if err != nil {
		return LogPage{}, err
	}
	var ids, ideas []string
	for _, e := range entries {
		if e.Thing.IdeaID != "" {
			ideas = append(ideas, e.Thing.IdeaID)
		}
		if ids = append(ids, e.By, e.Whose); e.What == LogOwner {
			ids = append(ids, e.From, e.To)
		}
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return !ValidMemberID(id) })
	page := LogPage{Entries: entries, Titles: map[string]string{}, Next: next}
	if page.Names, err = p.Store.Names(ctx, ids); err != nil {
		return LogPage{}, err
	}
	slices.Sort(ideas)
	cards, err := p.Store.CardsOf(ctx, slices.Compact(ideas))
	for _, c := range cards {
		page.Titles[c.ID] = c.Title
	}
	return page, err
}
