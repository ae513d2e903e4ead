package store_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// apart writes the rows of a transaction one by one, so that each is billed for itself,
// and counts each twice, as DynamoDB does in a transaction: DynamoDB Local bills
// transactions wrongly. A row that is only looked at costs what the smallest write does.
type apart struct {
	table.Table
	m *meter
}

func (a *apart) Write(ctx context.Context, ops ...table.Op) error {
	if len(ops) == 1 {
		return a.Table.Write(ctx, ops...)
	}
	calls, units := a.m.sum()
	checked := 0.0
	for _, op := range ops {
		if op.Mut == table.Check {
			checked++
			continue
		}
		if err := a.Table.Write(ctx, op); err != nil {
			return err
		}
	}
	_, now := a.m.sum()
	a.m.set(calls+1, units+2*(now-units+checked))
	return nil
}

func (m *meter) sum() (int, float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls, m.units
}

func (m *meter) set(calls int, units float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls, m.units = calls, units
}

// TestDeskCapacity holds the team's tools to their price, the line in the log and the
// count against the team's limit included.
func TestDeskCapacity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: &apart{tab, m}, Clock: time.Now}
	p := &portal.Portal{Store: s, Clock: time.Now, IDs: portal.IDs{Rand: rand.Reader}, Categories: portal.DefaultCategories(), Locales: []string{"en"},
		MailLinks: &portal.MailLinks{Store: s, Clock: time.Now, Rand: rand.Reader}}
	ctx := t.Context()
	m1, err := p.Grant(ctx, "boss@example.com", portal.RoleTeam)
	must(t, err)
	boss := portal.Actor{Member: m1}
	ids := make([]string, 2)
	for i := range ids {
		idea, _, err := p.SubmitIdea(ctx, boss, portal.IdeaDraft{Title: "Free refills all day", Body: "Please.", Category: "coffee"})
		must(t, err)
		ids[i] = idea.ID
	}
	id := ids[0]
	var note portal.Memo
	var entered portal.Idea
	told := portal.BehalfDraft{IdeaDraft: portal.IdeaDraft{Title: "Free refills all day", Body: "Please.", Category: "coffee", Key: "k"}, Email: "cora@example.com", Channel: portal.InShop,
		Words: "At the till.", Agreed: true}
	for _, c := range []struct {
		name  string
		calls int
		units float64
		do    func() error
	}{
		{"owner", 6, 15, func() error {
			return second(p.EditDossier(ctx, boss, id, portal.DossierEdit{Owner: &boss.ID}))
		}},
		{"a new tag", 6, 15, func() error {
			return second(p.EditDossier(ctx, boss, id, portal.DossierEdit{Tags: &[]string{"quick win"}}))
		}},
		{"no tag", 6, 15, func() error {
			return second(p.EditDossier(ctx, boss, id, portal.DossierEdit{Tags: &[]string{}}))
		}},
		{"note", 4, 13, func() (err error) { note, err = p.AddMemo(ctx, boss, id, "Ask purchasing."); return err }},
		{"note changed", 4, 13, func() error { return second(p.EditMemo(ctx, boss, id, note.ID, "Ask legal.", 0)) }},
		{"note deleted", 4, 13, func() error { return p.DeleteMemo(ctx, boss, id, note.ID) }},
		{"pin", 5, 14, func() error { return second(p.PinAnswer(ctx, boss, id, "", "In spring.", 0)) }},
		{"unpin", 5, 14, func() error { return second(p.UnpinAnswer(ctx, boss, id, 0)) }},
		{"each of many at once", 4, 19, func() error {
			out, err := p.ChangeStatuses(ctx, boss, []portal.Pick{{IdeaID: ids[1]}}, portal.StatusChange{To: portal.Planned, Note: "In spring."})
			if err == nil && !out[0].Done {
				err = out[0].Err
			}
			return err
		}},
		{"for a customer", 8, 31, func() (err error) { entered, _, err = p.SubmitFor(ctx, boss, told); return err }},
		{"the same again", 2, 2, func() error { _, _, err := p.SubmitFor(ctx, boss, told); return err }},
		{"taken back", 7, 20, func() error {
			return second(p.TakeBack(ctx, portal.Actor{Member: portal.Member{ID: entered.AuthorID}}, "", entered.ID, false))
		}},
	} {
		calls, units := m.cost(func() { must(t, c.do()) })
		t.Logf("%-22s %5d  %5.1f", c.name, calls, units)
		if calls != c.calls || units > c.units || units == 0 {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, c.calls, c.units)
		}
	}
}
