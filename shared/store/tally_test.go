package store_test

import (
	"fmt"
	"slices"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// TestUnreadableVote: a row that is no vote, among the votes of a cell, keeps none
// of them from being counted.
func TestUnreadableVote(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	s := &store.Store{Table: tab, Clock: clock.Now}
	idea, voter := portal.ImportedAt(clock.Now(), "t", "idea"), portal.ImportedMember("t", "voter")
	if _, err := s.PutVote(t.Context(), portal.Vote{IdeaID: idea, MemberID: voter, At: clock.Now()}); err != nil {
		t.Fatal(err)
	}
	lane := store.LaneOf(voter)
	bad := table.Record{Key: table.Key{PK: fmt.Sprintf("V#%s#%x", idea, lane), SK: voter + "x"}, Kind: store.KindVote, Ver: 1}
	if err := tab.Write(t.Context(), table.Op{Rec: bad}); err != nil {
		t.Fatal(err)
	}
	tally := store.NewTally(idea, lane, 0)
	for _, cell := range []int{-1, tally.CellOf(voter)} {
		var counted []string
		err := s.CellVotes(t.Context(), idea, tally, cell, func(v portal.Vote) { counted = append(counted, v.MemberID) })
		if err != nil || !slices.Equal(counted, []string{voter}) {
			t.Errorf("cell %d: counted %v, %v; want %s", cell, counted, err, voter)
		}
	}
}
