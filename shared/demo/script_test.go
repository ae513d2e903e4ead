package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const sample = `A remark.
@# Another.
@team Nora
@idea tea 30d 12 Ada Lovelace
A title

A long line that
goes on.

- an item
  that goes on
- another
@planned 2d Nora
Soon.
@link https://willowandwharf.example/
@comment 1d Ben
Yes.
@reply 30h Nora
Thanks.
`

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := parse("en", sample)
	if err != nil {
		t.Fatal(err)
	}
	day := 24 * time.Hour
	want := script{lang: "en", team: []string{"Nora"}, ideas: []idea{{category: "tea", by: "Ada Lovelace", title: "A title",
		body: "A long line that goes on.\n\n- an item that goes on\n- another", age: span{30 * day, true}, votes: 12,
		steps: []step{{after: span{2 * day, true}, to: "planned", by: "Nora", note: "Soon.", link: "https://willowandwharf.example/"}},
		talk: []remark{{after: span{day, true}, by: "Ben", text: "Yes."},
			{after: span{30 * time.Hour, false}, by: "Nora", text: "Thanks.", reply: true}}}}}
	unexported := cmp.AllowUnexported(script{}, idea{}, step{}, remark{}, span{})
	if diff := cmp.Diff(want, got, unexported); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"no such word":           {"@plannned 3d Nora", "en.txt:20: @plannned: there is no such word"},
		"no category":            {"@idea 3d 1 Ada", `en.txt:20: @idea: "3d 1 Ada" lacks one of 3 fields`},
		"no number of votes":     {"@idea tea 3d many Ada\nTitle\n\nBody", `"many" is not a number`},
		"votes below zero":       {"@idea tea 3d -1 Ada\nTitle\n\nBody", `"-1" is not a number`},
		"no text":                {"@idea tea 3d 1 Ada\nTitle", "not a title"},
		"no time":                {"@comment x Ada\nHm.", `"x" is no time`},
		"no unit":                {"@comment 12 Ada\nHm.", `"12" is no time`},
		"a time of nothing":      {"@comment 0d Ada\nHm.", `"0d" is no time`},
		"still to come":          {"@comment 31d Ada\nHm.", "still to come"},
		"steps back in time":     {"@launched 1d Nora\nHa.", "not after the step before"},
		"a reply before":         {"@reply 20h Nora\nNo.", "does not follow a comment"},
		"a comment on nothing":   {"@comment 1d Nora\nNo.", "no idea before it"},
		"a link on nothing":      {"@idea tea 3d 1 Ada\nTitle\n\nBody\n@link https://a.example/", "no step before it"},
		"merged into no idea":    {"@merged 3d Nora", "lacks one of 2 fields"},
		"a name that is missing": {"@comment 3d", "the name behind them"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := sample + c.text
			if name == "a comment on nothing" {
				src = c.text
			}
			_, err := parse("en", src)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
