package web

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"sync"
	"time"

	"groundswell/frontend"
	"groundswell/shared/portal"
)

// fingerprint gathers what a page shows of the records it was made from.
type fingerprint struct{ b []byte }

var fingerprints = sync.Pool{New: func() any { return &fingerprint{b: make([]byte, 0, 16<<10)} }}

func newFingerprint() *fingerprint { return fingerprints.Get().(*fingerprint) }

func (f *fingerprint) free() {
	if cap(f.b) <= maxPooled {
		f.b = f.b[:0]
		fingerprints.Put(f)
	}
}

// key is the fingerprint's digest together with all else that a page depends on:
// its address, its language, and this build's templates. It goes into the ETag,
// so it must not depend on the process.
func (f *fingerprint) key(page string, b base) string {
	f.texts(page, b.Site, b.Brand.hash, b.Lang, b.Here, b.Canonical, frontend.Build())
	sum := sha256.Sum256(f.b)
	return string(sum[:])
}

func (f *fingerprint) texts(ss ...string) {
	for _, s := range ss {
		f.b = binary.AppendUvarint(f.b, uint64(len(s)))
		f.b = append(f.b, s...)
	}
}

func (f *fingerprint) number(n int) { f.b = binary.AppendVarint(f.b, int64(n)) }

func (f *fingerprint) time(t time.Time) { f.b = binary.AppendVarint(f.b, t.UnixMilli()) }

func (f *fingerprint) author(a portal.Author) {
	f.texts(a.ID, a.Name)
	f.flags(a.Team)
}

func (f *fingerprint) flags(flags ...bool) {
	for _, b := range flags {
		if b {
			f.b = append(f.b, 1)
		} else {
			f.b = append(f.b, 0)
		}
	}
}

func (f *fingerprint) card(c portal.Card) {
	f.texts(c.ID, c.Title, c.Excerpt, c.Category, string(c.Status), c.MergedInto)
	f.author(c.Author)
	f.number(c.Votes)
	f.number(c.Comments)
	f.time(c.CreatedAt)
	f.time(c.LaunchedAt)
}

func (f *fingerprint) cards(p portal.CardPage) {
	f.number(len(p.Cards))
	for _, c := range p.Cards {
		f.card(c)
	}
	f.texts(p.Next)
}

// census takes the ideas by category and status, in one order.
func (f *fingerprint) census(c portal.Census) {
	for _, category := range slices.Sorted(maps.Keys(c.Ideas)) {
		f.texts(category)
		for _, n := range c.Ideas[category] {
			f.number(n)
		}
	}
	f.number(-1)
}

func (f *fingerprint) history(hs []portal.HistoryEntry) {
	f.number(len(hs))
	for _, h := range hs {
		f.time(h.At)
		f.texts(string(h.From), string(h.To), h.Note, h.Link, h.Merged, h.Unmerged, h.Entered.By)
		f.author(h.By)
	}
}

func (f *fingerprint) comments(cs []portal.Comment) {
	f.number(len(cs))
	for _, c := range cs {
		f.texts(c.ID, c.Parent, c.Body)
		f.author(c.Author)
		f.time(c.CreatedAt)
		f.time(c.EditedAt)
		f.flags(c.Deleted)
		f.texts(string(c.Mod.State))
	}
}
