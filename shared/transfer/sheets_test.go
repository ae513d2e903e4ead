package transfer_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/sheet"
	"groundswell/shared/transfer"
)

// tables are the sheets of an export, by kind.
func (d *desk) tables(addresses bool) map[string]string {
	d.Helper()
	files := newFolder()
	s := transfer.Sheets{Store: d.Store, Addresses: addresses, Create: func(k sheet.Kind) (io.WriteCloser, error) { return files.create(string(k.Name)) }}
	_, err := s.Export(d.Context(), d.table)
	d.must(err)
	all := map[string]string{}
	for name, b := range files.files {
		all[name] = b.String()
	}
	return all
}

// cells are a sheet's rows, by the names of the columns.
func (d *desk) cells(file string) (rows []map[string]string) {
	d.Helper()
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	d.must(err)
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, c := range l {
			row[lines[0][i]] = c
		}
		rows = append(rows, row)
	}
	return rows
}

// meant is what an import is meant to take back of a portal's tables, without ids.
func (d *desk) meant(tables map[string]string) (lines []string) {
	d.Helper()
	titles, bodies := map[string]string{}, map[string]string{}
	put := func(kind string, row map[string]string, columns ...string) {
		line := kind
		for _, c := range columns {
			line += "|" + row[c]
		}
		lines = append(lines, line)
	}
	for _, row := range d.cells(tables["ideas"]) {
		titles[row["id"]] = row["title"]
		if row["shown"] == "true" {
			put("idea", row, "title", "body", "category", "status", "votes", "comments", "author", "email", "created", "moved", "team", "note")
		}
	}
	comments := d.cells(tables["comments"])
	for _, row := range comments {
		bodies[row["id"]] = row["body"]
	}
	for _, row := range comments {
		if row["shown"] == "true" {
			put("comment on "+titles[row["idea"]]+" after "+bodies[row["parent"]], row, "body", "author", "email", "created")
		}
	}
	for _, row := range d.cells(tables["votes"]) {
		put("vote for "+titles[row["idea"]], row, "name", "email", "created", "counted")
	}
	slices.Sort(lines)
	return lines
}

// furnish fills a portal with what its tables can hold.
func (d *desk) furnish() (team portal.Actor) {
	d.Helper()
	ctx := d.Context()
	at := now.Add(-time.Hour) // an answer comes after what it answers
	d.portal.Clock = func() time.Time { at = at.Add(time.Second); return at }
	d.generic("title,category,created,votes\nBrought along,food,2012-01-01,-7\n", "")
	m, err := d.portal.Grant(ctx, "team@example.com", portal.RoleTeam)
	d.must(err)
	team = portal.Actor{Member: m}
	for i := range 5 {
		who := d.member(i)
		name := fmt.Sprint("Ann ", i/2) // two bear one name, and stay two
		who.Member, err = d.portal.EditProfile(ctx, who, portal.ProfileEdit{Name: &name})
		d.must(err)
		idea, _, err := d.portal.SubmitIdea(ctx, who, portal.IdeaDraft{Title: fmt.Sprintf("=SUM(%d)", i), Body: "a < b & \"c\"\n\n* one\n* **two**", Category: "tea"})
		d.must(err)
		c, err := d.portal.AddComment(ctx, d.member((i+1)%5), idea.ID, portal.CommentDraft{Body: fmt.Sprint("+1 from ", i)})
		d.must(err)
		_, err = d.portal.AddComment(ctx, who, idea.ID, portal.CommentDraft{Body: fmt.Sprint("@you: thanks ", i), Parent: c.ID})
		d.must(err)
		for k := range i {
			_, err = d.portal.CastVote(ctx, d.member(k), idea.ID)
			d.must(err)
		}
		if i > 1 {
			_, err = d.portal.ChangeStatus(ctx, team, idea.ID, portal.StatusChange{To: portal.Statuses[i], Note: "-- soon"})
			d.must(err)
		}
		_, err = d.portal.CastVote(ctx, who, d.ideas()["Brought along"].ID)
		d.must(err)
	}
	hidden, _, err := d.portal.SubmitIdea(ctx, d.member(0), portal.IdeaDraft{Title: "Nobody may see it", Category: "tea"})
	d.must(err)
	d.must(d.portal.Decide(ctx, team, portal.Thing{IdeaID: hidden.ID}, portal.Decision{Act: portal.Decline, Reason: "spam"}))
	d.count()
	return team
}

