package store

import (
	"context"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type memberRow struct {
	Name     string `json:"n"`
	Email    string `json:"e,omitempty"`
	Locale   string `json:"l,omitempty"`
	Role     string `json:"r"`
	NoOwn    bool   `json:"mn,omitempty"` // mail about one's own ideas is there unless it is switched off
	Followed bool   `json:"mf,omitempty"`
	Launches bool   `json:"ml,omitempty"` // of ideas one follows: those alone
	Voted    bool   `json:"mv,omitempty"`
	Digest   bool   `json:"md,omitempty"`
	Created  int64  `json:"ct"`
	Source   string `json:"src,omitempty"`
	Deleted  int64  `json:"dt,omitempty"`
	Sweeps   int    `json:"sw,omitempty"`
	Erase    bool   `json:"er,omitempty"`

	Blocked    int64  `json:"bt,omitempty"`
	BlockedFor string `json:"bf,omitempty"`
	Trusted    bool   `json:"tr,omitempty"`
	Uncounted  bool   `json:"uc,omitempty"`
	Throwaway  bool   `json:"tw,omitempty"`
}

type addressRow struct {
	Member string `json:"m"`
}

func memberRecord(m portal.Member) table.Record {
	followed := m.Mail.Followed == portal.AllChanges || m.Mail.Followed == portal.LaunchesOnly
	r := record(memberKey(m.ID), KindMember, m.Version, memberRow{Name: m.Name, Email: m.Email, Locale: m.Locale, Role: string(m.Role),
		NoOwn: !m.Mail.Own, Followed: followed, Launches: m.Mail.Followed == portal.LaunchesOnly, Voted: m.Mail.Voted, Digest: m.Mail.Digest,
		Created: ms(m.CreatedAt), Source: m.Source, Deleted: ms(m.DeletedAt), Sweeps: m.Sweeps, Erase: m.Erase,
		Blocked: ms(m.BlockedAt), BlockedFor: m.BlockedFor, Trusted: m.Trusted, Uncounted: m.Uncounted, Throwaway: m.Throwaway})
	r.Idx[ixSubscribers-1] = subscriberIndex(m)
	r.Idx[ixTop-1] = rosterIndex(m)
	r.Idx[ixOwn-1] = everybodyIndex(m)
	return r
}

// MemberOf reads a member from its record.
func MemberOf(r table.Record) (portal.Member, error) {
	row, err := unmarshal[memberRow](r)
	return portal.Member{ID: strings.TrimPrefix(r.PK, "U#"), Name: row.Name, Email: row.Email, Locale: row.Locale,
		Role: portal.Role(row.Role), Mail: row.mail(), CreatedAt: at(row.Created),
		Source: row.Source, DeletedAt: at(row.Deleted), Sweeps: row.Sweeps, Erase: row.Erase,
		BlockedAt: at(row.Blocked), BlockedFor: row.BlockedFor, Trusted: row.Trusted, Uncounted: row.Uncounted, Throwaway: row.Throwaway, Version: r.Ver}, err
}

func (r memberRow) mail() portal.MailPrefs {
	m := portal.MailPrefs{Own: !r.NoOwn, Followed: portal.Nothing, Voted: r.Voted, Digest: r.Digest}
	switch {
	case r.Followed && r.Launches:
		m.Followed = portal.LaunchesOnly
	case r.Followed:
		m.Followed = portal.AllChanges
	}
	return m
}

// Member implements portal.Store.
func (s *Store) Member(ctx context.Context, id string) (portal.Member, error) {
	r, err := s.Table.Get(ctx, memberKey(id), true)
	if err != nil {
		return portal.Member{}, or(err, errNoMember, "get member")
	}
	return MemberOf(r)
}

// MemberByEmail implements portal.Store.
func (s *Store) MemberByEmail(ctx context.Context, email string) (portal.Member, error) {
	r, err := s.Table.Get(ctx, addressKey(email), true)
	if err != nil {
		return portal.Member{}, or(err, errNoMember, "get address")
	}
	row, err := unmarshal[addressRow](r)
	if err != nil {
		return portal.Member{}, err
	}
	m, err := s.Member(ctx, row.Member)
	if err != nil || !m.Deleted() {
		return m, err
	}
	// Deleted this very moment, or brought back by a backup: the address is free.
	err = s.Table.Write(ctx, table.Op{Mut: table.Delete, Rec: table.Record{Key: r.Key}, Cond: table.VerEq, N: r.Ver})
	if _, gone := table.FailedCond(err); err != nil && !gone {
		return portal.Member{}, fmt.Errorf("delete address: %w", err)
	}
	return portal.Member{}, errNoMember
}

// CreateMember implements portal.Store.
func (s *Store) CreateMember(ctx context.Context, m portal.Member) (bool, error) {
	ops := []table.Op{{Rec: memberRecord(m), Cond: table.NotExists}}
	if m.Email != "" {
		ops = append(ops, table.Op{Rec: record(addressKey(m.Email), KindAddress, 1, addressRow{Member: m.ID}), Cond: table.NotExists})
	}
	err := s.Table.Write(ctx, ops...)
	if _, taken := table.FailedCond(err); taken {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create member: %w", err)
	}
	return true, nil
}

// UpdateMember implements portal.Store.
func (s *Store) UpdateMember(ctx context.Context, m portal.Member, prev int64) error {
	return stale(s.Table.Write(ctx, table.Op{Rec: memberRecord(m), Cond: table.VerEq, N: prev}), "update member")
}
