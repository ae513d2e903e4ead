package store

import (
	"context"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type voteCaseRow struct {
	Since    int64          `json:"si,omitempty"` // 0 = it is decided
	Suspects []suspectedRow `json:"s,omitempty"`
	With     []string       `json:"w,omitempty"`
	More     bool           `json:"m,omitempty"`
	Outcome  string         `json:"o,omitempty"`
	By       string         `json:"by,omitempty"`
	At       int64          `json:"at,omitempty"`
	Known    []knownRow     `json:"k,omitempty"`
	Round    int64          `json:"ro"`
}

type suspectedRow struct {
	Member string   `json:"m"`
	At     int64    `json:"t"`
	Crowd  string   `json:"c,omitempty"`
	Joined int64    `json:"j,omitempty"`
	Why    []string `json:"y"`
}

type knownRow struct {
	Member string `json:"m"`
	At     int64  `json:"t"`
	Fine   bool   `json:"f,omitempty"`
}

// voteCaseRecord is in the index of its queue as long as it waits.
func voteCaseRecord(c portal.VoteCase) table.Record {
	row := voteCaseRow{With: c.With, More: c.More, Outcome: string(c.Outcome), By: c.By, At: ms(c.At), Round: c.Round}
	for _, s := range c.Suspects {
		row.Suspects = append(row.Suspects, suspectedRow{s.MemberID, ms(s.At), s.Crowd, ms(s.Joined), s.Why})
	}
	for _, k := range c.Known {
		row.Known = append(row.Known, knownRow{k.MemberID, ms(k.At), k.Fine})
	}
	if c.Open {
		row.Since = ms(c.Since)
	}
	r := record(voteCaseKey(c.IdeaID), KindVoteCase, c.Version, row)
	if c.Open {
		r.Idx[ixQueue-1] = table.IndexKey{P: waitingPK(portal.VotesQ), S: portal.TimeKey(c.Since) + "#" + c.IdeaID}
	}
	return r
}

func voteCaseOf(r table.Record) (portal.VoteCase, error) {
	row, err := unmarshal[voteCaseRow](r)
	c := portal.VoteCase{IdeaID: strings.TrimPrefix(r.PK, "P#"), Open: row.Since != 0, Since: at(row.Since), With: row.With, More: row.More,
		Outcome: portal.VoteAct(row.Outcome), By: row.By, At: at(row.At), Round: row.Round, Version: r.Ver}
	for _, s := range row.Suspects {
		c.Suspects = append(c.Suspects, portal.Suspected{MemberID: s.Member, At: at(s.At), Crowd: s.Crowd, Joined: at(s.Joined), Why: s.Why})
	}
	for _, k := range row.Known {
		c.Known = append(c.Known, portal.KnownVote{MemberID: k.Member, At: at(k.At), Fine: k.Fine})
	}
	return c, err
}

// VoteCase implements portal.Store.
func (s *Store) VoteCase(ctx context.Context, ideaID string, consistent bool) (portal.VoteCase, error) {
	return getOr(ctx, s, voteCaseKey(ideaID), consistent, "case about votes", portal.VoteCase{IdeaID: ideaID}, voteCaseOf)
}

// VoteCases implements portal.Store.
func (s *Store) VoteCases(ctx context.Context, q portal.QueueQuery) (page portal.VoteCasePage, err error) {
	pk := waitingPK(portal.VotesQ)
	oldest := fmt.Sprint(pk, q.Oldest) // a cursor is of one order
	recs, next, err := s.page(ctx, oldest, table.Query{Index: ixQueue, PK: pk, Desc: !q.Oldest}, q.Cursor, q.Limit)
	if err != nil {
		return page, err
	}
	cases, err := readAll(recs, voteCaseOf)
	if err != nil {
		return page, err
	}
	keys := make([]table.Key, len(cases))
	for i, c := range cases {
		keys[i] = ideaKey(c.IdeaID)
	}
	found, err := s.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return page, fmt.Errorf("get what cases are about: %w", err)
	}
	page.Next = next
	for i, c := range cases {
		item := portal.VoteCaseItem{Case: c}
		if r, ok := found[keys[i]]; ok {
			if item.Idea, err = IdeaOf(r); err != nil {
				return page, err
			}
		}
		page.Items = append(page.Items, item)
	}
	return page, nil
}
