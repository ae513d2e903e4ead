package sheet

import (
	"time"

	"groundswell/shared/portal"
)

// Row has a value for each column of its kind.
type Row []any

// Kind is a kind of rows.
type Kind struct {
	Name    string // of the file, without its end
	Columns []string
}

// The kinds.
var (
	Ideas = Kind{"ideas", []string{"id", "title", "body", "category", "status", "votes", "comments", "author", "author_id", "created", "updated",
		"moved", "team", "note", "merged_into", "shown", "source", "url"}}
	Comments = Kind{"comments", []string{"id", "idea", "parent", "body", "author", "author_id", "team", "created", "edited", "deleted", "shown"}}
	Votes    = Kind{"votes", []string{"idea", "member", "created"}}
	History  = Kind{"history", []string{"idea", "version", "from", "status", "note", "by", "by_id", "created"}}
	Members  = Kind{"members", []string{"id", "name", "email", "role", "language", "source", "created", "deleted"}}
	Mails    = Kind{"mails", []string{"idea", "event", "member", "state", "why", "at", "outcome", "outcome_at", "detail"}}
)

// Kinds are all of them, in the order in which people want them.
var Kinds = []Kind{Ideas, Comments, Votes, History, Members, Mails}

// KindNamed finds a kind.
func KindNamed(name string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Idea is a row of Ideas; its status came with the last step that is told of.
func Idea(t portal.IdeaText, c portal.Card, url string) Row {
	var last portal.HistoryEntry
	for _, h := range t.History {
		if h.To == t.Idea.Status && h.From != "" {
			last = h
		}
	}
	i := t.Idea
	return Row{i.ID, i.Title, t.Body, i.Category, string(i.Status), c.Votes, c.Comments, c.Author.Name, i.AuthorID, i.CreatedAt, i.UpdatedAt,
		last.At, last.By.Name, last.Note, i.MergedInto, i.Mod.Shown(), i.Source, url}
}

// Comment is a row of Comments.
func Comment(c portal.Comment) Row {
	return Row{c.ID, c.IdeaID, c.Parent, c.Body, c.Author.Name, c.Author.ID, c.Author.Team, c.CreatedAt, c.EditedAt, c.Deleted, c.Mod.Shown()}
}

// Vote is a row of Votes.
func Vote(v portal.Vote) Row { return Row{v.IdeaID, v.MemberID, v.At} }

// Step is a row of History.
func Step(h portal.HistoryEntry) Row {
	return Row{h.IdeaID, int(h.Ver), string(h.From), string(h.To), h.Note, h.By.Name, h.By.ID, h.At}
}

// Member is a row of Members.
func Member(m portal.Member) Row {
	return Row{m.ID, m.Name, m.Email, string(m.Role), m.Locale, m.Source, noZero(m.CreatedAt), m.DeletedAt}
}

// Mail is a row of Mails.
func Mail(m portal.MailLine) Row {
	return Row{m.IdeaID, m.Event, m.To, m.State, m.Why, m.At, m.Outcome, m.OutcomeAt, m.Detail}
}

// noZero leaves out a time that is not known.
func noZero(t time.Time) time.Time {
	if t.Unix() <= 0 {
		return time.Time{}
	}
	return t
}
