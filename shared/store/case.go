package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type caseRow struct {
	Queue     string         `json:"q,omitempty"`
	Since     int64          `json:"si,omitempty"`
	Author    string         `json:"a"`
	Round     int64          `json:"ro"`
	Held      []string       `json:"hd,omitempty"`
	Evidence  []string       `json:"ev,omitempty"`
	Reports   int            `json:"n,omitempty"`
	Reasons   map[string]int `json:"rs,omitempty"`
	Reporters []string       `json:"by,omitempty"`
	Answer    string         `json:"an,omitempty"`
	AnswerAt  int64          `json:"aa,omitempty"`
	Earlier   bool           `json:"er,omitempty"`
}

// caseRecord is in the index of the queue that it waits in, and in that of the cases
// about what its thing's author wrote.
func caseRecord(c portal.Case) table.Record {
	r := record(caseKey(c.Thing), KindCase, c.Version, caseRow{Queue: string(c.Queue), Since: ms(c.Since), Author: c.AuthorID, Round: c.Round,
		Held: c.Held, Evidence: c.Evidence, Reports: c.Reports, Reasons: c.Reasons, Reporters: c.Reporters, Answer: c.Answer, AnswerAt: ms(c.AnswerAt), Earlier: c.Earlier})
	id := strings.TrimPrefix(r.PK, "P#")
	if c.Queue != portal.NoQueue {
		r.Idx[ixQueue-1] = table.IndexKey{P: waitingPK(c.Queue), S: portal.TimeKey(c.Since) + "#" + id}
	}
	if c.AuthorID != "" {
		r.Idx[ixOwn-1] = table.IndexKey{P: ownCases(c.AuthorID), S: id}
	}
	return r
}

// CaseOf reads a case from its record.
func CaseOf(r table.Record) (portal.Case, error) {
	row, err := unmarshal[caseRow](r)
	return portal.Case{Thing: thingOf(r.PK), Queue: portal.Queue(row.Queue), Since: at(row.Since), AuthorID: row.Author, Round: row.Round,
		Held: row.Held, Evidence: row.Evidence, Reports: row.Reports, Reasons: row.Reasons, Reporters: row.Reporters,
		Answer: row.Answer, AnswerAt: at(row.AnswerAt), Earlier: row.Earlier, Version: r.Ver}, err
}

// Case implements portal.Store.
func (s *Store) Case(ctx context.Context, t portal.Thing) (portal.Case, error) {
	return getOr(ctx, s, caseKey(t), true, "case", portal.Case{Thing: t}, CaseOf)
}

// CasesOf implements portal.Store.
func (s *Store) CasesOf(ctx context.Context, memberID, cursor string, limit int) ([]portal.Case, string, error) {
	recs, next, err := s.own(ctx, ownCases(memberID), cursor, limit)
	if err != nil {
		return nil, "", err
	}
	cs, err := readAll(recs, CaseOf)
	return cs, next, err
}

// Queue implements portal.Store: one Query of the index, and one BatchGet of what its
// cases are about, of the authors and of the newest reports; with Titles of the first
// alone.
func (s *Store) Queue(ctx context.Context, q portal.QueueQuery) (portal.QueuePage, error) {
	pk := waitingPK(q.Queue)
	recs, next, err := s.page(ctx, pk+strconv.FormatBool(q.Oldest), table.Query{Index: ixQueue, PK: pk, Desc: !q.Oldest}, q.Cursor, q.Limit)
	if err != nil {
		return portal.QueuePage{}, err
	}
	page := portal.QueuePage{Items: make([]portal.QueueItem, len(recs)), Next: next}
	wanted := map[table.Key]bool{}
	for i, r := range recs {
		c, err := CaseOf(r)
		if err != nil {
			return portal.QueuePage{}, err
		}
		page.Items[i].Case = c
		keys := keysOf(c)
		if q.Titles {
			keys = titleKeys(c)
		}
		for _, k := range keys {
			wanted[k] = true
		}
	}
	keys := make([]table.Key, 0, len(wanted))
	for k := range wanted {
		keys = append(keys, k)
	}
	found, err := s.Table.BatchGet(ctx, keys, !q.Titles) // a list may be a moment behind
	if err != nil {
		return portal.QueuePage{}, fmt.Errorf("get what cases are about: %w", err)
	}
	for i := range page.Items {
		if err := fill(&page.Items[i], found); err != nil {
			return portal.QueuePage{}, err
		}
	}
	return page, nil
}