// TestTablesRoundTrip: the tables of an export, imported into an empty portal, give its
// ideas, discussions and votes back, each voter the own one; what only the team saw
// stays out. Without addresses the number of votes comes along, and no voter.
func TestTablesRoundTrip(t *testing.T) {
	t.Parallel()
	a, b, c := newDesk(t), newDesk(t), newDesk(t)
	a.furnish()
	tables := a.tables(true)
	copy := func(d *desk, tables map[string]string) {
		t.Helper()
		_, err := d.tryGeneric(tables["ideas"], tables["comments"], func(f *transfer.Files) { f.Votes = file("votes.csv", tables["votes"]) })
		d.must(err)
		if len(d.rejected) > 0 {
			t.Errorf("rejected: %q", d.rejected)
		}
		d.count()
	}
	copy(b, tables)
	want := a.meant(tables)
	if diff := cmp.Diff(want, b.meant(b.tables(true))); diff != "" || len(want) < 30 {
		t.Errorf("the copy is not the original (-want +got):\n%s", diff)
	}
	plain := a.tables(false)
	for name, s := range plain {
		if strings.Contains(s, "@example.com") {
			t.Errorf("%s has addresses that nobody asked for:\n%s", name, s)
		}
	}
	copy(c, plain)
	for title, idea := range a.ideas() {
		was, err := a.Store.CardOf(t.Context(), idea.ID)
		a.must(err)
		if was.Hidden {
			continue
		}
		is, err := c.Store.CardOf(t.Context(), c.ideas()[title].ID)
		if err != nil || is.Votes != was.Votes || is.Comments != was.Comments {
			t.Errorf("%s: %d votes and %d comments, %v; had %d and %d", title, is.Votes, is.Comments, err, was.Votes, was.Comments)
		}
	}
	if s := c.tables(false)["votes"]; strings.Count(s, "\n") != 1 {
		t.Errorf("votes by somebody, though names tell nobody apart:\n%s", s)
	}
}

// TestTakeEverything: what the team can take in parts is what the operator takes at
// once, row by row, each once.
func TestTakeEverything(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	team := d.furnish()
	ctx, ids := t.Context(), d.ideas()
	d.must(d.portal.FollowIdea(ctx, d.member(1), ids["=SUM(0)"].ID))
	_, err := d.portal.AddMemo(ctx, team, ids["=SUM(0)"].ID, "=between us")
	d.must(err)
	_, err = d.portal.EditDossier(ctx, team, ids["=SUM(1)"].ID, portal.DossierEdit{Owner: &team.ID, Tags: &[]string{"@soon"}})
	d.must(err)
	_, err = d.portal.Merge(ctx, team, ids["=SUM(3)"].ID, portal.MergeChange{Into: ids["=SUM(4)"].ID})
	d.must(err)
	_, err = d.Store.PutDelivery(ctx, storeDelivery(ids["=SUM(0)"].ID, d.member(0).ID), 0)
	d.must(err)
	d.count()
	admin := team
	admin.Role = portal.RoleAdmin
	for _, k := range sheet.Kinds {
		for _, addresses := range []bool{false, true} {
			if addresses && !k.Addressed() {
				continue
			}
			want := rowsOf(d.tables(addresses)[string(k.Name)])
			if addresses {
				k = k.WithAddresses()
			}
			var b strings.Builder
			w, err := sheet.NewWriter(&b, k, sheet.Options{})
			d.must(err)
			for cursor := ""; ; {
				part, err := d.portal.Take(ctx, admin, k.Name, cursor, addresses)
				d.must(err)
				for _, r := range k.Rows(part, nil) {
					d.must(w.Put(r))
				}
				if cursor = part.Next; cursor == "" {
					break
				}
			}
			d.must(w.Flush())
			if diff := cmp.Diff(want, rowsOf(b.String())); diff != "" || len(want) < 2 {
				t.Errorf("%s, addresses %t (-at once +in parts):\n%s", k.Name, addresses, diff)
			}
		}
	}
	if votes := d.tables(false)["votes"]; !strings.Contains(votes, ids["=SUM(3)"].ID+","+ids["=SUM(4)"].ID+",") {
		t.Errorf("votes of the merged idea don't say what they count for:\n%s", votes)
	}
	if n := strings.Count(d.tables(false)["log"], ",export,"); n != 6 {
		t.Errorf("%d of 6 exports with addresses are in the log", n)
	}
	for _, who := range []portal.Actor{{}, d.member(0), team} {
		if _, err := d.portal.Take(ctx, who, portal.TakeMembers, "", true); err == nil {
			t.Errorf("somebody with the role %q took addresses", who.Role)
		}
	}
	if _, err := d.portal.Take(ctx, d.member(0), portal.TakeVotes, "", false); portal.KindOf(err) != portal.Forbidden {
		t.Errorf("a member took votes: %v", err)
	}
}

// rowsOf are the lines of a sheet in an order of their own: parts have another one.
func rowsOf(s string) []string {
	lines := strings.Split(strings.TrimSpace(s), "\r\n")
	slices.Sort(lines)
	return lines
}
