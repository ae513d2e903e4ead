package store

import (
	"context"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// An origin says which idea something of another system became: its key there, so
// that it is known again whatever else is said of it, or its old address, so that
// links to it go on working. Neither stands in the row: it is found by a hash.
type originRow struct {
	Idea string `json:"i"`
}

const originPrefix = "Z#"

func sourceKey(source, key string) table.Key {
	return table.Key{PK: originPrefix + digest("source\x00"+source+"\x00"+key), SK: "0"}
}

func pathKey(path string) table.Key {
	return table.Key{PK: originPrefix + digest("path\x00"+path), SK: "0"}
}

func originRecord(k table.Key, ideaID string) table.Record {
	return record(k, KindOrigin, 1, originRow{Idea: ideaID})
}

// OriginOf is the idea that an origin names.
func OriginOf(r table.Record) (ideaID string, err error) {
	row, err := unmarshal[originRow](r)
	if err == nil && !portal.ValidTimedID(row.Idea) {
		err = fmt.Errorf("%q is no idea's id", row.Idea)
	}
	return row.Idea, err
}

// PathUnit says that an idea had an address elsewhere; see [portal.OldPath].
func PathUnit(path, ideaID string) Unit {
	return Unit{[]table.Record{originRecord(pathKey(path), ideaID)}}
}

// IdeaFrom is the idea that something of another system became. A NotFound error
// says that nothing with the key was imported.
func (s *Store) IdeaFrom(ctx context.Context, source, key string) (string, error) {
	r, err := s.Table.Get(ctx, sourceKey(source, key), true)
	if err != nil {
		return "", or(err, errNoIdea, "get origin")
	}
	return OriginOf(r)
}

// IdeaAt implements portal.Store.
func (s *Store) IdeaAt(ctx context.Context, paths []string) (string, error) {
	keys := make([]table.Key, len(paths))
	for i, p := range paths {
		keys[i] = pathKey(p)
	}
	found, err := s.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return "", fmt.Errorf("get origins: %w", err)
	}
	for _, k := range keys {
		if r, ok := found[k]; ok {
			return OriginOf(r)
		}
	}
	return "", errNoIdea
}
