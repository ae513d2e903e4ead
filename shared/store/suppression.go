package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// What is known of an address is a row under the address's hash. It names neither
// the address nor a member: who has the address can find the row, and nobody else
// can tell whose it is.
type suppressionRow struct {
	Complaint int64     `json:"c,omitempty"`
	Bounce    int64     `json:"b,omitempty"`
	Soft      []softRow `json:"s,omitempty"`
	Arrived   int64     `json:"a,omitempty"`
	Lifted    int64     `json:"l,omitempty"`
	Tried     int64     `json:"t,omitempty"`
	TriedID   string    `json:"ti,omitempty"`
}

type softRow struct {
	Mail string `json:"m"`
	At   int64  `json:"at"`
}

func suppressionKey(email string) table.Key {
	return table.Key{PK: suppressionPrefix + digest(email), SK: "0"}
}

// barredList is the index partition of the addresses that get no mail at present.
const (
	suppressionPrefix = "B#"
	barredList        = "B#barred"
)

func suppressionOf(r table.Record) (portal.Suppression, error) {
	row, err := unmarshal[suppressionRow](r)
	s := portal.Suppression{Complaint: at(row.Complaint), Bounce: at(row.Bounce), Arrived: at(row.Arrived), Lifted: at(row.Lifted),
		Tried: at(row.Tried), TriedID: row.TriedID, Version: r.Ver}
	for _, b := range row.Soft {
		s.Soft = append(s.Soft, portal.SoftBounce{Mail: b.Mail, At: at(b.At)})
	}
	return s, err
}

// Suppression implements portal.Suppressions.
func (s *Store) Suppression(ctx context.Context, email string) (portal.Suppression, error) {
	return getOr(ctx, s, suppressionKey(email), true, "suppression", portal.Suppression{}, suppressionOf)
}

// PutSuppression implements portal.Suppressions. A complaint that stays for good is
// written together with a check that the address still is a member's, so that it
// can't come after the deletion of the account that would have taken it along.
func (s *Store) PutSuppression(ctx context.Context, email string, sup portal.Suppression, prev int64) error {
	row := suppressionRow{Complaint: ms(sup.Complaint), Bounce: ms(sup.Bounce), Arrived: ms(sup.Arrived), Lifted: ms(sup.Lifted),
		Tried: ms(sup.Tried), TriedID: sup.TriedID}
	for _, b := range sup.Soft {
		row.Soft = append(row.Soft, softRow{Mail: b.Mail, At: ms(b.At)})
	}
	r := record(suppressionKey(email), KindSuppression, prev+1, row)
	r.TTL = sup.LastFact().Add(portal.BounceMemory).Unix()
	why, since := sup.Barred()
	if why != "" {
		r.Idx[ixOwn-1] = table.IndexKey{P: barredList, S: fmt.Sprintf("%013d#%s", ms(since), strings.TrimPrefix(r.PK, suppressionPrefix))}
	}
	op := table.Op{Rec: r, Cond: table.VerEq, N: prev}
	if prev == 0 {
		op.Cond = table.NotExists
	}
	if why != portal.BarredComplaint {
		return stale(s.Table.Write(ctx, op), "put suppression")
	}
	stays := op
	stays.Rec.TTL = 0
	err := s.Table.Write(ctx, stays, table.Op{Mut: table.Check, Rec: table.Record{Key: addressKey(email)}, Cond: table.Exists})
	if n, failed := table.FailedCond(err); failed && n == 1 { // nobody's address, or nobody's any more
		err = s.Table.Write(ctx, op)
	}
	return stale(err, "put suppression")
}

// Barred is an address that gets no mail. ID is the address's hash.
type Barred struct {
	ID    string
	Why   string
	Since time.Time
}

// Suppressed is a page of the addresses that get no mail, newest first. It is the
// operator's.
func (s *Store) Suppressed(ctx context.Context, cursor string, limit int) (bs []Barred, next string, err error) {
	recs, next, err := s.page(ctx, barredList, table.Query{Index: ixOwn, PK: barredList, Desc: true}, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, r := range recs {
		sup, err := suppressionOf(r)
		if err != nil {
			return nil, "", err
		}
		b := Barred{ID: strings.TrimPrefix(r.PK, suppressionPrefix)}
		if b.Why, b.Since = sup.Barred(); b.Why != "" {
			bs = append(bs, b)
		}
	}
	return bs, next, nil
}

// AddressID is the ID that an address has among the suppressed.
func AddressID(email string) string { return digest(email) }
