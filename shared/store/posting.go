package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/table"
)

// postRow is a posting, as small as can be: its size is the price of a search. An
// empty one says that the idea does not have the term any more.
type postRow struct {
	Posting string `json:"p,omitempty"`
}

// goneFor is how long it stays written down that a posting is gone. Nothing is still
// on its way that long after: a stream keeps its changes for a day.
const goneFor = 7 * 24 * time.Hour

// postingKey is where the posting stands: the terms of a list are in the order of
// their level, then of the id backwards; see shared/search.
func postingKey(k search.Key, ideaID string) table.Key {
	sk := make([]byte, 0, 1+len(ideaID))
	sk = append(sk, k.Level)
	for i := len(ideaID) - 1; i >= 0; i-- {
		sk = append(sk, ideaID[i])
	}
	return table.Key{PK: termPK(k.Term), SK: string(sk)}
}

// postingOf reads a posting from its record; ok is false for one that is gone.
func postingOf(r table.Record) (p search.Posting, ok bool, err error) {
	if p, err = postingPlace(r); err != nil {
		return p, false, err
	}
	row, err := unmarshal[postRow](r)
	if err != nil || row.Posting == "" {
		return p, false, err
	}
	if p.Weight, p.Signature, ok = search.Decode(row.Posting); !ok {
		return p, false, errors.New("read post row: not a posting")
	}
	return p, true, nil
}

// postingPlace reads what a posting's key says.
func postingPlace(r table.Record) (search.Posting, error) {
	if len(r.SK) < 2 {
		return search.Posting{}, errors.New("read post row: not the key of a posting")
	}
	id := []byte(r.SK[1:])
	for i, j := 0, len(id)-1; i < j; i, j = i+1, j-1 {
		id[i], id[j] = id[j], id[i]
	}
	if !portal.ValidTimedID(string(id)) {
		return search.Posting{}, errors.New("read post row: not the id of an idea")
	}
	return search.Posting{Key: search.Key{Term: strings.TrimPrefix(r.PK, termPK("")), Level: r.SK[0]}, IdeaID: string(id)}, nil
}

// PostingVersion is the version of postings made from the idea as it was at that
// version, by the terms of this build.
func PostingVersion(idea int64) int64 { return idea<<generationBits | search.Generation }

const generationBits = 8

// PostedNow reports whether the posting was made by this build's generation of terms:
// what an older one left may have to go.
func PostedNow(r table.Record) bool { return r.Ver&(1<<generationBits-1) == search.Generation }

// PutPostings writes the postings of an idea as it was at version, and that it has
// none under the keys in gone. What is there of a later version stays.
func (s *Store) PutPostings(ctx context.Context, ideaID string, version int64, ps []search.Posting, gone []search.Key) error {
	ver := PostingVersion(version)
	ops := make([]table.Op, 0, len(ps)+len(gone))
	for _, p := range ps {
		r := record(postingKey(p.Key, ideaID), KindPosting, ver, postRow{search.Encode(p.Weight, p.Signature)})
		ops = append(ops, table.Op{Rec: r, Cond: table.VerBelow, N: ver})
	}
	for _, k := range gone {
		r := record(postingKey(k, ideaID), KindPosting, ver, postRow{})
		r.TTL = s.Clock().Add(goneFor).Unix()
		ops = append(ops, table.Op{Rec: r, Cond: table.VerBelow, N: ver})
	}
	for _, err := range s.Table.WriteEach(ctx, ops...) {
		if _, newer := table.FailedCond(err); err != nil && !newer {
			return fmt.Errorf("put posting: %w", err)
		}
	}
	return nil
}

