package portal

import (
	"strings"
	"time"
)

// MaxImportedVotes bounds what an imported idea may bring along, up and down.
const MaxImportedVotes = 1_000_000_000

// ImportedIdea is an idea as another system knew it. What people typed there has
// to meet the limits of what people type here; what the team did there does not
// (a declined idea without a note stays one).
type ImportedIdea struct {
	Source, Key string // the system, and what it calls the idea
	Title, Body string
	Category    string // one of ours
	Status      Status // one of ours
	Votes       int    // the base that new votes add to; may be negative
	Author      Author // see ImportedAuthor
	CreatedAt   time.Time

	// How it came to Status, where that is not New.
	MovedBy Author
	MovedAt time.Time // zero = not known
	Note    string    // what was said with it
}

// TakenIdea is what the portal keeps of an ImportedIdea.
type TakenIdea struct {
	Idea    Idea
	Key     string // what the other system calls it
	Body    string
	History []HistoryEntry
}

// Take checks the idea and makes it ours, the same every time. Its way is New and
// then, in one step, Status; both entries are marked as imported, so nobody is
// told of them. An Error names what is wrong with fields title, body, category,
// status, votes, created, moved and note.
func (d ImportedIdea) Take(cs Categories, now time.Time) (TakenIdea, error) {
	var f fields
	d.Title, d.Body, d.Note = line(d.Title), text(d.Body), text(d.Note)
	f.text("title", d.Title, MinTitle, MaxTitle)
	f.text("body", d.Body, 0, MaxBody)
	f.text("note", d.Note, 0, MaxNote)
	f.category(d.Category, cs)
	if !d.Status.Valid() {
		f.add("status", "unknown", 0, "There is no such status.")
	}
	if d.Votes > MaxImportedVotes || d.Votes < -MaxImportedVotes {
		f.add("votes", "too_many", MaxImportedVotes, "Must be at most %d, up or down.", MaxImportedVotes)
	}
	f.past("created", d.CreatedAt, now)
	if d.MovedAt.IsZero() || d.Status == New {
		d.MovedAt = d.CreatedAt
	} else {
		f.past("moved", d.MovedAt, now)
	}
	if err := f.err(); err != nil {
		return TakenIdea{}, err
	}
	created, moved := stamp(d.CreatedAt), stamp(d.MovedAt)
	i := Idea{ID: ImportedAt(created, d.Source, d.Key), Title: d.Title, Excerpt: Excerpt(d.Body, excerptBytes), Category: d.Category,
		Status: d.Status, AuthorID: d.Author.ID, CreatedAt: created, UpdatedAt: moved, Version: 1, BaseVotes: d.Votes, Source: d.Source}
	hs := []HistoryEntry{{IdeaID: i.ID, Ver: 1, At: created, To: New, By: d.Author, Imported: true}}
	if d.Status != New {
		i.Version = 2
		hs = append(hs, HistoryEntry{IdeaID: i.ID, Ver: 2, At: moved, From: New, To: d.Status, By: d.MovedBy, Note: d.Note, Imported: true})
		if d.Status == Launched {
			i.LaunchedAt = moved
		}
	}
	return TakenIdea{Idea: i, Key: d.Key, Body: d.Body, History: hs}, nil
}

// ImportedComment is a comment as another system knew it.
type ImportedComment struct {
	Source, Key string
	IdeaID      string // ours
	Parent      string // our id of a first-level comment, or ""
	Body        string
	NoText      bool // its text was not kept
	Author      Author
	CreatedAt   time.Time
}

// Take checks the comment and makes it ours, the same every time. An Error names
// what is wrong with fields body and created.
func (d ImportedComment) Take(now time.Time) (Comment, error) {
	var f fields
	if d.NoText {
		d.Body = ""
	} else {
		d.Body = text(d.Body)
		f.text("body", d.Body, 1, MaxComment)
	}
	f.past("created", d.CreatedAt, now)
	if err := f.err(); err != nil {
		return Comment{}, err
	}
	created := stamp(d.CreatedAt)
	return Comment{ID: ImportedAt(created, d.Source, "comment\x00"+d.Key), IdeaID: d.IdeaID, Parent: d.Parent, Body: d.Body,
		Author: d.Author, CreatedAt: created, Imported: true, Version: 1}, nil
}

// ImportedAuthor is the profile of somebody who wrote in another system. With an
// address they are the member who can sign in with it; without one nobody can
// sign in as them. A name that is an address is not shown: it would publish it.
// An Error names what is wrong with fields author and email.
func ImportedAuthor(source, name, email string, first time.Time) (Member, error) {
	var f fields
	name = line(name)
	f.text("author", name, 0, MaxName)
	m := Member{Name: name, Role: RoleMember, Mail: DefaultMail(), CreatedAt: stamp(first), Source: source, Version: 1}
	key := "author\x00" + name
	if email = strings.TrimSpace(email); email != "" {
		address, err := Email(email)
		if err != nil {
			f.add("email", "not_an_email", 0, "Must be an e-mail address such as name@example.com.")
		}
		m.Email, m.Locale, key = address, "en", "email\x00"+address
	}
	if err := f.err(); err != nil {
		return Member{}, err
	}
	m.ID = ImportedMember(source, key)
	if name == "" {
		m.Name = "Anonymous"
	}
	if _, err := Email(name); err == nil || (name == "" && email != "") {
		m.Name = "member-" + m.ID[:6]
	}
	return m, nil
}

// ImportedTeam is the profile that an imported step is put down to: who is named,
// or the other system as a whole. Nobody can sign in as it.
func ImportedTeam(source, name string) (Member, error) {
	if name = line(name); name == "" {
		name = source
	}
	m, err := ImportedAuthor(source, name, "", time.Time{})
	m.ID, m.Role = ImportedMember(source, "team\x00"+name), RoleTeam
	return m, err
}

// FromKey reports whether the comment with the id is the one that the other
// system calls key: ids say so but for the time that the comment was written at.
func FromKey(id, source, key string) bool {
	return ValidTimedID(id) && id[timeChars:] == ImportedAt(time.Time{}, source, "comment\x00"+key)[timeChars:]
}

// past adds what is wrong with a time that something happened at. A day of grace
// is for zones: the other system's clock was somewhere else.
func (f *fields) past(name string, t, now time.Time) {
	switch {
	case t.IsZero():
		f.add(name, "required", 0, "Must not be empty.")
	case t.UnixMilli() < 0:
		f.add(name, "out_of_range", 0, "Must be a time since 1970.")
	case t.Sub(now) > 24*time.Hour:
		f.add(name, "in_future", 0, "Must not be in the future.")
	}
}

// stamp is a time as the portal keeps it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
