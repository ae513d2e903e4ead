package store

import (
	"context"
	"fmt"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// mailKeysPK is the partition of the keys that sign links in mails. They and those
// that networks are hashed with are the secrets of the table: exports leave them
// out, and imports take none.
const mailKeysPK = "W#mail"

type mailKeyRow struct {
	ID     int64  `json:"id"`
	Secret []byte `json:"s"`
	Made   int64  `json:"at"`
}

func mailKeyRecord(k portal.MailKey) table.Record {
	r := record(table.Key{PK: mailKeysPK, SK: fmt.Sprintf("%06d", k.ID)}, KindMailKey, k.Version, mailKeyRow{ID: k.ID, Secret: k.Secret, Made: ms(k.MadeAt)})
	if !k.Until.IsZero() {
		r.TTL = k.Until.Unix()
	}
	return r
}

func mailKeyOf(r table.Record) (portal.MailKey, error) {
	row, err := unmarshal[mailKeyRow](r)
	k := portal.MailKey{ID: row.ID, Secret: row.Secret, MadeAt: at(row.Made), Version: r.Ver}
	if r.TTL != 0 {
		k.Until = time.Unix(r.TTL, 0).UTC()
	}
	return k, err
}

// IsSecret reports whether the record is one that must not leave the table.
func IsSecret(r table.Record) bool { return r.Kind == KindMailKey || r.Kind == KindNetworkKey }

// MailKeys implements portal.MailKeyStore.
func (s *Store) MailKeys(ctx context.Context) (keys []portal.MailKey, err error) {
	err = s.each(ctx, table.Query{PK: mailKeysPK, Consistent: true}, func(r table.Record) error {
		k, err := mailKeyOf(r)
		keys = append(keys, k)
		return err
	})
	return keys, err
}

// PutMailKey implements portal.MailKeyStore.
func (s *Store) PutMailKey(ctx context.Context, k portal.MailKey, prev int64) error {
	op := table.Op{Rec: mailKeyRecord(k), Cond: table.VerEq, N: prev}
	if prev == 0 {
		op.Cond = table.NotExists
	}
	return stale(s.Table.Write(ctx, op), "put mail key")
}
