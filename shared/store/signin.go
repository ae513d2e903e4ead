package store

import (
	"context"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type codeRow struct {
	Email   string `json:"e"`
	Hash    string `json:"h"`
	Locale  string `json:"l"`
	Sent    int64  `json:"s"`
	Expires int64  `json:"x"`
	Tries   int    `json:"n"`
}

type sessionRow struct {
	Created int64  `json:"ct"`
	Seen    int64  `json:"st"`
	Agent   string `json:"ua,omitempty"`
}

func codeRecord(c portal.SignInCode) table.Record {
	r := record(codeKey(c.ID), KindCode, c.Version, codeRow{Email: c.Email, Hash: c.Hash, Locale: c.Locale, Sent: ms(c.Sent),
		Expires: ms(c.Expires), Tries: c.Tries})
	r.TTL = c.Expires.Unix() + 1
	r.Idx[ixOwn-1] = table.IndexKey{P: codesFor(c.Email), S: c.ID}
	return r
}

// Code implements portal.Store.
func (s *Store) Code(ctx context.Context, id string) (portal.SignInCode, error) {
	r, err := s.Table.Get(ctx, codeKey(id), true)
	if err != nil {
		return portal.SignInCode{}, or(err, errNoCode, "get sign-in code")
	}
	row, err := unmarshal[codeRow](r)
	return portal.SignInCode{ID: id, Email: row.Email, Hash: row.Hash, Locale: row.Locale, Sent: at(row.Sent), Expires: at(row.Expires),
		Tries: row.Tries, Version: r.Ver}, err
}

// PutCode implements portal.Store.
func (s *Store) PutCode(ctx context.Context, c portal.SignInCode, prev int64) error {
	op := table.Op{Rec: codeRecord(c), Cond: table.NotExists}
	if prev != 0 {
		op.Cond, op.N = table.VerEq, prev
	}
	return stale(s.Table.Write(ctx, op), "put sign-in code")
}

func sessionRecord(s portal.Session) table.Record {
	r := record(sessionKey(s.MemberID, s.ID), KindSession, 1, sessionRow{Created: ms(s.CreatedAt), Seen: ms(s.SeenAt), Agent: s.Agent})
	r.TTL = s.Expires().Unix()
	return r
}

func sessionOf(r table.Record) (portal.Session, error) {
	row, err := unmarshal[sessionRow](r)
	return portal.Session{ID: strings.TrimPrefix(r.SK, sessionPrefix), MemberID: strings.TrimPrefix(r.PK, "U#"),
		CreatedAt: at(row.Created), SeenAt: at(row.Seen), Agent: row.Agent}, err
}

// CreateSession implements portal.Store.
func (s *Store) CreateSession(ctx context.Context, session portal.Session, c portal.SignInCode) error {
	return stale(s.Table.Write(ctx,
		table.Op{Rec: sessionRecord(session), Cond: table.NotExists},
		table.Op{Mut: table.Delete, Rec: table.Record{Key: codeKey(c.ID)}, Cond: table.VerEq, N: c.Version},
	), "create session")
}

// Session implements portal.Store: session and member are rows of one partition, so
// that a request costs one call, and the role is the current one. Only a session
// that is not there is asked for a second time, strongly: it may be a moment old.
func (s *Store) Session(ctx context.Context, memberID, id string) (portal.Session, portal.Member, error) {
	sk, mk := sessionKey(memberID, id), memberKey(memberID)
	var sr, mr table.Record
	var found bool
	for _, strong := range []bool{false, true} {
		recs, err := s.Table.BatchGet(ctx, []table.Key{sk, mk}, strong)
		if err != nil {
			return portal.Session{}, portal.Member{}, fmt.Errorf("get session: %w", err)
		}
		var there, alive bool
		sr, there = recs[sk]
		mr, alive = recs[mk]
		if found = there && alive; found {
			break
		}
	}
	if !found {
		return portal.Session{}, portal.Member{}, errNoSession
	}
	session, err := sessionOf(sr)
	if err != nil {
		return portal.Session{}, portal.Member{}, err
	}
	m, err := MemberOf(mr)
	return session, m, err
}

// Sessions implements portal.Store.
func (s *Store) Sessions(ctx context.Context, memberID string) ([]portal.Session, error) {
	page, err := s.Table.Query(ctx, table.Query{PK: memberKey(memberID).PK, Prefix: sessionPrefix, Limit: 100, Consistent: true})
	if err != nil {
		return nil, fmt.Errorf("query sessions: %w", err)
	}
	out := make([]portal.Session, 0, len(page.Recs))
	for _, r := range page.Recs {
		session, err := sessionOf(r)
		if err != nil {
			return nil, err
		}
		out = append(out, session)
	}
	return out, nil
}

// TouchSession implements portal.Store; it does not bring a revoked session back.
func (s *Store) TouchSession(ctx context.Context, session portal.Session) error {
	err := s.Table.Write(ctx, table.Op{Rec: sessionRecord(session), Cond: table.Exists})
	if _, gone := table.FailedCond(err); gone {
		return errNoSession
	}
	return or(err, errNoSession, "touch session")
}

// DeleteSession implements portal.Store.
func (s *Store) DeleteSession(ctx context.Context, memberID, id string) error {
	return or(s.Table.Write(ctx, table.Op{Mut: table.Delete, Rec: table.Record{Key: sessionKey(memberID, id)}}), nil, "delete session")
}
