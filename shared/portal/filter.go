package portal

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Filter is a list of the console that somebody gave a name: the query of its
// address. Each is one Query of the table, as the list itself is.
type Filter struct {
	ID, Name string
	Query    string // canonical: "owner=me&status=new"; "" is the whole list
	By       string // id of the member who saved it
	At       time.Time
}

// FilterSet are somebody's filters, or with an empty Owner those of the whole team:
// one record.
type FilterSet struct {
	Owner   string
	All     []Filter // by name
	Version int64    // 0 = there have never been any
}

// Filters are what a member of the team sees.
type Filters struct{ Own, Shared FilterSet }

// Limits of filters.
const (
	MostFilters    = 30 // of one member, and of the team
	MaxFilterName  = 60 // characters
	maxFilterQuery = 500
)

// filterNames are what the query of a filter can have, the cursor not among them.
var filterNames = []string{"category", "owner", "sort", "status", "tag"}

// FilterQuery is a query with what belongs into a filter alone, in one order.
func FilterQuery(query string) string {
	v, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
	if err != nil {
		return ""
	}
	kept := url.Values{}
	for _, n := range filterNames {
		if s := v.Get(n); s != "" {
			kept.Set(n, s)
		}
	}
	return kept.Encode()
}

// SaveFilter gives a list of the console a name, for the actor or for the team. The
// same name again replaces what it stood for. Team only.
func (p *Portal) SaveFilter(ctx context.Context, a Actor, name, query string, shared bool) (Filter, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Filter{}, err
	}
	id, err := p.IDs.At(p.now())
	if err != nil {
		return Filter{}, fmt.Errorf("make filter id: %w", err)
	}
	kept := Filter{ID: id, Name: line(name), Query: FilterQuery(query), By: a.ID, At: p.now()}
	var f fields
	f.text("name", kept.Name, 1, MaxFilterName)
	f.text("query", kept.Query, 0, maxFilterQuery)
	if err := f.err(); err != nil {
		return Filter{}, err
	}
	l := LogEntry{What: LogList, By: a.ID, To: kept.Name}
	return kept, p.changeFilters(ctx, a, shared, l, func(s *FilterSet) error {
		if i := slices.IndexFunc(s.All, func(f Filter) bool { return strings.EqualFold(f.Name, kept.Name) }); i >= 0 {
			kept.ID = s.All[i].ID
			s.All[i] = kept
		} else if len(s.All) >= MostFilters {
			return InvalidField("name", "too_many_filters", MostFilters, fmt.Sprintf("There are %d saved lists already. Delete one first.", MostFilters))
		} else {
			s.All = append(s.All, kept)
		}
		slices.SortFunc(s.All, func(a, b Filter) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
		return nil
	})
}

// DeleteFilter forgets a saved list, the actor's or the team's; one that is not there
// is forgotten already. Team only.
func (p *Portal) DeleteFilter(ctx context.Context, a Actor, id string) error {
	if err := p.teamWrites(ctx, a); err != nil {
		return err
	}
	fs, err := p.Store.Filters(ctx, a.ID)
	if err != nil {
		return err
	}
	is := func(f Filter) bool { return f.ID == id }
	shared := slices.ContainsFunc(fs.Shared.All, is)
	if !shared && !slices.ContainsFunc(fs.Own.All, is) {
		return nil
	}
	l := LogEntry{What: LogListDelete, By: a.ID}
	if i := slices.IndexFunc(fs.Shared.All, is); i >= 0 {
		l.From = fs.Shared.All[i].Name
	}
	return p.changeFilters(ctx, a, shared, l, func(s *FilterSet) error {
		s.All = slices.DeleteFunc(s.All, is)
		return nil
	})
}

// Filters are the saved lists that the actor sees. Team only.
func (p *Portal) Filters(ctx context.Context, a Actor) (Filters, error) {
	if err := a.needTeam(); err != nil {
		return Filters{}, err
	}
	return p.Store.Filters(ctx, a.ID)
}

// changeFilters changes the actor's lists or the team's; what all of the team see has a
// line in the log.
func (p *Portal) changeFilters(ctx context.Context, a Actor, shared bool, l LogEntry, change func(*FilterSet) error) (err error) {
	for range tagTries {
		var fs Filters
		if fs, err = p.Store.Filters(ctx, a.ID); err != nil {
			return err
		}
		s := fs.Own
		if shared {
			s = fs.Shared
		}
		if err := change(&s); err != nil {
			return err
		}
		var log []LogEntry
		if shared {
			if l, err = p.logged(p.now(), l); err != nil {
				return err
			}
			log = append(log, l)
		}
		if err = p.Store.PutFilters(ctx, s, log...); KindOf(err) != Stale {
			return err
		}
	}
	return err
}
