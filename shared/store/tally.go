package store

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// A lane's votes are counted in cells: the votes of the members whose ids share
// the character behind the lane's (depth 1, 32 cells) or the next two (depth 2,
// 1,024 cells), so that one vote makes a few dozen records be read again, however
// many votes the idea has.
const (
	cellChars = "0123456789abcdefghjkmnpqrstvwxyz"
	MaxDepth  = 2
)

// Cell is what is known of one cell's votes: how many, and their trend in steps
// of 1/TrendUnit (see shared/projection); 0 votes have trend 0.
type Cell struct {
	N     int
	Trend uint32
}

// TrendUnit is the resolution of a cell's trend: steps a doubling.
const TrendUnit = 1024

// Tally is one lane's counts. Version 0 has not been written yet.
type Tally struct {
	IdeaID  string
	Lane    int
	Depth   int // 1 or 2
	Cells   []Cell
	Version int64
}

type tallyRow struct {
	N     int    `json:"n"` // the sum, for people who look at the row
	Depth int    `json:"d"`
	Cells string `json:"c"` // base64: a varint N for each cell, and 3 bytes of Trend where N > 0
}

// NewTally is a lane's tally before the first count.
func NewTally(ideaID string, lane, depth int) Tally {
	n := len(cellChars)
	for range depth - 1 {
		n *= len(cellChars)
	}
	return Tally{IdeaID: ideaID, Lane: lane, Depth: depth, Cells: make([]Cell, n)}
}

// Votes is the sum of the cells.
func (t Tally) Votes() int {
	n := 0
	for _, c := range t.Cells {
		n += c.N
	}
	return n
}

// LaneOf and CellOf say where a member's votes are counted.
func LaneOf(member string) int { return laneOf(member) }

// CellOf is the cell of a member's vote in the tally of the member's lane.
func (t Tally) CellOf(member string) int {
	cell := 0
	for i := range t.Depth {
		cell = cell*len(cellChars) + strings.IndexByte(cellChars, member[1+i])
	}
	return cell
}

// prefix is what the member ids of a cell begin with.
func (t Tally) prefix(cell int) string {
	b := make([]byte, 1+t.Depth)
	b[0] = cellChars[t.Lane]
	for i := t.Depth; i > 0; i-- {
		b[i] = cellChars[cell%len(cellChars)]
		cell /= len(cellChars)
	}
	return string(b)
}

func (t Tally) encode() string {
	b := make([]byte, 0, len(t.Cells)*4)
	for _, c := range t.Cells {
		b = binary.AppendUvarint(b, uint64(c.N))
		if c.N > 0 {
			b = append(b, byte(c.Trend>>16), byte(c.Trend>>8), byte(c.Trend))
		}
	}
	return base64.RawStdEncoding.EncodeToString(b)
}

var errTallyRow = errors.New("read tally row: cells cut short")

func tallyOf(r table.Record) (Tally, error) {
	row, err := unmarshal[tallyRow](r)
	if err != nil {
		return Tally{}, err
	}
	lane := strings.IndexByte(cellChars, r.SK[len(r.SK)-1])
	if row.Depth < 1 || row.Depth > MaxDepth || lane < 0 || lane >= Lanes {
		return Tally{}, errTallyRow
	}
	t := NewTally(strings.TrimPrefix(r.PK, "C#"), lane, row.Depth)
	t.Version = r.Ver
	b, err := base64.RawStdEncoding.DecodeString(row.Cells)
	if err != nil {
		return Tally{}, errTallyRow
	}
	for i := range t.Cells {
		n, w := binary.Uvarint(b)
		if w <= 0 || (n > 0 && len(b) < w+3) {
			return Tally{}, errTallyRow
		}
		t.Cells[i].N, b = int(n), b[w:]
		if n > 0 {
			t.Cells[i].Trend, b = uint32(b[0])<<16|uint32(b[1])<<8|uint32(b[2]), b[3:]
		}
	}
	return t, nil
}

// Span is a stretch of an idea's discussion: the comments from the one with id
// From up to the next span's, and how many of them are not deleted.
type Span struct {
	From string `json:"f"`
	N    int    `json:"n"`
}

// Talk is the count of an idea's comments, in spans that are split where they grow
// long: one comment makes one span be read again. Version 0 has not been written.
type Talk struct {
	IdeaID  string
	Spans   []Span
	Version int64
}

// Comments is the sum of the spans.
func (t Talk) Comments() int {
	n := 0
	for _, s := range t.Spans {
		n += s.N
	}
	return n
}

type talkRow struct {
	Spans []Span `json:"s"`
}

// Counts are an idea's tallies, as one strong Query read them.
type Counts struct {
	Lanes [Lanes]Tally
	Talk  Talk
}