// MendPostings counts which postings of an idea, as it is at version, are missing or say
// something else; with repair, it puts them right, whatever stands there. What is of a
// later version is somebody else's.
func (s *Store) MendPostings(ctx context.Context, ideaID string, version int64, ps []search.Posting, repair bool) (wrong int, err error) {
	keys := make([]table.Key, len(ps))
	for i, p := range ps {
		keys[i] = postingKey(p.Key, ideaID)
	}
	if len(keys) == 0 {
		return 0, nil
	}
	stored, err := s.Table.BatchGet(ctx, keys, true)
	if err != nil {
		return 0, fmt.Errorf("get postings: %w", err)
	}
	ver := PostingVersion(version)
	var ops []table.Op
	for i, p := range ps {
		should := record(keys[i], KindPosting, ver, postRow{search.Encode(p.Weight, p.Signature)})
		op := table.Op{Rec: should, Cond: table.VerBelow, N: ver}
		if r, ok := stored[keys[i]]; ok {
			if r.Ver > ver || string(r.Body) == string(should.Body) {
				continue
			}
			op.Cond, op.N = table.VerEq, r.Ver
		}
		ops = append(ops, op)
	}
	if repair {
		for _, err := range s.Table.WriteEach(ctx, ops...) {
			if _, newer := table.FailedCond(err); err != nil && !newer {
				return len(ops), fmt.Errorf("mend posting: %w", err)
			}
		}
	}
	return len(ops), nil
}

// DropPosting says that a posting is gone which does not follow from its idea, as that is
// at version, if it is still the one that was read.
func (s *Store) DropPosting(ctx context.Context, was table.Record, version int64) error {
	r := record(was.Key, KindPosting, max(PostingVersion(version), was.Ver), postRow{})
	r.TTL = s.Clock().Add(goneFor).Unix()
	err := s.Table.Write(ctx, table.Op{Rec: r, Cond: table.VerEq, N: was.Ver})
	if _, changed := table.FailedCond(err); err != nil && !changed {
		return fmt.Errorf("drop posting: %w", err)
	}
	return nil
}

// Postings implements portal.Store: one Query a term, all at once.
func (s *Store) Postings(ctx context.Context, terms []string, limit int) ([]search.List, error) {
	lists, errs := make([]search.List, len(terms)), make([]error, len(terms))
	var wg sync.WaitGroup
	for i, t := range terms {
		wg.Go(func() { lists[i], errs[i] = s.list(ctx, t, limit) })
	}
	wg.Wait()
	return lists, errors.Join(errs...)
}

func (s *Store) list(ctx context.Context, term string, limit int) (search.List, error) {
	page, err := s.Table.Query(ctx, table.Query{PK: termPK(term), Limit: limit})
	if err != nil {
		return search.List{}, fmt.Errorf("query postings: %w", err)
	}
	l := search.List{Term: term, Whole: page.Next == "", Postings: make([]search.Posting, 0, len(page.Recs))}
	for _, r := range page.Recs {
		p, ok, err := postingOf(r)
		if err != nil {
			return search.List{}, err
		}
		if ok {
			l.Postings = append(l.Postings, p)
		}
	}
	return l, nil
}

// SearchText reads what an idea is found by: the idea strongly, and then its text,
// so that the text is that of the idea's version. ErrLost means that the text was
// changed in between; NotFound that one of them is not there, or not yet: an import
// has its own order.
func (s *Store) SearchText(ctx context.Context, ideaID string) (portal.Idea, string, error) {
	idea, err := s.Idea(ctx, ideaID, true)
	if err != nil {
		return idea, "", err
	}
	r, err := s.Table.Get(ctx, bodyKey(ideaID), true)
	if err != nil {
		return idea, "", or(err, errNoIdea, "get idea text")
	}
	if r.Ver > idea.Version {
		return idea, "", ErrLost
	}
	row, err := unmarshal[bodyRow](r)
	return idea, row.Body, err
}

// BodyOf reads an idea's text from its record.
func BodyOf(r table.Record) (ideaID, body string, err error) {
	row, err := unmarshal[bodyRow](r)
	return strings.TrimPrefix(r.PK, "I#"), row.Body, err
}

// Bodies implements portal.Store.
func (s *Store) Bodies(ctx context.Context, ids []string) (map[string]string, error) {
	keys := make([]table.Key, len(ids))
	for i, id := range ids {
		keys[i] = bodyKey(id)
	}
	recs, err := s.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return nil, fmt.Errorf("get texts: %w", err)
	}
	out := make(map[string]string, len(recs))
	for _, r := range recs {
		id, body, err := BodyOf(r)
		if err != nil {
			return nil, err
		}
		out[id] = body
	}
	return out, nil
}

// ListedCards implements portal.Store.
func (s *Store) ListedCards(ctx context.Context, ids []string) ([]portal.Card, error) {
	return s.cardsOf(ctx, ids, func(r table.Record) bool { return r.Idx[ixTop-1].P != "" })
}
