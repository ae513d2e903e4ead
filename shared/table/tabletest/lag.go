package tabletest

import (
	"cmp"
	"slices"
	"sync"

	"groundswell/shared/table"
	"groundswell/shared/table/internal/cursor"
)

// lagging is a copy of all records, the last few writes kept apart so that a
// query can leave them out. It does not know the driver's clock and shows
// expired records, as a caller has to expect of an index anyway.
type lagging struct {
	max int

	mu      sync.Mutex
	settled map[table.Key]table.Record
	recent  []written
}

// written is one record put, or removed (rec nil).
type written struct {
	key table.Key
	rec *table.Record
}

func newLagging(n int) *lagging { return &lagging{max: n, settled: map[table.Key]table.Record{}} }

// write commits and remembers. The lock spans both, so that the copy takes
// writes in the order in which they were committed.
func (l *lagging) write(commit func() error, ops []table.Op) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := commit(); err != nil {
		return err
	}
	for _, op := range ops {
		switch op.Mut {
		case table.Put:
			r := op.Rec
			r.Body = slices.Clone(r.Body)
			l.recent = append(l.recent, written{r.Key, &r})
		case table.Delete:
			l.recent = append(l.recent, written{op.Rec.Key, nil})
		}
	}
	for len(l.recent) > l.max {
		apply(l.settled, l.recent[0])
		l.recent = l.recent[1:]
	}
	return nil
}

func apply(m map[table.Key]table.Record, w written) {
	if w.rec == nil {
		delete(m, w.key)
		return
	}
	m[w.key] = *w.rec
}

// query answers q without the last missing writes.
func (l *lagging) query(q table.Query, missing int) (table.Page, error) {
	q, err := q.Normalize()
	if err != nil {
		return table.Page{}, err
	}
	var after cursor.Pos
	if q.After != "" {
		if after, err = cursor.Decode(q); err != nil {
			return table.Page{}, err
		}
	}
	var found []cursor.Pos
	recs := l.state(missing)
	for k, r := range recs {
		x := r.Idx[q.Index-1]
		p := cursor.Pos{S: x.S, Key: k}
		if x.P == q.PK && q.Contains(x.S) && (q.After == "" || q.Desc && order(p, after) < 0 || !q.Desc && order(p, after) > 0) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, order)
	if q.Desc {
		slices.Reverse(found)
	}
	var page table.Page
	for _, p := range found[:min(q.Limit, len(found))] {
		r := recs[p.Key]
		r.Body = slices.Clone(r.Body)
		page.Recs = append(page.Recs, r)
	}
	if len(found) >= q.Limit {
		page.Next = cursor.Encode(q, found[q.Limit-1])
	}
	return page, nil
}

func (l *lagging) state(missing int) map[table.Key]table.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := make(map[table.Key]table.Record, len(l.settled)+len(l.recent))
	for k, r := range l.settled {
		m[k] = r
	}
	for _, w := range l.recent[:max(0, len(l.recent)-missing)] {
		apply(m, w)
	}
	return m
}

func order(a, b cursor.Pos) int {
	return cmp.Or(cmp.Compare(a.S, b.S), cmp.Compare(a.PK, b.PK), cmp.Compare(a.SK, b.SK))
}
