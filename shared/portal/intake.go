package portal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Intake is another system's export that an admin brings in by the console: a file, how
// it is to be read, and how far its rows have come. An admin has one at a time. What is
// in it becomes ideas in steps, each of which may be repeated: ids follow from the file.
type Intake struct {
	ID    string // names the stored file
	By    string // the admin's id
	State IntakeState
	File  string // the name that it came with
	Size  int    // of the file, in bytes
	Setup IntakeSetup

	// How far it has come: the part of the file, the row in it, and what became of the
	// rows before that. Total is how many rows there are in all parts.
	Part, Row, Total int
	Rows             map[string]IntakeTally // by what they are: see IntakeRows

	Left string // the name of the file with the rows that could not be taken; "" = all could

	At      time.Time // when the file came
	Version int64
}

// IntakeState is what becomes of an Intake next.
type IntakeState string

// The states.
const (
	IntakeOpen IntakeState = "open" // it is looked at; nothing is an idea yet
	IntakeRuns IntakeState = "runs" // rows up to Part and Row are in
	IntakeDone IntakeState = "done" // all that could be taken are; the file is gone
)

// IntakeRows are what an intake counts, in the order in which it is told.
var IntakeRows = []string{"ideas", "comments", "votes", "members", "addresses"}

// IntakeTally says what became of rows. A step that was cut off after it had stored some
// finds them as known when it is repeated.
type IntakeTally struct{ Read, New, Known, Rejected, Skipped int }

// Sum counts the rows of one kind that more steps took.
func (t IntakeTally) Sum(u IntakeTally) IntakeTally {
	return IntakeTally{t.Read + u.Read, t.New + u.New, t.Known + u.Known, t.Rejected + u.Rejected, t.Skipped + u.Skipped}
}

// IntakeSetup is how a file is to be read.
type IntakeSetup struct {
	Preset string // the system it comes from, by one of IntakeReader.Presets
	Source string // names that system for ever: ids follow from it

	// By field the column, or path in JSON, that it is read from; nil = as the preset says.
	Ideas, Comments, Votes map[string]string

	Categories map[string]string // their name to our id; "*" = all others
	Statuses   map[string]Status

	Day      string // YYYY-MM-DD of rows that have no time; "" = they are rejected
	DayFirst bool   // 3/4/2026 is in April
	Cut      bool   // texts that are too long are cut
}

// Limits of an intake. A request to a function is 6 MB of JSON at most, in which a file
// is a third longer; what a ZIP unpacks to is read again by each step.
const (
	MaxIntake     = 4 << 20  // bytes of a file
	MaxUnpacked   = 32 << 20 // bytes of what is in a ZIP
	MaxSource     = 40       // characters
	IntakeLife    = 24 * time.Hour
	maxFileName   = 200
	maxColumn     = 200  // characters of a column's name
	maxIntakeMaps = 1000 // names that are mapped
)

// IntakeReader reads the files, and stores what is in them; shared/intake has it. Errors
// about a file, or about what is said of it, are Invalid with the field file.
type IntakeReader interface {
	// Presets are the systems whose exports can be read, by name.
	Presets() []string
	// Look tells what a file would become, and writes nothing.
	Look(ctx context.Context, in Intake, file []byte) (IntakeLook, error)
	// Step takes the next rows, and says how far it came; State is IntakeDone behind the
	// last.
	Step(ctx context.Context, in Intake, file []byte) (Intake, error)
	// Left is a file with the rows that can't be taken, in front of each why, that can be
	// corrected and brought in; its name is "" if all rows can.
	Left(ctx context.Context, in Intake, file []byte) (name string, data []byte, err error)
}

// IntakeLook is what a file would become.
type IntakeLook struct {
	Problem string // what keeps all of it from being read, in English; "" = nothing
	Files   []IntakeFile
	Ideas   []IntakeIdea // the first
	Rows    map[string]IntakeTally
	Partial bool // only the beginning was looked at
	Rejects []IntakeReject
	More    int // rejects beyond those

	// Names of theirs that are none of ours, the most frequent first.
	Categories, Statuses []IntakeName
}

// IntakeFile is one of the files, and which of its columns is what.
type IntakeFile struct {
	Part    string // "ideas", "comments" or "votes"
	Name    string
	JSON    bool // columns are paths
	Columns []string
	Fields  []string
	Found   map[string]string // by field the column
	Ignored []string
}

// IntakeIdea is an idea as it would be.
type IntakeIdea struct {
	TakenIdea
	Author string
}

// IntakeReject is what is wrong with a row.
type IntakeReject struct {
	File         string
	Line, Column int
	Field        string
	Reason       string // in English
}

// IntakeName is a name of theirs, and how many rows have it.
type IntakeName struct {
	Name string
	N    int
}

var (
	errIntakeAdmin = &Error{Kind: Forbidden, Code: "intake_admin", Msg: "Importing is for the portal's admins. Ask one of them to do it, or to make you one."}
	errNoIntake    = &Error{Kind: NotFound, Code: "no_intake", Msg: "There is no import under way. Files are kept for a day."}
	errIntakeRuns  = &Error{Kind: Conflict, Code: "intake_runs", Msg: "An import is under way. Go on with it, or give it up first."}
)

// setup checks what is said of a file; whether its columns are there, reading it tells.
func (f *fields) setup(s *IntakeSetup, p *Portal) {
	if !slices.Contains(p.Intakes.Presets(), s.Preset) {
		f.add("preset", "unknown", 0, "There is no such system.")
	}
	s.Source = line(s.Source)
	if s.Source == "" {
		s.Source = s.Preset
	}
	f.text("source", s.Source, 1, MaxSource)
	if strings.ContainsFunc(s.Source, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_. ", r)
	}) {
		f.add("source", "bad_source", 0, "Must be letters, digits, dots, hyphens and blanks.")
	}
	if s.Day != "" {
		day, err := time.Parse(time.DateOnly, s.Day)
		if err != nil {
			f.add("day", "not_a_day", 0, "Must be a day such as 2026-03-31.")
		} else {
			f.past("day", day, p.now())
		}
	}
	for _, m := range []map[string]string{s.Ideas, s.Comments, s.Votes} {
		for _, column := range m {
			if utf8.RuneCountInString(column) > maxColumn {
				f.add("columns", "too_long", maxColumn, "Must be at most %d characters.", maxColumn)
				break
			}
		}
	}
	if len(s.Categories)+len(s.Statuses) > maxIntakeMaps {
		f.add("categories", "too_many", maxIntakeMaps, "Must be at most %d.", maxIntakeMaps)
	}
	for id := range maps.Values(s.Categories) {
		if _, ok := p.Categories.Find(id); !ok {
			f.add("categories", "unknown", 0, "There is no such category.")
			break
		}
	}
	for st := range maps.Values(s.Statuses) {
		if !st.Valid() {
			f.add("statuses", "unknown", 0, "There is no such status.")
			break
		}
	}
}

// String is the tally as the audit log keeps it: "12 new, 3 known, 1 rejected".
func (t IntakeTally) String() string {
	return fmt.Sprintf("%d new, %d known, %d rejected", t.New, t.Known, t.Rejected)
}
