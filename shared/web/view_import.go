package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// importView is the page about an import, whichever state it is in.
type importView struct {
	base
	Tab   string
	State portal.IntakeState // "" = there is no file yet
	ID    string

	Presets []option
	Source  string
	Limit   int // megabytes

	File     string
	Problem  string // what keeps the file from being read, in English
	Tallies  []importTally
	Partial  bool
	Parts    []importPart
	Names    []importNames
	Preset   string
	Day      string
	DayFirst bool
	Cut      bool
	Ideas    []importIdea
	Rejects  []portal.IntakeReject
	More     int
	Left     string // address of the rows that could not be taken; "" = there are none

	Done, Total         int
	DoneText, TotalText string

	Problems                          problems
	FileProblem, SourceProblem        fieldProblem
	DayProblem, PresetProblem         fieldProblem
	ColumnsProblem, CategoriesProblem fieldProblem
}

type importTally struct {
	Name, Read, New, Known, Rejected, Skipped string
}

// importPart is one of the files, and from which of its columns each field is read.
type importPart struct {
	Heading, File string
	JSON          bool
	Fields        []importField
	Ignored       string
}

type importField struct {
	ID, Label, Value string
	Options          []option
}

// importNames says which of ours a name of theirs is.
type importNames struct {
	Kind, Heading string
	Rows          []importName
}

type importName struct {
	ID, Name, Label, Count string
	Groups                 []optionGroup
	Options                []option
}

type importIdea struct {
	Title, Excerpt, Author, Category, Votes string
	Status                                  portal.Status
	StatusName                              string
	At                                      whenView
}

func (v importView) with(ps problems) importView {
	v.Problems = ps
	v.FileProblem, v.SourceProblem, v.DayProblem, v.PresetProblem = ps.of("file"), ps.of("source"), ps.of("day"), ps.of("preset")
	v.ColumnsProblem, v.CategoriesProblem = ps.of("columns"), ps.of("categories")
	return v
}

func (s *Server) importView(r *http.Request, in portal.Intake, look portal.IntakeLook) importView {
	p := s.printer(r)
	v := importView{base: s.base(r, "team", importPath), Tab: "import", State: in.State, ID: in.ID, Source: in.Setup.Source, Limit: portal.MaxIntake >> 20,
		File: in.File, Problem: look.Problem, Partial: look.Partial, Preset: in.Setup.Preset, Day: in.Setup.Day, DayFirst: in.Setup.DayFirst, Cut: in.Setup.Cut,
		Rejects: look.Rejects, More: look.More}
	v.Title = p.T("import.title")
	for _, name := range s.Portal.Intakes.Presets() {
		v.Presets = append(v.Presets, option{name, p.T("import.preset_" + name), name == in.Setup.Preset})
	}
	rows := look.Rows
	if in.State != portal.IntakeOpen {
		rows = in.Rows
	}
	v.Tallies = importTallies(p, rows)
	if in.State == portal.IntakeDone && in.Left != "" || len(look.Rejects) > 0 {
		v.Left = importPath + "/left?id=" + in.ID
	}
	for _, kind := range []string{"ideas", "comments", "votes"} {
		v.Done += rows[kind].Read
	}
	v.Total = max(in.Total, v.Done)
	v.DoneText, v.TotalText = p.Number(v.Done), p.Number(v.Total)
	if in.State != portal.IntakeOpen {
		return v.with(nil)
	}
	v.Parts = importParts(p, in.Setup, look.Files)
	v.Names = []importNames{s.importCategories(p, in.Setup, look), importStatuses(p, in.Setup, look)}
	for _, i := range look.Ideas {
		v.Ideas = append(v.Ideas, importIdea{i.Idea.Title, portal.Excerpt(i.Body, 200), i.Author, s.category(p.Locale(), i.Idea.Category), p.N("vote.count", i.Idea.BaseVotes),
			i.Idea.Status, p.T("status." + string(i.Idea.Status)), whenOf(p, i.Idea.CreatedAt)})
	}
	return v.with(nil)
}

func importTallies(p *i18n.Printer, rows map[string]portal.IntakeTally) (out []importTally) {
	for _, kind := range portal.IntakeRows {
		t, ok := rows[kind]
		if !ok {
			continue
		}
		out = append(out, importTally{p.T("import.rows_" + kind), p.Number(t.Read), p.Number(t.New), p.Number(t.Known), p.Number(t.Rejected), p.Number(t.Skipped)})
	}
	return out
}

// importParts offers, for each field of each file, the columns that it can be read from:
// this way round no two columns can become one field.
func importParts(p *i18n.Printer, setup portal.IntakeSetup, files []portal.IntakeFile) (out []importPart) {
	said := map[string]map[string]string{"ideas": setup.Ideas, "comments": setup.Comments, "votes": setup.Votes}
	for _, f := range files {
		part := importPart{Heading: p.T("import.columns_" + f.Part), File: f.Name, JSON: f.JSON, Ignored: strings.Join(f.Ignored, ", ")}
		for _, name := range f.Fields {
			value := f.Found[name]
			if said[f.Part] != nil {
				value = said[f.Part][name]
			}
			field := importField{ID: f.Part + "." + name, Label: p.T("import.field_" + name), Value: value}
			if !f.JSON {
				for _, c := range f.Columns {
					field.Options = append(field.Options, option{c, c, c == value})
				}
			}
			part.Fields = append(part.Fields, field)
		}
		out = append(out, part)
	}
	return out
}

// otherNames is the name that stands for all that have no entry.
const otherNames = "*"

// importing lists the names that are to be mapped: those that were, those that are not
// known, and all others.
func importing(p *i18n.Printer, kind string, mapped []string, unknown []portal.IntakeName, more func(*importName, string)) importNames {
	out := importNames{Kind: kind, Heading: p.T("import.names_" + kind)}
	add := func(name, count string) {
		n := importName{ID: fmt.Sprintf("%s-%d", kind, len(out.Rows)), Name: name, Label: name, Count: count}
		if name == otherNames {
			n.Label = p.T("import.others")
		} else if name == "" {
			n.Label = p.T("import.nothing")
		}
		more(&n, name)
		out.Rows = append(out.Rows, n)
	}
	slices.Sort(mapped)
	for _, name := range mapped {
		if name != otherNames {
			add(name, "")
		}
	}
	for _, u := range unknown {
		if !slices.Contains(mapped, u.Name) {
			add(u.Name, p.N("import.times", u.N))
		}
	}
	if kind == "category" {
		add(otherNames, "")
	}
	return out
}

func (s *Server) importCategories(p *i18n.Printer, setup portal.IntakeSetup, look portal.IntakeLook) importNames {
	return importing(p, "category", slices.Collect(maps.Keys(setup.Categories)), look.Categories, func(n *importName, name string) {
		n.Groups = s.categoryGroups(p, setup.Categories[name])
	})
}

func importStatuses(p *i18n.Printer, setup portal.IntakeSetup, look portal.IntakeLook) importNames {
	return importing(p, "status", slices.Collect(maps.Keys(setup.Statuses)), look.Statuses, func(n *importName, name string) {
		for _, st := range portal.Statuses {
			n.Options = append(n.Options, option{string(st), p.T("status." + string(st)), st == setup.Statuses[name]})
		}
	})
}
