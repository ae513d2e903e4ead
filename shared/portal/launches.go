package portal

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Launches are the launched ideas by category and by the year (UTC) of their last
// launch.
type Launches map[string]map[int]LaunchedIdeas

// LaunchedIdeas is what a number of launched ideas come to.
type LaunchedIdeas struct {
	Ideas int
	Votes int    // for them and their duplicates, a member's once; below nought counts as nought
	Days  Spread // from the idea to its last launch
}

// Add counts one idea more, if it is launched.
func (l *Launches) Add(i Idea, votes int) {
	if i.Status != Launched {
		return
	}
	one := LaunchedIdeas{Ideas: 1, Votes: max(0, votes)}
	one.Days.Add(DaysBetween(i.CreatedAt, i.LaunchedAt), 1)
	l.Join(Launches{i.Category: {i.LaunchedAt.UTC().Year(): one}})
}

// DaysBetween is how many whole days lie between an idea and its launch.
func DaysBetween(created, launched time.Time) int {
	return max(0, int(launched.Sub(created)/(24*time.Hour)))
}

// Join counts all ideas of others, too.
func (l *Launches) Join(o Launches) {
	for category, years := range o {
		if *l == nil {
			*l = Launches{}
		}
		if (*l)[category] == nil {
			(*l)[category] = map[int]LaunchedIdeas{}
		}
		for year, more := range years {
			sum := (*l)[category][year]
			sum.join(more)
			(*l)[category][year] = sum
		}
	}
}

func (l *LaunchedIdeas) join(o LaunchedIdeas) {
	l.Ideas += o.Ideas
	l.Votes += o.Votes
	l.Days = maps.Clone(l.Days)
	l.Days.Join(o.Days)
}

// Count is what those in the category and the year come to; "" and 0 are any.
func (l Launches) Count(category string, year int) (sum LaunchedIdeas) {
	for name, years := range l {
		if category != "" && name != category {
			continue
		}
		for y, some := range years {
			if year == 0 || y == year {
				sum.join(some)
			}
		}
	}
	return sum
}

// Years are those in which something of the category was launched, the last one
// first; "" is any category.
func (l Launches) Years(category string) []int {
	found := map[int]bool{}
	for name, years := range l {
		if category == "" || name == category {
			for y := range years {
				found[y] = true
			}
		}
	}
	out := slices.Sorted(maps.Keys(found))
	slices.Reverse(out)
	return out
}

// Launches counts what became real: one Get of what was counted some minutes ago.
// Everybody may know.
func (p *Portal) Launches(ctx context.Context) (Launches, error) {
	a, err := p.Store.Activity(ctx)
	return a.Real, err
}
