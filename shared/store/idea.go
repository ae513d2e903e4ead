package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// ideaRow stays small (< 1 KB) and out of every index: it changes often, and an
// index would multiply each change.
type ideaRow struct {
	Title    string   `json:"t"`
	Excerpt  string   `json:"x,omitempty"`
	Category string   `json:"c"`
	Status   string   `json:"s"`
	Author   string   `json:"a"`
	Created  int64    `json:"ct"`
	Updated  int64    `json:"ut"`
	Launched int64    `json:"lt,omitempty"`
	Public   int64    `json:"pt,omitempty"`
	Base     int      `json:"bv,omitempty"`
	Into     string   `json:"mi,omitempty"`
	Merged   int64    `json:"mt,omitempty"`
	From     []string `json:"mf,omitempty"`
	Hidden   bool     `json:"h,omitempty"` // alone, it is from before there were reasons
	Locked   bool     `json:"lk,omitempty"`
	Source   string   `json:"src,omitempty"`
	Entered  bool     `json:"en,omitempty"`

	Mod *modRow `json:"mo,omitempty"`
}

type bodyRow struct {
	Body string `json:"b"`
}

type historyRow struct {
	At       int64  `json:"at"`
	From     string `json:"f,omitempty"`
	To       string `json:"t"`
	By       string `json:"by"`
	Name     string `json:"n,omitempty"`
	Team     bool   `json:"tm,omitempty"`
	Note     string `json:"nt,omitempty"`
	Link     string `json:"l,omitempty"`
	Silent   bool   `json:"q,omitempty"`
	Imported bool   `json:"im,omitempty"`
	Merged   string `json:"mi,omitempty"`
	Unmerged string `json:"um,omitempty"`

	EnteredBy string `json:"eb,omitempty"`
	Channel   string `json:"ec,omitempty"`
	Words     string `json:"ew,omitempty"`
}

type keyRow struct {
	Idea   string `json:"i"`
	Digest string `json:"d"`
}

func ideaRecord(i portal.Idea) table.Record {
	return record(ideaKey(i.ID), KindIdea, i.Version, ideaRow{Title: i.Title, Excerpt: i.Excerpt, Category: i.Category,
		Status: string(i.Status), Author: i.AuthorID, Created: ms(i.CreatedAt), Public: ms(i.Published), Updated: ms(i.UpdatedAt), Launched: ms(i.LaunchedAt),
		Base: i.BaseVotes, Into: i.MergedInto, Merged: ms(i.MergedAt), From: i.MergedFrom, Hidden: i.Hidden(), Locked: i.Locked, Source: i.Source,
		Entered: i.Entered, Mod: modRowOf(i.Mod)})
}

// IdeaOf reads an idea from its record.
func IdeaOf(r table.Record) (portal.Idea, error) {
	row, err := unmarshal[ideaRow](r)
	mod := row.Mod.moderation()
	if row.Hidden && mod.Shown() {
		mod.State = portal.Hidden
	}
	return portal.Idea{ID: strings.TrimPrefix(r.PK, "I#"), Title: row.Title, Excerpt: row.Excerpt, Category: row.Category,
		Status: portal.Status(row.Status), AuthorID: row.Author, CreatedAt: at(row.Created), Published: at(row.Public), UpdatedAt: at(row.Updated),
		LaunchedAt: at(row.Launched), Version: r.Ver, BaseVotes: row.Base, MergedInto: row.Into, MergedAt: at(row.Merged), MergedFrom: row.From,
		Mod: mod, Locked: row.Locked, Source: row.Source, Entered: row.Entered}, err
}

func bodyRecord(ideaID string, version int64, body string) table.Record {
	return record(bodyKey(ideaID), KindBody, version, bodyRow{Body: body})
}

// historyRecord is in its author's index: the first entries are the list of a
// member's ideas, the others the steps that a member of the team took. An entry
// never changes, but for the name of somebody who has left, and the team's words about them.
func historyRecord(h portal.HistoryEntry) table.Record {
	r := record(historyKey(h.IdeaID, h.Ver), KindHistory, h.Ver, historyRow{At: ms(h.At), From: string(h.From), To: string(h.To),
		By: h.By.ID, Name: h.By.Name, Team: h.By.Team, Note: h.Note, Link: h.Link, Silent: h.Silent, Imported: h.Imported,
		Merged: h.Merged, Unmerged: h.Unmerged, EnteredBy: h.Entered.By, Channel: string(h.Entered.Channel), Words: h.Entered.Words})
	if h.By.ID != "" { // else nobody took it
		r.Idx[ixOwn-1] = table.IndexKey{P: ownSteps(h.By.ID), S: h.IdeaID + "#" + r.SK}
	}
	if h.From == "" {
		r.Idx[ixOwn-1] = table.IndexKey{P: ownIdeas(h.By.ID), S: h.IdeaID}
	}
	r.Idx[ixSteps-1] = stepIndex(h)
	return r
}

