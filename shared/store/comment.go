package store

import (
	"context"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type commentRow struct {
	Parent   string `json:"p,omitempty"`
	Body     string `json:"b,omitempty"`
	By       string `json:"by"`
	Name     string `json:"n,omitempty"`
	Team     bool   `json:"tm,omitempty"`
	At       int64  `json:"at"`
	Edited   int64  `json:"ed,omitempty"`
	Deleted  bool   `json:"d,omitempty"`
	Imported bool   `json:"im,omitempty"`

	Mod *modRow `json:"mo,omitempty"`
}

// listed reports whether the comment counts: it is there, and everybody may read it.
func (r commentRow) listed() bool { return !r.Deleted && r.Mod == nil }

func commentRecord(c portal.Comment) table.Record {
	r := record(commentKey(c.IdeaID, c.ID), KindComment, c.Version, commentRow{Parent: c.Parent, Body: c.Body, By: c.Author.ID,
		Name: c.Author.Name, Team: c.Author.Team, At: ms(c.CreatedAt), Edited: ms(c.EditedAt), Deleted: c.Deleted, Imported: c.Imported,
		Mod: modRowOf(c.Mod)})
	if !c.Deleted {
		r.Idx[ixOwn-1] = table.IndexKey{P: ownComments(c.Author.ID), S: c.ID + "#" + c.IdeaID}
	}
	return r
}

// CommentOf reads a comment from its record.
func CommentOf(r table.Record) (portal.Comment, error) {
	row, err := unmarshal[commentRow](r)
	return portal.Comment{ID: strings.TrimPrefix(r.SK, commentPrefix), IdeaID: strings.TrimPrefix(r.PK, "I#"), Parent: row.Parent,
		Body: row.Body, Author: portal.Author{ID: row.By, Name: row.Name, Team: row.Team}, CreatedAt: at(row.At),
		EditedAt: at(row.Edited), Deleted: row.Deleted, Imported: row.Imported, Mod: row.Mod.moderation(), Version: r.Ver}, err
}

func commentsOf(recs []table.Record) ([]portal.Comment, error) {
	cs := make([]portal.Comment, 0, len(recs))
	for _, r := range recs {
		c, err := CommentOf(r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, nil
}

// Comment implements portal.Store.
func (s *Store) Comment(ctx context.Context, ideaID, id string) (portal.Comment, error) {
	r, err := s.Table.Get(ctx, commentKey(ideaID, id), true)
	if err != nil {
		return portal.Comment{}, or(err, errNoComment, "get comment")
	}
	return CommentOf(r)
}

// PutComment stores the comment if its stored version is prev; 0 = it is new. Imports
// and demos write so; for what members write see [Store.Moderate].
func (s *Store) PutComment(ctx context.Context, c portal.Comment, prev int64) error {
	op := table.Op{Rec: commentRecord(c), Cond: table.NotExists}
	if prev != 0 {
		op.Cond, op.N = table.VerEq, prev
	}
	return stale(s.Table.Write(ctx, op), "put comment")
}

// commentCursor is the cursor behind a comment, as page makes it.
func commentCursor(ideaID, last string) string {
	return portal.SealCursor(commentPrefix+ideaID, commentPrefix+last)
}

// Comments implements portal.Store.
func (s *Store) Comments(ctx context.Context, ideaID, cursor string, limit int) ([]portal.Comment, string, error) {
	recs, next, err := s.page(ctx, commentPrefix+ideaID, table.Query{PK: ideaPK(ideaID), From: commentPrefix, To: pageEnd}, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	cs, err := commentsOf(recs)
	return cs, next, err
}

// CommentsBy implements portal.Store.
func (s *Store) CommentsBy(ctx context.Context, memberID, cursor string, limit int) ([]portal.Comment, string, error) {
	recs, next, err := s.own(ctx, ownComments(memberID), cursor, limit)
	if err != nil {
		return nil, "", err
	}
	cs, err := commentsOf(recs)
	return cs, next, err
}
