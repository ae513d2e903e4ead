package sheet

import (
	"strings"
	"time"

	"groundswell/shared/portal"
)

// Row has a value for each column of its kind.
type Row []any

// Kind is a kind of rows.
type Kind struct {
	Name    portal.TakeKind // of the file, too, without its end
	Columns []string

	addressed []string // columns that it has with addresses only
	emails    bool     // it has them
	rows      func(*taken) []Row
}

// The kinds. Votes have their voters' names in a column that an import does not take:
// names don't tell people apart, so only addresses bring votes back one by one.
var (
	Ideas = Kind{portal.TakeIdeas, []string{"id", "title", "body", "category", "status", "votes", "comments", "author", "author_id", "created", "updated",
		"moved", "team", "note", "merged_into", "shown", "source", "url"}, withEmail, false, (*taken).ideas}
	Comments = Kind{portal.TakeComments, []string{"id", "idea", "parent", "body", "author", "author_id", "team", "created", "edited", "deleted", "shown"},
		withEmail, false, (*taken).comments}
	Votes = Kind{portal.TakeVotes, []string{"idea", "counts_for", "member", "name", "created", "counted"}, []string{"author", "email"}, false,
		(*taken).votes}
	Follows  = Kind{portal.TakeFollows, []string{"idea", "member", "name", "follows", "muted", "changed"}, withEmail, false, (*taken).follows}
	History  = Kind{portal.TakeHistory, []string{"idea", "version", "from", "status", "note", "by", "by_id", "created", "merged_into", "unmerged_from"}, nil, false, (*taken).history}
	Dossiers = Kind{portal.TakeDossiers, []string{"idea", "owner", "owner_id", "tags", "by", "by_id", "changed"}, nil, false, (*taken).dossiers}
	Notes    = Kind{portal.TakeNotes, []string{"id", "idea", "body", "by", "by_id", "created", "edited"}, nil, false, (*taken).notes}
	Members  = Kind{portal.TakeMembers, []string{"id", "name", "role", "state", "trusted", "counted", "language", "source", "joined", "ideas", "comments", "votes"},
		withEmail, false, (*taken).members}
	Mails = Kind{portal.TakeMails, []string{"idea", "event", "member", "name", "state", "why", "at", "outcome", "outcome_at", "detail"}, withEmail, false, (*taken).mails}
	Log   = Kind{portal.TakeLog, []string{"id", "at", "what", "by", "by_id", "whose", "whose_id", "idea", "comment", "reasons", "note", "from", "to", "digest"}, nil, false,
		(*taken).log}

	withEmail = []string{"email"}
)

// Kinds are all of them, in the order in which people want them.
var Kinds = []Kind{Ideas, Comments, Votes, Follows, History, Dossiers, Notes, Members, Mails, Log}

// KindNamed finds a kind.
func KindNamed(name string) (Kind, bool) {
	for _, k := range Kinds {
		if string(k.Name) == name {
			return k, true
		}
	}
	return Kind{}, false
}

// File is the name of a file of the kind.
func (k Kind) File(f Format) string { return string(k.Name) + "." + string(f) }

// Addressed reports whether the kind has addresses for those who ask for them.
func (k Kind) Addressed() bool { return len(k.addressed) > 0 }

// WithAddresses is the kind with a column for addresses.
func (k Kind) WithAddresses() Kind {
	k.Columns, k.emails = append(k.Columns[:len(k.Columns):len(k.Columns)], k.addressed...), true
	return k
}

// Rows are the rows of a part of an export. address is where an idea's page is; nil = it
// is not said.
func (k Kind) Rows(t portal.Takeout, address func(portal.Idea) string) []Row {
	return k.rows(&taken{Takeout: t, address: address, emails: k.emails})
}

// taken is a part of an export on its way into rows.
type taken struct {
	portal.Takeout
	address func(portal.Idea) string
	emails  bool
}

// name is what a member is called now; "" for nobody.
func (t *taken) name(id string) string { return t.People[id].Name }

// mail adds a member's address where it is asked for.
func (t *taken) mail(r Row, id string) Row {
	if t.emails {
		r = append(r, t.People[id].Email)
	}
	return r
}

// ideas have a status that came with the last step that is told of.
func (t *taken) ideas() (rows []Row) {
	for _, i := range t.Ideas {
		url := ""
		if t.address != nil {
			url = t.address(i.Idea)
		}
		c, ok := t.Cards[i.Idea.ID]
		if !ok {
			c = portal.Card{Votes: i.Idea.BaseVotes} // not counted yet
		}
		rows = append(rows, t.mail(idea(i, c, t.name(i.Idea.AuthorID), url), i.Idea.AuthorID))
	}
	return rows
}

