package transfer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/transfer"
)

const exportHeader = `{"export":"groundswell","format":1,"caught_up":true}` + "\n"

// live fills the portal with some of everything that people do.
func (d *desk) live(seed uint64) {
	d.Helper()
	r, ctx := rand.New(rand.NewPCG(seed, 7)), d.Context()
	d.generic("title,category,created,votes\nImported & <b>bold</b> \u2028 ☕,food,2012-01-01,-7\n", "")
	var people []portal.Actor
	for i := range 6 {
		people = append(people, d.member(i))
	}
	people[0].Role = portal.RoleTeam
	var ideas []string
	for i := range 8 {
		idea, _, err := d.portal.SubmitIdea(ctx, people[r.IntN(6)], portal.IdeaDraft{Title: fmt.Sprint("Idea ", i), Body: "\"quoted\"\n\ttext", Category: "tea", Key: fmt.Sprint(i)})
		d.must(err)
		ideas = append(ideas, idea.ID)
	}
	for range 60 {
		who, idea := people[r.IntN(6)], ideas[r.IntN(8)]
		switch r.IntN(6) {
		case 0, 1:
			_, _ = d.portal.CastVote(ctx, who, idea) // refusals are a part of life
		case 2:
			_, _ = d.portal.WithdrawVote(ctx, who, idea)
		case 3:
			_, _ = d.portal.AddComment(ctx, who, idea, portal.CommentDraft{Body: "a > b"})
		case 4:
			_, _ = d.portal.ChangeStatus(ctx, people[0], idea, portal.StatusChange{To: portal.Statuses[r.IntN(5)]})
		case 5:
			_, _ = d.portal.Merge(ctx, people[0], idea, portal.MergeChange{Into: ideas[r.IntN(8)]})
		}
	}
	_, err := d.Store.PutDelivery(ctx, store.Delivery{Subject: ideas[0], Event: "launched", To: people[1].ID, State: store.Sent, MessageID: "<x@y>", At: now}, 0)
	d.must(err)
	_, err = d.Store.PutOutbox(ctx, store.OutboxMail{ID: "x", From: "a@example.com", To: "b@example.com", Subject: "s", At: now})
	d.must(err)
	d.must(d.Store.AddJobs(ctx, []store.Job{{Queue: "mail", Body: "{}", Sent: now, Due: now}}, func() string { return "r" }))
	d.must(d.Store.PutCode(ctx, portal.SignInCode{ID: "c", Email: "a@example.com", Expires: now.Add(time.Hour), Version: 1}, 0))
	_, err = d.Store.CountUse(ctx, portal.Use{Name: "ideas", Subject: "x", Quota: portal.Quota{N: 3, Per: time.Hour}, Cost: 1, At: now})
	d.must(err)
	d.count()
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			a, b := newDesk(t), newDesk(t)
			a.live(seed)
			// What has expired is not part of the state.
			a.must(a.table.Write(t.Context(), table.Op{Rec: table.Record{Key: table.Key{PK: "A#old", SK: "0"}, Kind: store.KindCode, Ver: 1, TTL: now.Unix(), Body: []byte("{}")}}))
			export := a.export()
			n := strings.Count(export, "\n") - 1
			if strings.Contains(export, "A#old") || n < 60 {
				t.Errorf("%d records exported; the expired one: %t", n, strings.Contains(export, "A#old"))
			}
			report := b.lines(export)
			if diff := cmp.Diff(transfer.Report{Records: transfer.Tally{Read: n, New: n}, CaughtUp: true}, report); diff != "" || len(b.rejected) > 0 {
				t.Errorf("report (-want +got):\n%s%q", diff, b.rejected)
			}
			if diff := cmp.Diff(export, b.export()); diff != "" {
				t.Errorf("the copy is not the original (-want +got):\n%.3000s", diff)
			}
			// It means the same, too: counting changes nothing that is seen.
			b.count()
			for title, idea := range a.ideas() {
				was, err := a.Store.CardOf(t.Context(), idea.ID)
				a.must(err)
				is, err := b.Store.CardOf(t.Context(), idea.ID)
				a.must(err)
				if diff := cmp.Diff(was, is); diff != "" {
					t.Errorf("card of %s (-want +got):\n%s", title, diff)
				}
			}
			// Again: nothing is new, and what changed since stays.
			_, _, err := b.portal.SubmitIdea(t.Context(), b.member(1), portal.IdeaDraft{Title: "A new one", Category: "tea"})
			b.must(err)
			if n2 := b.writes(func() { report = b.lines(export) }); n2 != 0 || report.Records.Known != n {
				t.Errorf("again: %d changes, %v", n2, report.Records)
			}
		})
	}
}

