package transfer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/table/tabletest"
	"groundswell/shared/transfer"
)

// Steps come to the same, in the table and in what is told, as one run over the files;
// also where a step is sent twice, as a cut-off one is.
func TestSteps(t *testing.T) {
	t.Parallel()
	for seed := range tabletest.Seeds(6, 30) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var ideas, comments, votes strings.Builder
		ideas.WriteString("id,title,category,created,votes,author,email\n")
		comments.WriteString("id,idea,parent,body,author,created\n")
		votes.WriteString("idea,author,created\n")
		for i := range 30 {
			fmt.Fprintf(&ideas, "%d,Idea %d%s,tea,2024-01-0%d,%d,P%d,p%d@example.com\n", rnd.IntN(25), i, strings.Repeat("x", 260*rnd.IntN(2)*rnd.IntN(2)), 1+rnd.IntN(9), rnd.IntN(5), i%7, i%7)
			fmt.Fprintf(&comments, "%d,%d,%s,Text %d,P%d,2024-02-01\n", i, rnd.IntN(28), []string{"", fmt.Sprint(rnd.IntN(i + 1))}[rnd.IntN(2)], i, rnd.IntN(5))
			fmt.Fprintf(&votes, "%d,P%d,2024-02-0%d\n", rnd.IntN(26), rnd.IntN(9), 1+rnd.IntN(9))
		}
		comments.WriteString("\"broken\n")
		src := transfer.Files{Preset: must(transfer.PresetNamed("generic")), Source: "acme", Ideas: file("ideas.csv", ideas.String()), Comments: file("comments.csv", comments.String()), Votes: file("votes.csv", votes.String())}

		whole, stepped := newDesk(t), newDesk(t)
		want, err := whole.Files(t.Context(), src)
		whole.must(err)
		var got transfer.Report
		for from, steps := (transfer.Place{}), 0; ; steps++ {
			stepped.Steps = transfer.Steps{From: from, Chunk: 1 + rnd.IntN(9), Enough: func() bool { return rnd.IntN(2) == 0 }}
			r, err := stepped.Files(t.Context(), src)
			stepped.must(err)
			sum(&got, r)
			if r.Next == nil {
				break
			}
			if from = *r.Next; steps > 200 {
				t.Fatalf("seed %d: no end at %v", seed, from)
			}
			if rnd.IntN(3) == 0 { // what was stored behind the place that is known is found again
				again := *stepped.Importer
				again.Rejected, again.Steps = nil, transfer.Steps{From: from, Chunk: 3, Enough: func() bool { return true }}
				// its answer got lost: only the table knows
				if _, err := again.Files(t.Context(), src); err != nil {
					t.Fatal(err)
				}
			}
		}
		if d := cmp.Diff(whole.rejected, stepped.rejected); d != "" {
			t.Errorf("seed %d: rejected in one run (-), in steps (+):\n%s", seed, d)
		}
		for name, tallies := range map[string][2]transfer.Tally{"ideas": {want.Ideas, got.Ideas}, "comments": {want.Comments, got.Comments}, "votes": {want.Votes, got.Votes}} {
			w, g := tallies[0], tallies[1]
			if w.Read != g.Read || w.Rejected != g.Rejected || w.New+w.Known+w.Skipped != g.New+g.Known+g.Skipped {
				t.Errorf("seed %d: %s: %v in one run, %v in steps", seed, name, w, g)
			}
		}
		if d := cmp.Diff(strings.Split(whole.export(), "\n"), strings.Split(stepped.export(), "\n")); d != "" {
			t.Errorf("seed %d: one run (-), steps (+):\n%s", seed, d)
		}
	}
}

func must(p transfer.Preset, err error) transfer.Preset {
	if err != nil {
		panic(err)
	}
	return p
}

func sum(into *transfer.Report, r transfer.Report) {
	for _, p := range []struct {
		to   *transfer.Tally
		more transfer.Tally
	}{{&into.Ideas, r.Ideas}, {&into.Comments, r.Comments}, {&into.Votes, r.Votes}} {
		p.to.Read, p.to.New, p.to.Known, p.to.Rejected, p.to.Skipped = p.to.Read+p.more.Read, p.to.New+p.more.New, p.to.Known+p.more.Known, p.to.Rejected+p.more.Rejected, p.to.Skipped+p.more.Skipped
	}
}
