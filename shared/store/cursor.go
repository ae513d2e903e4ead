package store

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

var errBadCursor = &portal.Error{Kind: portal.BadRequest, Code: "bad_cursor",
	Msg:    "The cursor is not one of this list. Start again from the first page.",
	Fields: []portal.FieldError{{Name: "cursor", Code: "bad_cursor", Msg: "Not a cursor of this list."}}}

const sumBytes = 8

// sealCursor makes a table cursor opaque and binds it to its list: a cursor that
// was cut, changed or taken from another list is refused. It is a checksum, not a
// secret; a cursor that somebody makes with this code can only point into the same
// public list.
func sealCursor(list, cursor string) string {
	if cursor == "" {
		return ""
	}
	sum := cursorSum(list, cursor)
	return base64.RawURLEncoding.EncodeToString(append(sum[:sumBytes:sumBytes], cursor...))
}

func openCursor(list, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(b) <= sumBytes {
		return "", errBadCursor
	}
	cursor := string(b[sumBytes:])
	sum := cursorSum(list, cursor)
	if subtle.ConstantTimeCompare(sum[:sumBytes], b[:sumBytes]) != 1 {
		return "", errBadCursor
	}
	return cursor, nil
}

func cursorSum(list, cursor string) [sha256.Size]byte {
	return sha256.Sum256([]byte(list + "\x00" + cursor))
}

// page reads a page of a partition in the order that q says. The cursor is the last
// record's place in that order, which no other record shares: the next page is what
// lies behind it. One record more than the page is read, so that a page knows
// whether it is the last.
func (s *Store) page(ctx context.Context, list string, q table.Query, cursor string, limit int) ([]table.Record, string, error) {
	last, err := openCursor(list, cursor)
	if err != nil {
		return nil, "", err
	}
	switch {
	case last == "":
	case q.Desc:
		q.To = last
	default:
		q.From = last + "\x01"
	}
	var recs []table.Record
	for len(recs) <= limit {
		q.Limit = min(limit+1-len(recs), table.MaxLimit)
		page, err := s.Table.Query(ctx, q)
		if err != nil {
			return nil, "", fmt.Errorf("query %s: %w", list, err)
		}
		if recs == nil {
			recs = page.Recs // the usual case: this is all of it
		} else {
			recs = append(recs, page.Recs...)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if len(recs) <= limit {
		return recs, "", nil
	}
	recs = recs[:limit]
	place := recs[limit-1].SK
	if q.Index > 0 {
		place = recs[limit-1].Idx[q.Index-1].S
	}
	return recs, sealCursor(list, place), nil
}