// TestHistoryLast: a mail that was sent is known to be before what it tells of, a step
// of an idea or a line of the log.
func TestHistoryLast(t *testing.T) {
	t.Parallel()
	a, b := newDesk(t), newDesk(t)
	a.live(1)
	export := a.export()
	if strings.Index(export, `"pk":"M#`) < strings.Index(export, `"kind":"history"`) {
		t.Fatal("the export has the ledger first by itself: this test shows nothing")
	}
	b.lines(export)
	var kinds []string
	b.changes(func(c table.Change) { kinds = append(kinds, c.Kind()) })
	first := len(kinds)
	for i, k := range kinds {
		switch {
		case (k == store.KindHistory || k == store.KindLog) && first > i:
			first = i
		case k != store.KindHistory && k != store.KindLog && i > first:
			t.Fatalf("change %d is a %s, behind the first history entry, %d", i, k, first)
		}
	}
	if first == len(kinds) {
		t.Error("no history")
	}
}

func TestRejectedRecords(t *testing.T) {
	t.Parallel()
	const vote = `"pk":"V#13317n8v07v4yryt4#0","sk":"00000000000000000000","kind":"vote","ver":1`
	for _, tc := range []struct{ name, line, want string }{
		{"no JSON", `vote`, `:2:1: invalid character 'v' looking for beginning of value`},
		{"not UTF-8", "{\"pk\":\"V#\xe9\"}", ":2:10: byte 0xE9 is not UTF-8"},
		{"cut off", `{` + vote, `:2:79: the line is cut off`},
		{"a second value", `{` + vote + `,"body":{"at":1}} {}`, `:2:98: there is more after the record`},
		{"wrong type", `{"pk":1}`, `:2:7: pk must not be a JSON number`},
		{"unknown field", `{"pk":"a","colour":1}`, `:2:22: unknown field "colour"`},
		{"unknown kind", `{"pk":"a","sk":"b","kind":"c","ver":1}`, `:2:1: there is no kind "c"`},
		{"another kind's key", `{"pk":"I#x","sk":"b","kind":"vote","ver":1,"body":{}}`, `:2:1: its key is not that of a vote`},
		{"unreadable body", `{` + vote + `,"body":{"at":"now"}}`, `:2:1: read vote row: json: cannot unmarshal string into Go struct field voteRow.at of type int64`},
		{"no body", `{` + vote + `}`, `:2:1: read vote row: unexpected end of JSON input`},
		{"body no object", `{` + vote + `,"body":[]}`, `:2:1: table: invalid call: body is not a JSON object`},
		{"not in its lane", `{` + strings.Replace(vote, "#0", "#1", 1) + `,"body":{"at":1}}`, `:2:1: it is not in its member's lane`},
		{"no key", `{"pk":"V#","sk":"","kind":"vote","ver":1,"body":{}}`, `:2:1: table: invalid call: empty sort key`},
		{"many indexes", `{` + vote + `,"idx":[null,null,null,null]}`, `:2:1: 4 indexes, there are 3`},
		{"half an index", `{` + vote + `,"idx":[["a",""]],"body":{"at":1}}`, `:2:1: table: invalid call: empty sort key of index 1`},
		{"long", `{"pk":"` + strings.Repeat("x", 3<<20) + `"}`, `:2:2458624: the line is longer than any record`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			r := d.lines(exportHeader + tc.line + "\r\n\n{" + vote + `,"body":{"at":1}}`)
			if diff := cmp.Diff([]string{"export.jsonl" + tc.want}, d.rejected); diff != "" {
				t.Errorf("rejects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(transfer.Tally{Read: 2, New: 1, Rejected: 1}, r.Records); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoExport(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                    "x.jsonl is not an export: its first line is not an export's header",
		"id,a\n":                              "x.jsonl is not an export: its first line is not an export's header",
		"{}\n":                                "x.jsonl is not an export: its first line is not an export's header",
		`{"export":"groundswell","format":2}`: "x.jsonl has format 2, this program reads 1",
	} {
		d := newDesk(t)
		if _, err := d.tryLines("x.jsonl", in); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", in, err, want)
		}
	}
}
