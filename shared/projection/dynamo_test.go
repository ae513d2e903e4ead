package projection

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
	"groundswell/shared/table/tabletest"
)

// onDynamo is a world on DynamoDB Local, and its real stream.
func onDynamo(t *testing.T, seed uint64, ideas, members int) (w *world, changes func() []table.Change, tick func()) {
	clock := tabletest.NewClock()
	tab, name := dynamotest.Open(t, dynamo.Options{Clock: clock.Now})
	feed := dynamotest.NewFeed(t, name)
	w = newWorld(t, tab, clock.Now, seed, ideas, members)
	marks := 0
	return w, func() (all []table.Change) {
		// The stream is behind by as long as it likes: a mark that is written last
		// tells when all that came before has been read.
		marks++
		mark := table.Record{Key: table.Key{PK: "mark", SK: fmt.Sprint(marks)}, Kind: "mark", Ver: 1}
		w.must(tab.Write(t.Context(), table.Op{Rec: mark}))
		for {
			got, err := feed.Next(t.Context())
			w.must(err)
			for _, c := range got {
				if c.Key() == mark.Key {
					return all
				}
				all = append(all, c)
			}
		}
	}, func() { clock.Advance(7 * time.Minute) }
}

// TestExactCountsOnDynamo is TestExactCounts on DynamoDB Local and its stream.
func TestExactCountsOnDynamo(t *testing.T) {
	t.Parallel()
	w, changes, tick := onDynamo(t, 1, 3, 12)
	scramble(w, changes, 1, 2, 20, tick)
	w.check()
}

// TestThousandVotersOnDynamo lets 1,000 members vote for one idea at once, each
// three times: 1,000 votes.
func TestThousandVotersOnDynamo(t *testing.T) {
	t.Parallel()
	w, changes, _ := onDynamo(t, 2, 1, 1)
	_ = changes() // the world's own beginning
	votes := make(chan portal.Vote, 3000)
	for n := range cap(votes) {
		votes <- portal.Vote{IdeaID: w.ideas[0], MemberID: portal.ImportedMember("crowd", fmt.Sprint(n%1000)), At: w.now()}
	}
	close(votes)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for v := range votes {
				if _, err := w.store.PutVote(t.Context(), v); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := changes()
	if len(got) != 1000 {
		t.Errorf("the stream has %d changes", len(got))
	}
	w.must((&Consumer{Store: w.store, Clock: w.now}).Handle(t.Context(), got))
	card, err := w.store.CardOf(t.Context(), w.ideas[0])
	if err != nil || card.Votes != 1000 {
		t.Errorf("%d votes, %v", card.Votes, err)
	}
}
