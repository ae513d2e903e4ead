package portal

import (
	"maps"
	"slices"
	"time"
)

// ChartWeeks is how many weeks the charts show, the running one among them.
const ChartWeeks = 53

// Weeks are numbers by week, as WeekOf counts them; what is not there is 0.
type Weeks map[int]int

const week = 7 * 24 * time.Hour

// weekZero is the Monday on which week 0 began.
var weekZero = time.Date(1969, time.December, 29, 0, 0, 0, 0, time.UTC)

// WeekOf is the number of the ISO week (UTC, from Monday on) that t is in, counted
// from the one that 1970 began in.
func WeekOf(t time.Time) int {
	d := t.Sub(weekZero)
	if d < 0 {
		return int(d/week) - 1
	}
	return int(d / week)
}

// WeekStart is the Monday that a week begins on.
func WeekStart(n int) time.Time { return weekZero.AddDate(0, 0, 7*n) }

// FirstWeek is the first of the weeks that charts show at the time.
func FirstWeek(now time.Time) int { return WeekOf(now) - ChartWeeks + 1 }

// Add counts n more at t, if charts still show that week.
func (w *Weeks) Add(t time.Time, n int, now time.Time) { w.add(WeekOf(t), n, FirstWeek(now)) }

func (w *Weeks) add(at, n, first int) {
	if at < first || n == 0 {
		return
	}
	if *w == nil {
		*w = Weeks{}
	}
	(*w)[at] += n
}

// Join adds the numbers of others, as far as charts still show them.
func (w *Weeks) Join(o Weeks, now time.Time) {
	for at, n := range o {
		w.add(at, n, FirstWeek(now))
	}
}

// Spread says how many ideas took how many days. So that it stays small whatever
// it counts, days above two weeks are rounded down: to weeks, months and half years.
type Spread map[int]int

func spreadDay(days int) int {
	switch {
	case days < 14:
		return max(0, days)
	case days < 98:
		return days - days%7
	case days < 720:
		return days - days%30
	}
	return days - days%180
}

// Add counts n ideas that took so many days.
func (s *Spread) Add(days, n int) {
	if *s == nil {
		*s = Spread{}
	}
	(*s)[spreadDay(days)] += n
}

// Join adds the numbers of others.
func (s *Spread) Join(o Spread) {
	for days, n := range o {
		s.Add(days, n)
	}
}

// Count is how many ideas there are.
func (s Spread) Count() int {
	n := 0
	for _, m := range s {
		n += m
	}
	return n
}

// Median is how many days it took the idea in the middle (of an even number the
// upper of the two); 0 if there is none.
func (s Spread) Median() int {
	left := s.Count() / 2
	for _, days := range slices.Sorted(maps.Keys(s)) {
		if left -= s[days]; left < 0 {
			return days
		}
	}
	return 0
}