// HistoryOf reads a history entry from its record.
func HistoryOf(r table.Record) (portal.HistoryEntry, error) {
	row, err := unmarshal[historyRow](r)
	return portal.HistoryEntry{IdeaID: strings.TrimPrefix(r.PK, "I#"), Ver: r.Ver, At: at(row.At), From: portal.Status(row.From),
		To: portal.Status(row.To), By: portal.Author{ID: row.By, Name: row.Name, Team: row.Team}, Note: row.Note, Link: row.Link,
		Silent: row.Silent, Imported: row.Imported, Merged: row.Merged, Unmerged: row.Unmerged,
		Entered: portal.Entered{By: row.EnteredBy, Channel: portal.Channel(row.Channel), Words: row.Words}}, err
}

// Idea implements portal.Store.
func (s *Store) Idea(ctx context.Context, id string, strong bool) (portal.Idea, error) {
	r, err := s.Table.Get(ctx, ideaKey(id), strong)
	if err != nil {
		return portal.Idea{}, or(err, errNoIdea, "get idea")
	}
	return IdeaOf(r)
}

// CreateIdea implements portal.Store: idea, text, first history entry, author and key.
func (s *Store) CreateIdea(ctx context.Context, n portal.NewIdea) error {
	ops := []table.Op{
		{Rec: ideaRecord(n.Idea), Cond: table.NotExists},
		{Rec: bodyRecord(n.Idea.ID, n.Idea.Version, n.Body), Cond: table.NotExists},
		{Rec: historyRecord(n.History), Cond: table.NotExists},
	}
	if n.Author != nil {
		ops = append(ops, authorOps(*n.Author, n.NewAuthor)...)
	}
	if n.Case != nil {
		ops = append(ops, table.Op{Rec: caseRecord(*n.Case), Cond: table.NotExists})
	}
	ops = append(ops, logOps(n.Log)...)
	if n.Key != "" {
		r := record(keyKey(n.Key), KindKey, 1, keyRow{Idea: n.Idea.ID, Digest: n.Digest})
		r.TTL = n.KeyTTL.Unix()
		ops = append(ops, table.Op{Rec: r, Cond: table.NotExists})
	}
	err := s.Table.Write(ctx, ops...)
	if op, ok := table.FailedCond(err); ok && n.Key != "" && op == len(ops)-1 {
		used, err := s.UsedKey(ctx, n.Key)
		if err != nil {
			return err
		}
		if used != nil {
			return used
		}
	}
	return stale(err, "create idea")
}

// authorOps make a member, or see to it that one is still as they were.
func authorOps(m portal.Member, fresh bool) []table.Op {
	if fresh {
		return MemberUnit(m).Ops()
	}
	return []table.Op{{Mut: table.Check, Rec: table.Record{Key: memberKey(m.ID)}, Cond: table.VerEq, N: m.Version}}
}

// UsedKey implements portal.Store.
func (s *Store) UsedKey(ctx context.Context, key string) (*portal.ErrKeyUsed, error) {
	r, err := s.Table.Get(ctx, keyKey(key), true)
	if errors.Is(err, table.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get used key: %w", err)
	}
	row, err := unmarshal[keyRow](r)
	return &portal.ErrKeyUsed{IdeaID: row.Idea, Digest: row.Digest}, err
}

// UpdateIdea implements portal.Store.
func (s *Store) UpdateIdea(ctx context.Context, u portal.IdeaUpdate) error {
	return stale(s.Table.Write(ctx, updateOps(u)...), "update idea")
}

func updateOps(u portal.IdeaUpdate) (ops []table.Op) {
	for v := &u; v != nil; v = v.Other {
		ops = append(ops, table.Op{Rec: ideaRecord(v.Idea), Cond: table.VerEq, N: v.Prev})
		if v.Body != nil {
			ops = append(ops, table.Op{Rec: bodyRecord(v.Idea.ID, v.Idea.Version, *v.Body)})
		}
		if v.History != nil {
			ops = append(ops, table.Op{Rec: historyRecord(*v.History), Cond: table.NotExists})
		}
		ops = append(ops, logOps(v.Log)...)
	}
	return ops
}

