package web

import "groundswell/shared/portal"

// importSamples are the page without a file, refused, and in each state of an import.
func importSamples(b base, wrong func(string) fieldProblem) []framed {
	presets := []option{{"generic", "Another system", true}, {"canny", "Canny", false}}
	tallies := []importTally{{"Ideas", "1,200", "1,190", "3", "7", "0"}}
	open := importView{base: b, Tab: "import", State: portal.IntakeOpen, ID: "1", Presets: presets, Source: "acme", File: "a <b>.csv", Problem: "no <column>", Tallies: tallies, Partial: true,
		Parts: []importPart{{Heading: "Ideas", File: "a.csv", Fields: []importField{{"ideas.title", "Title", "Subject", []option{{"Subject", "Subject", true}}}}, Ignored: "Rest"},
			{Heading: "Comments", File: "c.json", JSON: true, Fields: []importField{{"comments.body", "Text", "a.b|c", nil}}}},
		Names: []importNames{{"category", "Their categories", []importName{{"category-0", "Drinks", "Drinks", "in 3 rows", []optionGroup{{"Product", []option{{"tea", "Tea", true}}}}, nil}}},
			{"status", "Their statuses", []importName{{"status-0", "", "(empty)", "", nil, []option{{"new", "New", false}}}}}},
		Day: "2026-01-02", DayFirst: true, Cut: true, Ideas: []importIdea{{Title: "<Tea>", Excerpt: "& milk", Author: "Ada", Status: portal.New}},
		Rejects: []portal.IntakeReject{{File: "a.csv", Line: 2, Column: 3, Field: "title", Reason: "<short>"}}, More: 3, Left: "/team/import/left?id=1"}
	refused := importView{base: b, Tab: "import", Presets: presets, Source: "a/b", Limit: 4}.with(problems{wrong("file"), wrong("source"), wrong("preset")})
	return []framed{
		importView{base: b, Tab: "import", Presets: presets, Limit: 4}, refused, open,
		open.with(problems{wrong("source"), wrong("day"), wrong("columns"), wrong("categories"), wrong("preset")}),
		importView{base: b, Tab: "import", State: portal.IntakeRuns, ID: "1", File: "a.csv", Tallies: tallies, Done: 3, Total: 9, DoneText: "3", TotalText: "9"},
		importView{base: b, Tab: "import", State: portal.IntakeDone, ID: "1", File: "a.csv", Tallies: tallies, Left: "/team/import/left?id=1"},
		importView{base: b, Tab: "import", State: portal.IntakeDone, ID: "1", File: "a.csv"},
	}
}
