package store

import (
	"context"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type earlierRow struct {
	Title string `json:"t,omitempty"`
	Body  string `json:"b,omitempty"`
	At    int64  `json:"at"`
}

// earlierRecord has no version of its own: it is written with its case alone. Of a text
// that is gone an empty row is left, which nobody finds and which the table forgets.
func (s *Store) earlierRecord(e portal.Earlier) table.Record {
	if e.Gone {
		r := record(earlierKey(e.Thing), KindEarlier, 1, earlierRow{})
		r.TTL = s.Clock().Unix()
		return r
	}
	return record(earlierKey(e.Thing), KindEarlier, 1, earlierRow{Title: e.Title, Body: e.Text, At: ms(e.At)})
}

func earlierOf(r table.Record) (portal.Earlier, error) {
	row, err := unmarshal[earlierRow](r)
	return portal.Earlier{Thing: thingOf(r.PK), Title: row.Title, Text: row.Body, At: at(row.At)}, err
}

var errNoEarlier = &portal.Error{Kind: portal.NotFound, Code: "no_earlier", Msg: "There is no text from before."}

// Earlier implements portal.Store.
func (s *Store) Earlier(ctx context.Context, t portal.Thing) (portal.Earlier, error) {
	r, err := s.Table.Get(ctx, earlierKey(t), true)
	if err != nil {
		return portal.Earlier{}, or(err, errNoEarlier, "get earlier text")
	}
	return earlierOf(r)
}

// Body implements portal.Store.
func (s *Store) Body(ctx context.Context, id string) (string, error) {
	r, err := s.Table.Get(ctx, bodyKey(id), true)
	if err != nil {
		return "", or(err, errNoIdea, "get text")
	}
	_, body, err := BodyOf(r)
	if err != nil {
		return "", fmt.Errorf("read text: %w", err)
	}
	return body, nil
}