// QueueItem implements portal.Store: one Get and one BatchGet.
func (s *Store) QueueItem(ctx context.Context, t portal.Thing) (item portal.QueueItem, err error) {
	if item.Case, err = s.Case(ctx, t); err != nil {
		return item, err
	}
	found, err := s.Table.BatchGet(ctx, keysOf(item.Case), true)
	if err != nil {
		return item, fmt.Errorf("get what a case is about: %w", err)
	}
	return item, fill(&item, found)
}

// Queued implements portal.Store.
func (s *Store) Queued(ctx context.Context, q portal.Queue, limit int) (n int, more bool, err error) {
	page, err := s.Table.Query(ctx, table.Query{Index: ixQueue, PK: waitingPK(q), Limit: limit})
	if err != nil {
		return 0, false, fmt.Errorf("query queue: %w", err)
	}
	return len(page.Recs), page.Next != "", nil
}

// titleKeys are the records that say what a case is called.
func titleKeys(c portal.Case) []table.Key {
	if c.Thing.CommentID != "" {
		return []table.Key{commentKey(c.Thing.IdeaID, c.Thing.CommentID)}
	}
	return []table.Key{ideaKey(c.Thing.IdeaID)}
}

// keysOf are the records that the team sees beside a case.
func keysOf(c portal.Case) []table.Key {
	keys := []table.Key{ideaKey(c.Thing.IdeaID)}
	if c.Thing.CommentID != "" {
		keys = append(keys, commentKey(c.Thing.IdeaID, c.Thing.CommentID))
	} else {
		keys = append(keys, bodyKey(c.Thing.IdeaID))
	}
	if c.Earlier {
		keys = append(keys, earlierKey(c.Thing))
	}
	if c.AuthorID != "" {
		keys = append(keys, memberKey(c.AuthorID))
	}
	for _, id := range c.Reporters {
		keys = append(keys, reportKey(portal.Report{Thing: c.Thing, Round: c.Round, MemberID: id}))
	}
	return keys
}

func fill(item *portal.QueueItem, found map[table.Key]table.Record) error {
	for _, k := range keysOf(item.Case) {
		r, ok := found[k]
		if !ok {
			continue
		}
		var err error
		switch r.Kind {
		case KindIdea:
			item.Idea, err = IdeaOf(r)
		case KindBody:
			var row bodyRow
			row, err = unmarshal[bodyRow](r)
			item.Body = row.Body
		case KindComment:
			item.Comment, err = CommentOf(r)
		case KindMember:
			item.Author, err = MemberOf(r)
		case KindEarlier:
			var e portal.Earlier
			e, err = earlierOf(r)
			item.Earlier = &e
		case KindReport:
			var report portal.Report
			report, err = ReportOf(r)
			item.Reports = append(item.Reports, report)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type reportRow struct {
	Reason string `json:"r"`
	Words  string `json:"w,omitempty"`
	At     int64  `json:"at"`

	Doubts []string `json:"db,omitempty"`
}

func reportRecord(p portal.Report) table.Record {
	r := record(reportKey(p), KindReport, p.Version, reportRow{Reason: p.Reason, Words: p.Words, At: ms(p.At), Doubts: p.Doubts})
	r.Idx[ixOwn-1] = table.IndexKey{P: ownReports(p.MemberID), S: portal.TimeKey(p.At) + "#" + strings.TrimPrefix(r.PK, "P#")}
	return r
}

// ReportOf reads a report from its record.
func ReportOf(r table.Record) (portal.Report, error) {
	row, err := unmarshal[reportRow](r)
	p := portal.Report{Thing: thingOf(r.PK), Reason: row.Reason, Words: row.Words, Doubts: row.Doubts, At: at(row.At), Version: r.Ver}
	round, member, ok := strings.Cut(strings.TrimPrefix(r.SK, "R#"), "#")
	if err == nil {
		if p.Round, err = strconv.ParseInt(round, 10, 64); err != nil || !ok {
			err = fmt.Errorf("read report row: key %q", r.SK)
		}
	}
	p.MemberID = member
	return p, err
}

// Reports implements portal.Store.
func (s *Store) Reports(ctx context.Context, t portal.Thing, round int64) (rs []portal.Report, err error) {
	err = s.each(ctx, table.Query{PK: casePK(t), Prefix: reportPrefix(round), Consistent: true}, func(r table.Record) error {
		p, err := ReportOf(r)
		rs = append(rs, p)
		return err
	})
	return rs, err
}

// ReportsBy implements portal.Store.
func (s *Store) ReportsBy(ctx context.Context, memberID, cursor string, limit int) ([]portal.Report, string, error) {
	recs, next, err := s.own(ctx, ownReports(memberID), cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rs, err := readAll(recs, ReportOf)
	return rs, next, err
}
