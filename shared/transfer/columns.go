package transfer

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Field is what a column can hold.
type Field string

// The fields of ideas, of comments and of votes. Only a title, and of a comment or a
// vote its idea, are needed; a time is, but may be said for all lines at once.
const (
	FieldID       Field = "id"       // what the other system calls it; else made of author, time and text
	FieldIdea     Field = "idea"     // comments: the id of the idea
	FieldParent   Field = "parent"   // comments: the id of the comment it answers
	FieldTitle    Field = "title"    // ideas
	FieldBody     Field = "body"     // Markdown or plain text
	FieldCategory Field = "category" // ideas
	FieldVotes    Field = "votes"    // ideas: how many it brings along
	FieldAuthor   Field = "author"   // a public name
	FieldEmail    Field = "email"    // the author's; who can read its mail can sign in as the author
	FieldCreated  Field = "created"
	FieldStatus   Field = "status" // ideas
	FieldMoved    Field = "moved"  // ideas: when the status became what it is
	FieldTeam     Field = "team"   // ideas: who said so
	FieldNote     Field = "note"   // ideas: and what else they said
	FieldURL      Field = "url"    // ideas: where it was; links to it go on working
)

var (
	ideaFields = []Field{FieldID, FieldTitle, FieldBody, FieldCategory, FieldVotes, FieldAuthor, FieldEmail, FieldCreated,
		FieldStatus, FieldMoved, FieldTeam, FieldNote, FieldURL}
	commentFields = []Field{FieldID, FieldIdea, FieldParent, FieldBody, FieldAuthor, FieldEmail, FieldCreated}
	voteFields    = []Field{FieldIdea, FieldAuthor, FieldEmail, FieldCreated}
)

// Columns says which column holds a field, by its name in the header, of which
// letters and digits count and their case does not: "Created At" is created_at. In a
// JSON file it is a path. Of several names with bars between them the first counts
// that there is.
type Columns map[Field]string

// ParseIdeaColumns reads FIELD=NAME pairs with commas between them.
func ParseIdeaColumns(s string) (Columns, error) { return parseColumns(s, ideaFields) }

// ParseCommentColumns does the same for comments.
func ParseCommentColumns(s string) (Columns, error) { return parseColumns(s, commentFields) }

// ParseVoteColumns does the same for votes.
func ParseVoteColumns(s string) (Columns, error) { return parseColumns(s, voteFields) }

func parseColumns(s string, known []Field) (Columns, error) {
	cs := Columns{}
	for pair := range strings.SplitSeq(s, ",") {
		f, name, ok := strings.Cut(pair, "=")
		field := Field(strings.TrimSpace(f))
		switch {
		case !ok || strings.TrimSpace(name) == "":
			return nil, fmt.Errorf("%q is not FIELD=COLUMN", pair)
		case !slices.Contains(known, field):
			return nil, fmt.Errorf("there is no field %q; the fields are %v", field, known)
		case cs[field] != "":
			return nil, fmt.Errorf("field %q is given twice", field)
		}
		cs[field] = name
	}
	return cs, nil
}

// plain is a column's name as names are compared.
func plain(name string) string {
	p := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	if p == "" {
		return strings.TrimSpace(name)
	}
	return p
}

// listed are columns' names as a message has them.
func listed(names []string) string { return strings.Join(names, ", ") }

// find locates the columns in a header. With loose, a column may be missing.
func (cs Columns) find(header []string, loose bool) (map[Field]int, error) {
	at, plains := map[Field]int{}, make([]string, len(header))
	for i, h := range header {
		plains[i] = plain(h)
	}
	for f, names := range cs {
		for name := range strings.SplitSeq(names, "|") {
			i := slices.Index(plains, plain(name))
			if i < 0 {
				continue
			}
			if slices.Contains(plains[i+1:], plains[i]) {
				return nil, fmt.Errorf("two columns are named %q", name)
			}
			at[f] = i
			break
		}
		if _, ok := at[f]; !ok && !loose {
			return nil, fmt.Errorf("there is no column %q for the %s; there are %s", names, f, listed(header))
		}
	}
	return at, nil
}