func idea(t portal.IdeaText, c portal.Card, author, url string) Row {
	var last portal.HistoryEntry
	for _, h := range t.History {
		if h.To == t.Idea.Status && h.From != "" {
			last = h
		}
	}
	i := t.Idea
	return Row{i.ID, i.Title, t.Body, i.Category, string(i.Status), c.Votes, c.Comments, author, i.AuthorID, i.CreatedAt, i.UpdatedAt,
		last.At, last.By.Name, last.Note, i.MergedInto, i.Mod.Shown(), i.Source, url}
}

func (t *taken) comments() (rows []Row) {
	for _, c := range t.Comments {
		rows = append(rows, t.mail(Row{c.ID, c.IdeaID, c.Parent, c.Body, c.Author.Name, c.Author.ID, c.Author.Team, c.CreatedAt, c.EditedAt, c.Deleted, c.Mod.Shown()}, c.Author.ID))
	}
	return rows
}

// votes count for the original of an idea that was merged; a member counts there once,
// however many of its duplicates the votes are on.
func (t *taken) votes() (rows []Row) {
	for _, v := range t.Votes {
		m := t.People[v.MemberID]
		r := Row{v.IdeaID, first(t.Cards[v.IdeaID].MergedInto, v.IdeaID), v.MemberID, m.Name, v.At, !m.Uncounted}
		if t.emails {
			author := m.Name
			if m.Email == "" {
				author = "" // nobody whom an import could tell from others of the name
			}
			r = append(r, author, m.Email)
		}
		rows = append(rows, r)
	}
	return rows
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (t *taken) follows() (rows []Row) {
	for _, f := range t.Follows {
		rows = append(rows, t.mail(Row{f.IdeaID, f.MemberID, t.name(f.MemberID), f.Following, f.Muted, f.At}, f.MemberID))
	}
	return rows
}

func (t *taken) history() (rows []Row) {
	for _, i := range t.Ideas {
		for _, h := range i.History {
			rows = append(rows, Row{h.IdeaID, int(h.Ver), string(h.From), string(h.To), h.Note, h.By.Name, h.By.ID, h.At, h.Merged, h.Unmerged})
		}
	}
	return rows
}

func (t *taken) dossiers() (rows []Row) {
	for _, d := range t.Dossiers {
		var tags []string
		for _, id := range d.Tags {
			if tag, ok := t.Tags.Find(id); ok {
				tags = append(tags, tag.Name)
			}
		}
		rows = append(rows, Row{d.IdeaID, t.name(d.Owner), d.Owner, strings.Join(tags, ", "), t.name(d.By), d.By, d.At})
	}
	return rows
}

func (t *taken) notes() (rows []Row) {
	for _, m := range t.Notes {
		rows = append(rows, Row{m.ID, m.IdeaID, m.Body, t.name(m.By), m.By, m.CreatedAt, m.EditedAt})
	}
	return rows
}

func (t *taken) members() (rows []Row) {
	for _, m := range t.Members {
		w := t.Contributions[m.ID]
		r := Row{m.ID, m.Name, string(m.Role), state(m), m.Trusted, !m.Uncounted, m.Locale, m.Source, noZero(m.CreatedAt), w.Ideas, w.Comments, w.Votes}
		if t.emails {
			r = append(r, m.Email)
		}
		rows = append(rows, r)
	}
	return rows
}

// state says whether a member can write: an imported author who never signed in can't.
func state(m portal.Member) string {
	switch {
	case m.Blocked():
		return "blocked"
	case m.Email == "":
		return "profile"
	}
	return "active"
}

func (t *taken) mails() (rows []Row) {
	for _, m := range t.Mails {
		rows = append(rows, t.mail(Row{m.IdeaID, m.Event, m.To, t.name(m.To), m.State, m.Why, m.At, m.Outcome, m.OutcomeAt, m.Detail}, m.To))
	}
	return rows
}

func (t *taken) log() (rows []Row) {
	for _, e := range t.Log {
		rows = append(rows, Row{e.ID, e.At(), e.What, t.name(e.By), e.By, t.name(e.Whose), e.Whose, e.Thing.IdeaID, e.Thing.CommentID,
			strings.Join(e.Reasons, ", "), e.Note, e.From, e.To, e.Digest})
	}
	return rows
}

// noZero leaves out a time that is not known.
func noZero(t time.Time) time.Time {
	if t.Unix() <= 0 {
		return time.Time{}
	}
	return t
}
