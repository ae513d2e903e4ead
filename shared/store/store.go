package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// Store is portal.Store on a table.
type Store struct {
	Table table.Table
	Clock func() time.Time
}

var _ portal.Store = (*Store)(nil)

// record makes a record with a body; what can't be marshalled is a bug.
func record(k table.Key, kind string, ver int64, body any) table.Record {
	b, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("store: marshal %s: %v", kind, err))
	}
	return table.Record{Key: k, Kind: kind, Ver: ver, Body: b}
}

func unmarshal[T any](r table.Record) (T, error) {
	var v T
	if err := json.Unmarshal(r.Body, &v); err != nil {
		return v, fmt.Errorf("read %s row: %w", r.Kind, err)
	}
	return v, nil
}

// Times in rows are Unix milliseconds; 0 is the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func notFound(code, msg string) error {
	return &portal.Error{Kind: portal.NotFound, Code: code, Msg: msg}
}

var (
	errNoIdea    = notFound("no_idea", "There is no such idea.")
	errNoComment = notFound("no_comment", "There is no such comment.")
	errNoMember  = notFound("no_member", "There is no such member.")
	errNoCode    = notFound("no_code", "There is no such code.")
	errNoSession = notFound("no_session", "There is no such session.")
	errStale     = &portal.Error{Kind: portal.Stale, Code: "stale", Msg: "Somebody changed this in the meantime. Look at it again, then decide."}
)

// or turns table.ErrNotFound into missing and wraps the rest with what was done.
func or(err, missing error, doing string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, table.ErrNotFound):
		return missing
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// getOr reads a record that need not be there; none stands for one that is not.
func getOr[T any](ctx context.Context, s *Store, k table.Key, consistent bool, what string, none T, of func(table.Record) (T, error)) (T, error) {
	r, err := s.Table.Get(ctx, k, consistent)
	if errors.Is(err, table.ErrNotFound) {
		return none, nil
	}
	if err != nil {
		var nothing T
		return nothing, fmt.Errorf("get %s: %w", what, err)
	}
	return of(r)
}

// stale turns a failed condition into a Stale error.
func stale(err error, doing string) error {
	if _, ok := table.FailedCond(err); ok {
		return errStale
	}
	return or(err, errStale, doing)
}
