package transfer

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/text/cases"

	"groundswell/shared/portal"
)

// Preset says how another system's export is to be read. Its zero value reads
// nothing; start from one of [Presets].
type Preset struct {
	Name string
	Note string // for the operator, one line

	// The files' names in the export's folder or archive, the first that is there of
	// several with bars between them. "" = there is none; the file of ideas may hold
	// the comments and the votes, too.
	IdeasFile, CommentsFile, VotesFile string

	Ideas, Comments, Votes Columns
	Loose                  bool // columns may be missing, but for those of Strict files

	StrictIdeas, StrictComments, StrictVotes bool

	// Of JSON files: the member that holds the rows; "" = they are the elements.
	// "issues.comments" are the objects in comments of those in issues.
	List, CommentsList, VotesList string

	// InnerComments is the member of an idea that holds its comments, where there is no
	// file of them.
	InnerComments string

	// Tables are other files of an archive that paths lead to, and the member by which
	// their rows are found.
	Tables map[string]TableFile

	// Rows to leave out: "column" = those that have a value there, "column=value".
	Skip, SkipComments []string

	Repeats bool // an idea has a line for each of its voters
	Commas  bool // a category may be one of several with commas between them

	Encoding   Encoding
	Dates      Dates
	HTML       HTML
	Cut        bool     // texts that are too long are cut, instead of rejected
	Points     int      // points a vote, which a column of votes is divided by; 0 = 1
	URLEncoded bool     // categories are escaped as in a query
	URLs       []string // addresses of ideas, such as "/posts/{number}": columns in braces

	// From the other system's names to ours; "*" stands for all the rest. Our own
	// ids and names need no entry.
	Categories map[string]string
	Statuses   map[string]portal.Status

	tables tables
}

// TableFile is a file of an archive and the member that its rows are found by.
type TableFile struct{ File, Key string }

// PresetNamed finds a preset.
func PresetNamed(name string) (Preset, error) {
	var names []string
	for _, p := range Presets() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, fmt.Errorf("there is no preset %q; there are %s", name, strings.Join(names, ", "))
}

// named are columns that are called as their fields are or, if there is none, have one
// of the other names.
func named(fs []Field, others Columns) Columns {
	cs := Columns{}
	for _, f := range fs {
		cs[f] = string(f)
		if others[f] != "" {
			cs[f] += "|" + others[f]
		}
	}
	return cs
}

// statuses are what other systems call ours.
var statuses = map[string]portal.Status{
	"": portal.New, "open": portal.New, "submitted": portal.New, "received": portal.New,
	"reviewing": portal.UnderReview, "in review": portal.UnderReview, "under consideration": portal.UnderReview,
	"considering": portal.UnderReview, "reviewed": portal.UnderReview,
	"accepted": portal.Planned, "coming soon": portal.Planned, "on the roadmap": portal.Planned,
	"started": portal.InProgress, "in the works": portal.InProgress, "in development": portal.InProgress, "working on it": portal.InProgress,
	"complete": portal.Launched, "completed": portal.Launched, "done": portal.Launched, "shipped": portal.Launched,
	"released": portal.Launched, "implemented": portal.Launched, "delivered": portal.Launched,
	"rejected": portal.Declined, "not planned": portal.Declined, "will not implement": portal.Declined,
	"already exists": portal.AlreadyOffered, "already possible": portal.AlreadyOffered,
}

// fold is how names are compared: without case, "_" and "-" as blanks, "and" as "&".
func fold(s string) string {
	s = strings.NewReplacer("_", " ", "-", " ").Replace(cases.Fold().String(s))
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), " and ", " & ")
}

// names translates names by a table that was made once.
type names[T any] struct {
	table map[string]T
	rest  *T
}

// put makes an entry; the first of a name stands.
func (n *names[T]) put(name string, v T) {
	if strings.TrimSpace(name) == "*" {
		if n.rest == nil {
			n.rest = &v
		}
		return
	}
	if n.table == nil {
		n.table = map[string]T{}
	}
	if _, ok := n.table[fold(name)]; !ok {
		n.table[fold(name)] = v
	}
}

func (n *names[T]) known(name string) (v T, ok bool) {
	v, ok = n.table[fold(name)]
	return v, ok
}

// get is what the name stands for, or what all the rest do.
func (n *names[T]) get(name string) (v T, ok bool) {
	if v, ok = n.known(name); !ok && n.rest != nil {
		return *n.rest, true
	}
	return v, ok
}

func (p Preset) categories(cs portal.Categories) (n names[string], err error) {
	for name, id := range p.Categories {
		if _, ok := cs.Find(id); !ok {
			return n, fmt.Errorf("category %q: there is no category %q here", name, id)
		}
		n.put(name, id)
	}
	for _, c := range cs {
		n.put(c.ID, c.ID)
		for _, name := range c.Name {
			n.put(name, c.ID)
		}
	}
	return n, nil
}

func (p Preset) statuses() (n names[portal.Status], err error) {
	for name, s := range p.Statuses {
		if !s.Valid() {
			return n, fmt.Errorf("status %q: there is no status %q here; there are %v", name, s, portal.Statuses)
		}
		n.put(name, s)
	}
	for _, s := range portal.Statuses {
		n.put(string(s), s)
	}
	for name, s := range statuses {
		n.put(name, s)
	}
	return n, nil
}

// category decodes the name that a file has.
func (p Preset) category(s string) string {
	if p.URLEncoded {
		if d, err := url.QueryUnescape(s); err == nil {
			return d
		}
	}
	return s
}

func (p Preset) points() int { return max(p.Points, 1) }

// check reports what makes the preset useless.
func (p Preset) check() error {
	switch {
	case p.Ideas[FieldTitle] == "":
		return fmt.Errorf("no column is given for the %s of ideas", FieldTitle)
	case len(p.Comments) > 0 && p.Comments[FieldIdea] == "":
		return fmt.Errorf("no column is given for the %s of comments", FieldIdea)
	case len(p.Votes) > 0 && p.Votes[FieldIdea] == "":
		return fmt.Errorf("no column is given for the %s of votes", FieldIdea)
	case !p.HTML.Valid():
		return fmt.Errorf("html %q: it is %s or %s", p.HTML, HTMLAuto, HTMLAlways)
	case p.Points < 0:
		return fmt.Errorf("%d points a vote", p.Points)
	case !p.Encoding.Valid():
		return errEncoding(p.Encoding)
	case !p.Dates.Valid():
		return fmt.Errorf("dates %q: they are %s or %s", p.Dates, MonthFirst, DayFirst)
	}
	return nil
}
