package portal_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// kept is what the team keeps: as it is, or as the log tells it.
type kept struct {
	Owner, Tags map[string]string // by idea
	Pinned      map[string]bool
	Notes       map[string]int
	All         []string // tags
	Lists       []string // the team's
}

// TestLogOfTheTools uses the team's tools in any order while writes fail. Told from its
// beginning the log says how everything stands: no act without its line, no line without
// its act.
func TestLogOfTheTools(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			boss, ctx, r := d.signIn("boss@example.com"), t.Context(), rand.New(rand.NewPCG(seed, 3))
			owners := []string{"", boss.ID, d.colleague("bob@example.com").ID}
			var ids []string
			for i := range 3 {
				d.clock.Advance(time.Second)
				ids = append(ids, d.submit(boss, fmt.Sprint("Idea number ", i)).ID)
			}
			whole := d.Portal.Store
			faulty := tabletest.NewFaulty(d.table, seed)
			d.Portal.Store = &store.Store{Table: faulty, Clock: d.clock.Now}
			faulty.SetRates(tabletest.Rates{Before: .05, After: .05, Conflict: .05})
			words := []string{"bug", "quick win", "2027", "legal", "shop"}
			tag := func() string {
				ts, err := whole.Tags(ctx)
				d.must(err)
				if live := ts.Live(); len(live) > 0 {
					return one(r, live).ID
				}
				return ids[0]
			}
			memo := func(id string) string {
				_, ms, err := whole.Desk(ctx, id, 9)
				d.must(err)
				if len(ms) > 0 {
					return one(r, ms).ID
				}
				return id
			}
			done := 0
			for range 150 {
				d.clock.Advance(time.Second)
				id, word := one(r, ids), one(r, words)
				var err error
				switch r.IntN(9) {
				case 0:
					owner := one(r, owners)
					_, err = d.EditDossier(ctx, boss, id, portal.DossierEdit{Owner: &owner})
				case 1:
					_, err = d.EditDossier(ctx, boss, id, portal.DossierEdit{Tags: &[]string{word, one(r, words)}})
				case 2:
					_, err = d.PinAnswer(ctx, boss, id, "", "Yes.", 0)
				case 3:
					_, err = d.UnpinAnswer(ctx, boss, id, 0)
				case 4:
					_, err = d.AddMemo(ctx, boss, id, "Ask purchasing.")
				case 5:
					err = d.DeleteMemo(ctx, boss, id, memo(id))
				case 6:
					_, err = d.EditTag(ctx, boss, tag(), portal.TagEdit{Name: &word})
				case 7:
					err = d.MergeTag(ctx, boss, tag(), one(r, []string{"", tag()}))
				default:
					_, err = d.SaveFilter(ctx, boss, word, "owner=me", r.IntN(3) > 0)
				}
				var refusal *portal.Error
				switch {
				case err == nil:
					done++
				case errors.As(err, &refusal), errors.Is(err, tabletest.ErrInjected), errors.Is(err, table.ErrConflict):
				default:
					t.Error(err)
				}
			}
			d.Portal.Store = whole
			d.drain()
			if done < 50 || faulty.Fired() < 10 {
				t.Fatalf("%d acts done, %d faults: this shows nothing", done, faulty.Fired())
			}
			if diff := cmp.Diff(d.toldByLog(boss), d.keptNow(boss, ids)); diff != "" {
				t.Errorf("by the log (-) and as it is (+):\n%s", diff)
			}
		})
	}
}

func noneKept() kept {
	return kept{Owner: map[string]string{}, Tags: map[string]string{}, Pinned: map[string]bool{}, Notes: map[string]int{}}
}

func (d *desk) keptNow(boss portal.Actor, ids []string) kept {
	d.Helper()
	k := noneKept()
	for _, id := range ids {
		desk, err := d.Desk(d.Context(), boss, id)
		d.must(err)
		a, err := d.Store.Answer(d.Context(), id)
		d.must(err)
		if desk.Dossier.Owner != "" {
			k.Owner[id] = desk.Dossier.Owner
		}
		var names []string
		for _, t := range desk.Dossier.Tags {
			tag, _ := desk.Tags.Find(t)
			names = append(names, tag.Name)
		}
		if slices.Sort(names); len(names) > 0 {
			k.Tags[id] = strings.Join(names, ", ")
		}
		if a.Pinned() {
			k.Pinned[id] = true
		}
		if len(desk.Memos) > 0 {
			k.Notes[id] = len(desk.Memos)
		}
	}
	ts, err := d.Portal.Tags(d.Context(), boss)
	d.must(err)
	for _, t := range ts.Live() {
		k.All = append(k.All, t.Name)
	}
	fs, err := d.Filters(d.Context(), boss)
	d.must(err)
	for _, f := range fs.Shared.All {
		k.Lists = append(k.Lists, f.Name)
	}
	slices.Sort(k.All)
	slices.Sort(k.Lists)
	return k
}

func (d *desk) toldByLog(boss portal.Actor) kept {
	d.Helper()
	var log []portal.LogEntry
	for cursor := ""; ; {
		page, err := d.Log(d.Context(), boss, portal.LogQuery{Cursor: cursor, Limit: portal.MaxLimit})
		d.must(err)
		log = append(log, page.Entries...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	slices.SortStableFunc(log, func(a, b portal.LogEntry) int { return a.At().Compare(b.At()) })
	k := noneKept()
	add := func(set []string, s string) []string {
		if slices.Contains(set, s) {
			return set
		}
		return append(set, s)
	}
	drop := func(set []string, s string) []string {
		return slices.DeleteFunc(set, func(t string) bool { return t == s })
	}
	// What ideas have follows renamed, merged and deleted tags.
	retag := func(from, to string) {
		for id, s := range k.Tags {
			names := strings.Split(s, ", ")
			had := slices.Contains(names, from)
			if names = drop(names, from); had && to != "" {
				names = add(names, to)
			}
			if slices.Sort(names); len(names) == 0 {
				delete(k.Tags, id)
			} else {
				k.Tags[id] = strings.Join(names, ", ")
			}
		}
	}
	for _, e := range log {
		id := e.Thing.IdeaID
		switch e.What {
		case portal.LogOwner:
			if k.Owner[id] = e.To; e.To == "" {
				delete(k.Owner, id)
			}
		case portal.LogTags:
			if k.Tags[id] = e.To; e.To == "" {
				delete(k.Tags, id)
			}
			for _, n := range strings.Split(e.To, ", ") {
				if n != "" {
					k.All = add(k.All, n)
				}
			}
		case portal.LogPin:
			k.Pinned[id] = true
		case portal.LogUnpin:
			delete(k.Pinned, id)
		case portal.LogNote:
			k.Notes[id]++
		case portal.LogNoteDelete:
			if k.Notes[id]--; k.Notes[id] == 0 {
				delete(k.Notes, id)
			}
		case portal.LogTagRename:
			k.All = add(drop(k.All, e.From), e.To)
			retag(e.From, e.To)
		case portal.LogTagMerge, portal.LogTagDelete:
			k.All = drop(k.All, e.From)
			retag(e.From, e.To)
		case portal.LogList:
			k.Lists = add(k.Lists, e.To)
		case portal.LogListDelete:
			k.Lists = drop(k.Lists, e.From)
		}
	}
	slices.Sort(k.All)
	slices.Sort(k.Lists)
	return k
}