// Counts reads all tallies of an idea, strongly.
func (s *Store) Counts(ctx context.Context, ideaID string) (Counts, error) {
	var c Counts
	for i := range c.Lanes {
		c.Lanes[i] = NewTally(ideaID, i, 1)
	}
	c.Talk = Talk{IdeaID: ideaID, Spans: []Span{{}}}
	err := s.each(ctx, table.Query{PK: countsPK(ideaID), Limit: Lanes + 1, Consistent: true}, func(r table.Record) error {
		switch r.Kind {
		case KindTally:
			t, err := tallyOf(r)
			if err != nil {
				return err
			}
			c.Lanes[t.Lane] = t
		case KindTalk:
			row, err := unmarshal[talkRow](r)
			if err != nil {
				return err
			}
			c.Talk.Spans, c.Talk.Version = row.Spans, r.Ver
		}
		return nil
	})
	return c, err
}

// each calls f for every record of a query, page after page.
func (s *Store) each(ctx context.Context, q table.Query, f func(table.Record) error) error {
	for {
		page, err := s.Table.Query(ctx, q)
		if err != nil {
			return fmt.Errorf("query %s: %w", q.PK, err)
		}
		for _, r := range page.Recs {
			if err := f(r); err != nil {
				return err
			}
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// PutTally replaces the lane's tally if its version is still t.Version. ErrLost
// means it is not: what was counted may be older than what is stored.
func (s *Store) PutTally(ctx context.Context, t Tally) error {
	r := record(tallyKey(t.IdeaID, t.Lane), KindTally, t.Version+1, tallyRow{N: t.Votes(), Depth: t.Depth, Cells: t.encode()})
	return s.fenced(ctx, r, t.Version)
}

// PutTalk replaces the count of comments in the same way.
func (s *Store) PutTalk(ctx context.Context, t Talk) error {
	return s.fenced(ctx, record(talkKey(t.IdeaID), KindTalk, t.Version+1, talkRow{Spans: t.Spans}), t.Version)
}

// ErrLost says that a derived record changed since it was read: read again, count
// again.
var ErrLost = errors.New("store: somebody counted this meanwhile")

func (s *Store) fenced(ctx context.Context, r table.Record, prev int64) error {
	op := table.Op{Rec: r, Cond: table.NotExists}
	if prev != 0 {
		op.Cond, op.N = table.VerEq, prev
	}
	err := s.Table.Write(ctx, op)
	if _, lost := table.FailedCond(err); lost || errors.Is(err, table.ErrConflict) {
		return ErrLost
	}
	if err != nil {
		return fmt.Errorf("put %s: %w", r.Kind, err)
	}
	return nil
}

// CellVotes calls f for every vote in a cell of the idea's lane, strongly. cell -1
// is the whole lane. A row that is no vote is passed over: the consumer has said so
// in its log when the row came, and the votes beside it must be counted.
func (s *Store) CellVotes(ctx context.Context, ideaID string, t Tally, cell int, f func(portal.Vote)) error {
	q := table.Query{PK: votePK(ideaID, t.Lane), Limit: table.MaxLimit, Consistent: true}
	if cell >= 0 {
		q.Prefix = t.prefix(cell)
	}
	return s.each(ctx, q, func(r table.Record) error {
		if row, err := unmarshal[voteRow](r); err == nil {
			f(row.vote(ideaID, r.SK))
		}
		return nil
	})
}

// Uncounted are the members whose votes don't count, among those of a cell, read
// strongly; cell -1 is the whole lane. Mostly there are none.
func (s *Store) Uncounted(ctx context.Context, t Tally, cell int) (map[string]bool, error) {
	q := table.Query{PK: exclusionPK(t.Lane), Limit: table.MaxLimit, Consistent: true}
	if cell >= 0 {
		q.Prefix = t.prefix(cell)
	}
	var out map[string]bool
	err := s.each(ctx, q, func(r table.Record) error {
		x, err := ExclusionOf(r)
		if err != nil || !x.On {
			return err
		}
		if out == nil {
			out = map[string]bool{}
		}
		out[x.MemberID] = true
		return nil
	})
	return out, err
}

// SpanComments calls f for every comment from id from (inclusive) up to id to
// (exclusive, "" = the end), strongly; deleted ones among them, and those that are not
// public.
func (s *Store) SpanComments(ctx context.Context, ideaID, from, to string, f func(id string, deleted bool)) error {
	q := table.Query{PK: ideaPK(ideaID), From: commentPrefix + from, To: commentPrefix + to, Limit: 200, Consistent: true}
	if to == "" {
		q.To = pageEnd
	}
	return s.each(ctx, q, func(r table.Record) error {
		row, err := unmarshal[commentRow](r)
		if err == nil {
			f(strings.TrimPrefix(r.SK, commentPrefix), !row.listed())
		}
		return err
	})
}
