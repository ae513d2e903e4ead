package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// A file that an admin imports by the console lies in the one table between requests,
// compressed, in pieces that a record can hold, for a day at most. A bucket would take
// larger files, but the limit is that of a request to a function; and it would be one
// more thing to deploy, to grant, to empty and to have a local twin of. What a file costs
// is a write unit a kilobyte, once. Pieces come before the row that leads to them.

// intakeSK makes the intake a neighbour of the admin's own row: it goes with the account.
const intakeSK = "I"

func intakeKey(member string) table.Key { return table.Key{PK: memberKey(member).PK, SK: intakeSK} }

const piecePrefix = "X#intake#"

func filePK(id string) string { return piecePrefix + id }

// pieceBytes keeps a piece, which is a third longer in JSON, below what a record can be.
const pieceBytes = 250 << 10

// piecesAtOnce are written without a pause; the next ones wait, so that a file that
// can't be compressed stays below what the table may write a second (MaxWrites).
const (
	piecesAtOnce = 4
	piecePause   = 200 * time.Millisecond
)

type pieceRow struct {
	Data []byte `json:"d"`
	Last bool   `json:"z,omitempty"`
}

func pieceOf(r table.Record) (pieceRow, error) { return unmarshal[pieceRow](r) }

type intakeRow struct {
	ID    string                        `json:"id"`
	State string                        `json:"s"`
	File  string                        `json:"f"`
	Size  int                           `json:"b"`
	Setup portal.IntakeSetup            `json:"how"`
	Part  int                           `json:"p,omitempty"`
	Row   int                           `json:"r,omitempty"`
	Total int                           `json:"n,omitempty"`
	Tally map[string]portal.IntakeTally `json:"t,omitempty"`
	Left  string                        `json:"l,omitempty"`
	At    int64                         `json:"at"`
}

func intakeRecord(in portal.Intake) table.Record {
	r := record(intakeKey(in.By), KindIntake, in.Version, intakeRow{ID: in.ID, State: string(in.State), File: in.File, Size: in.Size, Setup: in.Setup,
		Part: in.Part, Row: in.Row, Total: in.Total, Tally: in.Rows, Left: in.Left, At: ms(in.At)})
	r.TTL = intakeEnds(in)
	return r
}

func intakeEnds(in portal.Intake) int64 { return in.At.Add(portal.IntakeLife).Unix() }

func intakeOf(r table.Record) (portal.Intake, error) {
	row, err := unmarshal[intakeRow](r)
	return portal.Intake{ID: row.ID, By: strings.TrimPrefix(r.PK, "U#"), State: portal.IntakeState(row.State), File: row.File, Size: row.Size, Setup: row.Setup,
		Part: row.Part, Row: row.Row, Total: row.Total, Rows: row.Tally, Left: row.Left, At: at(row.At), Version: r.Ver}, err
}

// IsIntake reports whether the record is an import's that is under way, or of its file:
// neither is worth keeping. It is for those who scan.
func IsIntake(r table.Record) bool { return r.Kind == KindIntake || r.Kind == KindPiece }

// Intake implements portal.Store.
func (s *Store) Intake(ctx context.Context, memberID string) (portal.Intake, error) {
	return getOr(ctx, s, intakeKey(memberID), true, "intake", portal.Intake{By: memberID}, intakeOf)
}

// PutIntake implements portal.Store.
func (s *Store) PutIntake(ctx context.Context, in portal.Intake, prev int64, log ...portal.LogEntry) error {
	return stale(s.Table.Write(ctx, append(logOps(log), versioned(intakeRecord(in), prev))...), "put intake")
}

// DeleteIntake implements portal.Store.
func (s *Store) DeleteIntake(ctx context.Context, in portal.Intake, log ...portal.LogEntry) error {
	op := table.Op{Mut: table.Delete, Rec: table.Record{Key: intakeKey(in.By)}, Cond: table.VerEq, N: in.Version}
	if err := s.Table.Write(ctx, append(logOps(log), op)...); err != nil {
		return stale(err, "delete intake")
	}
	return s.dropFiles(ctx, in.ID, "")
}

// fileOf tells the file that comes from the one that is left.
func fileOf(in portal.Intake) string {
	if in.State == portal.IntakeDone {
		return "L#"
	}
	return "F#"
}

// PutIntakeFile implements portal.Store.
func (s *Store) PutIntakeFile(ctx context.Context, in portal.Intake, data []byte) error {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data) // a buffer takes all
	_ = z.Close()
	for n := 0; n == 0 || b.Len() > 0; n++ {
		if n >= piecesAtOnce {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(piecePause):
			}
		}
		data := b.Next(pieceBytes)
		r := record(table.Key{PK: filePK(in.ID), SK: fmt.Sprintf("%s%02d", fileOf(in), n)}, KindPiece, 1, pieceRow{Data: data, Last: b.Len() == 0})
		r.TTL = intakeEnds(in)
		if err := s.Table.Write(ctx, table.Op{Rec: r}); err != nil {
			return fmt.Errorf("put a file's piece: %w", err)
		}
	}
	return nil
}

var errNoFile = notFound("no_intake", "The file is gone: files are kept for a day.")

// IntakeFile implements portal.Store.
func (s *Store) IntakeFile(ctx context.Context, in portal.Intake) ([]byte, error) {
	var b bytes.Buffer
	whole := false
	err := s.each(ctx, table.Query{PK: filePK(in.ID), Prefix: fileOf(in), Consistent: true}, func(r table.Record) error {
		row, err := pieceOf(r)
		if !whole {
			b.Write(row.Data)
			whole = row.Last
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, errNoFile
	}
	z, err := gzip.NewReader(&b)
	if err != nil {
		return nil, fmt.Errorf("unpack an import's file: %w", err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack an import's file: %w", err)
	}
	return data, nil
}

// DropIntakeFile implements portal.Store.
func (s *Store) DropIntakeFile(ctx context.Context, in portal.Intake) error {
	return s.dropFiles(ctx, in.ID, fileOf(in))
}

func (s *Store) dropFiles(ctx context.Context, id, prefix string) error {
	if id == "" {
		return nil
	}
	var ops []table.Op
	err := s.each(ctx, table.Query{PK: filePK(id), Prefix: prefix, Consistent: true}, func(r table.Record) error {
		ops = append(ops, table.Op{Mut: table.Delete, Rec: table.Record{Key: r.Key}})
		return nil
	})
	if err != nil || len(ops) == 0 {
		return err
	}
	return errors.Join(s.Table.WriteEach(ctx, ops...)...)
}