// IdeaPage implements portal.Store: one Query reads text, idea, history, cards and
// the first comments, because that is their order in the partition.
func (s *Store) IdeaPage(ctx context.Context, q portal.IdeaQuery) (portal.IdeaPage, error) {
	page, err := s.ideaPage(ctx, q)
	if err == nil && page.Idea.ID == "" {
		// Created a moment ago, perhaps: only a strong read may say that it isn't there.
		if q.Fresh {
			return page, errNoIdea
		}
		q.Fresh = true
		if page, err = s.ideaPage(ctx, q); err == nil && page.Idea.ID == "" {
			return page, errNoIdea
		}
	}
	return page, err
}

// rowsBefore is how many rows stand before the comments of an idea whose history
// has the usual length: text, idea, pinned answer, cards, and up to six steps.
const rowsBefore = 3 + Slots + 6

// pageRecords are the rows of an idea's page: one Query, and a second one only
// where a long history took the comments' places.
func (s *Store) pageRecords(ctx context.Context, q portal.IdeaQuery) ([]table.Record, error) {
	tq := table.Query{PK: ideaPK(q.ID), From: "0", To: pageEnd, Limit: rowsBefore + q.Comments + 1, Consistent: q.Fresh}
	if q.Cursor != "" {
		tq.To, tq.Limit = commentPrefix, rowsBefore // the comments come from elsewhere
	}
	var recs []table.Record
	for comments := 0; comments <= q.Comments; {
		got, err := s.Table.Query(ctx, tq)
		if err != nil {
			return nil, fmt.Errorf("query idea page: %w", err)
		}
		recs = append(recs, got.Recs...)
		for _, r := range got.Recs {
			if r.Kind == KindComment {
				comments++
			}
		}
		if tq.After = got.Next; tq.After == "" {
			break
		}
	}
	return recs, nil
}

func (s *Store) ideaPage(ctx context.Context, q portal.IdeaQuery) (portal.IdeaPage, error) {
	var page portal.IdeaPage
	recs, err := s.pageRecords(ctx, q)
	if err != nil {
		return page, err
	}
	var cards, comments int
	for _, r := range recs {
		switch r.Kind {
		case KindBody:
			row, err := unmarshal[bodyRow](r)
			if err != nil {
				return page, err
			}
			page.Body = row.Body
		case KindIdea:
			if page.Idea, err = IdeaOf(r); err != nil {
				return page, err
			}
		case KindAnswer:
			if page.Answer, err = answerOf(r); err != nil {
				return page, err
			}
		case KindHistory:
			h, err := HistoryOf(r)
			if err != nil {
				return page, err
			}
			page.History = append(page.History, h)
		case KindCard:
			if cards++; cards > 1 {
				continue // the four say the same
			}
			if page.Card, err = cardOf(r); err != nil {
				return page, err
			}
		case KindComment:
			if comments++; comments > q.Comments {
				continue
			}
			c, err := CommentOf(r)
			if err != nil {
				return page, err
			}
			page.Comments = append(page.Comments, c)
		}
	}
	if page.Idea.ID == "" {
		return page, nil
	}
	if cards == 0 {
		page.Card = newCard(page.Idea)
		if len(page.History) > 0 && page.History[0].By.ID == page.Idea.AuthorID {
			page.Card.Author = page.History[0].By
		}
	}
	switch {
	case q.Cursor != "":
		page.Comments, page.Next, err = s.Comments(ctx, q.ID, q.Cursor, q.Comments)
	case comments > q.Comments:
		page.Next = commentCursor(q.ID, page.Comments[q.Comments-1].ID)
	}
	return page, err
}

// IdeasBy implements portal.Store.
func (s *Store) IdeasBy(ctx context.Context, memberID, cursor string, limit int) ([]string, string, error) {
	recs, next, err := s.own(ctx, ownIdeas(memberID), cursor, limit)
	ids := make([]string, 0, len(recs))
	for _, r := range recs {
		ids = append(ids, strings.TrimPrefix(r.PK, "I#"))
	}
	return ids, next, err
}

// own reads a page of what belongs to a member, newest first.
func (s *Store) own(ctx context.Context, partition, cursor string, limit int) ([]table.Record, string, error) {
	return s.page(ctx, partition, table.Query{Index: ixOwn, PK: partition, Desc: true}, cursor, limit)
}
