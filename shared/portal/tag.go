package portal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Tag is one of the team's own labels. Dossiers know it by its id, so that a new
// name is one write.
type Tag struct {
	ID, Name string
	Colour   int    // 1 to TagColours: red, orange, green, teal, blue, purple
	Into     string // of a tag that is gone: the one that took its place; "" = none did
	Gone     time.Time
	Sweeps   int // of a tag that is gone: how often what had it has been looked for
}

// Limits of tags.
const (
	TagColours = 6
	MaxTagName = 30  // characters
	MostTags   = 100 // that the team can have
)

// tagMemory is how long a tag that is gone is remembered: far longer than any change
// of a dossier can be on its way.
const tagMemory = 7 * 24 * time.Hour

// Tags are all of them: one record, so that a name is there once, whoever makes it.
type Tags struct {
	All     []Tag // and those that are gone, for a while
	Version int64 // 0 = there have never been any
}

// Live are the tags that there are, by name.
func (ts Tags) Live() []Tag {
	out := slices.DeleteFunc(slices.Clone(ts.All), func(t Tag) bool { return !t.Gone.IsZero() })
	slices.SortFunc(out, func(a, b Tag) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Find is the tag with the id, or the one that took its place.
func (ts Tags) Find(id string) (Tag, bool) {
	for range len(ts.All) + 1 { // a chain of merges ends
		i := slices.IndexFunc(ts.All, func(t Tag) bool { return t.ID == id })
		if i < 0 {
			return Tag{}, false
		}
		if ts.All[i].Gone.IsZero() {
			return ts.All[i], true
		}
		id = ts.All[i].Into
	}
	return Tag{}, false
}

func (ts Tags) byName(name string) (Tag, bool) {
	i := slices.IndexFunc(ts.All, func(t Tag) bool { return t.Name == name && t.Gone.IsZero() })
	if i < 0 {
		return Tag{}, false
	}
	return ts.All[i], true
}

// newest is the id of the tag that came last.
func (ts Tags) newest() string {
	if len(ts.All) == 0 {
		return ""
	}
	return ts.All[len(ts.All)-1].ID
}

// tagName normalises a name: one line in lower case.
func tagName(s string) string { return strings.ToLower(line(s)) }

func (f *fields) tagName(field, name string) {
	f.text(field, name, 1, MaxTagName)
	if strings.ContainsAny(name, ",;#\"") || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		f.add(field, "tag_characters", 0, "Must not have commas, semicolons, quotation marks or number signs.")
	}
}

// minter makes the ids of tags at a moment.
type minter struct {
	ids IDs
	now time.Time
	err error
}

func (m *minter) id() string {
	id, err := m.ids.At(m.now)
	if err != nil {
		m.err = fmt.Errorf("make tag id: %w", err)
	}
	return id
}

// named are the ids of the tags with the names. Those that there are not yet are added.
func (ts *Tags) named(names []string, m *minter, f *fields) []string {
	var ids []string
	for _, n := range names {
		if n = tagName(n); n == "" {
			continue
		}
		t, ok := ts.byName(n)
		if !ok {
			if f.tagName("tags", n); len(*f) > 0 {
				return nil
			}
			if t, ok = ts.add(n, 0, m, f); !ok {
				return nil
			}
		}
		if !slices.Contains(ids, t.ID) {
			ids = append(ids, t.ID)
		}
	}
	if len(ids) > MaxTags {
		f.add("tags", "too_many_tags", MaxTags, "An idea can have at most %d tags.", MaxTags)
	}
	slices.Sort(ids)
	return ids
}

// add makes a tag; colour 0 takes the one that the fewest have.
func (ts *Tags) add(name string, colour int, m *minter, f *fields) (Tag, bool) {
	ts.prune(m.now)
	live := ts.Live()
	if len(live) >= MostTags {
		f.add("tags", "no_more_tags", MostTags, "There are %d tags already. Merge or delete some first.", MostTags)
		return Tag{}, false
	}
	if colour == 0 {
		var used [TagColours]int
		for _, t := range live {
			used[t.Colour-1]++
		}
		colour = 1 + slices.Index(used[:], slices.Min(used[:]))
	}
	t := Tag{ID: m.id(), Name: name, Colour: colour}
	ts.All = append(ts.All, t)
	return t, true
}

// prune forgets what has been gone for long.
func (ts *Tags) prune(now time.Time) {
	ts.All = slices.DeleteFunc(ts.All, func(t Tag) bool { return !t.Gone.IsZero() && now.Sub(t.Gone) > tagMemory })
}

// Tags are the team's tags. Team only.
func (p *Portal) Tags(ctx context.Context, a Actor) (Tags, error) {
	if err := a.needTeam(); err != nil {
		return Tags{}, err
	}
	return p.Store.Tags(ctx)
}

// AddTag makes a tag with a name that no other has; colour 0 chooses one. Team only.
func (p *Portal) AddTag(ctx context.Context, a Actor, name string, colour int) (t Tag, err error) {
	m := &minter{ids: p.IDs, now: p.now()}
	err = p.changeTags(ctx, a, func(ts *Tags, f *fields, e *LogEntry) {
		name = tagName(name)
		e.What, e.To = LogTagNew, name
		ts.checkName(f, name, "")
		if colour != 0 {
			checkColour(f, colour)
		}
		if len(*f) == 0 {
			t, _ = ts.add(name, colour, m, f)
		}
	})
	if err == nil {
		err = m.err
	}
	return t, err
}

// TagEdit changes parts of a tag; nil leaves a part as it is.
type TagEdit struct {
	Name   *string
	Colour *int
}

// EditTag gives a tag another name or colour: all ideas that have it show it at once.
// Team only.
func (p *Portal) EditTag(ctx context.Context, a Actor, id string, e TagEdit) (t Tag, err error) {
	err = p.changeTags(ctx, a, func(ts *Tags, f *fields, l *LogEntry) {
		i := ts.index(id, "tag", f)
		if i < 0 {
			return
		}
		if was := ts.All[i].Name; e.Name != nil {
			ts.All[i].Name = tagName(*e.Name)
			if ts.checkName(f, ts.All[i].Name, id); was != ts.All[i].Name {
				l.What, l.From, l.To = LogTagRename, was, ts.All[i].Name
			}
		}
		if e.Colour != nil {
			ts.All[i].Colour = *e.Colour
			checkColour(f, *e.Colour)
		}
		t = ts.All[i]
	})
	return t, err
}

// MergeTag puts one tag in the place of another, which is gone from then on; into ""
// deletes it. It can't be taken back: nobody knows afterwards which ideas had which.
// Ideas follow within seconds. Team only.
func (p *Portal) MergeTag(ctx context.Context, a Actor, id, into string) error {
	return p.changeTags(ctx, a, func(ts *Tags, f *fields, e *LogEntry) {
		i := ts.index(id, "tag", f)
		if i < 0 {
			return
		}
		e.What, e.From = LogTagDelete, ts.All[i].Name
		if into != "" {
			k := ts.index(into, "into", f)
			if into == id || k < 0 {
				f.add("into", "same_tag", 0, "Choose another tag.")
				return
			}
			e.What, e.To = LogTagMerge, ts.All[k].Name
		}
		ts.All[i].Into, ts.All[i].Gone = into, p.now()
	})
}

// tagTries bounds how often a change of the tags starts again because somebody else
// was faster: what it does holds for the newer ones, too.
const tagTries = 5

// changeTags puts what change makes of the tags in their place, with the line of the log
// that it fills in; none without What.
func (p *Portal) changeTags(ctx context.Context, a Actor, change func(*Tags, *fields, *LogEntry)) (err error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return err
	}
	for range tagTries {
		var ts Tags
		if ts, err = p.Store.Tags(ctx); err != nil {
			return err
		}
		var f fields
		e := LogEntry{By: a.ID}
		if change(&ts, &f, &e); len(f) > 0 {
			return f.err()
		}
		ts.prune(p.now())
		var log []LogEntry
		if e.What != "" {
			if e, err = p.logged(p.now(), e); err != nil {
				return err
			}
			log = append(log, e)
		}
		if err = p.Store.PutTags(ctx, ts, log...); KindOf(err) != Stale {
			return err
		}
	}
	return err
}

func (ts Tags) index(id, field string, f *fields) int {
	i := slices.IndexFunc(ts.All, func(t Tag) bool { return t.ID == id && t.Gone.IsZero() })
	if i < 0 {
		f.add(field, "no_tag", 0, "There is no such tag.")
	}
	return i
}

// checkName looks whether the tag with the id may have the name.
func (ts Tags) checkName(f *fields, name, id string) {
	f.tagName("name", name)
	if slices.ContainsFunc(ts.All, func(t Tag) bool { return t.Name == name && t.ID != id && t.Gone.IsZero() }) {
		f.add("name", "tag_taken", 0, "There is such a tag already.")
	}
}

func checkColour(f *fields, c int) {
	if c < 1 || c > TagColours {
		f.add("colour", "out_of_range", TagColours, "Must be a number from 1 to %d.", TagColours)
	}
}
