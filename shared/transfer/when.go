package transfer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Dates is how a file writes days. ISO 8601, D.M.YYYY, months by name and Unix
// times tell for themselves and are read always; with slashes it has to be said.
type Dates string

// The orders of dates with slashes.
const (
	MonthFirst Dates = "mdy" // M/D/YYYY
	DayFirst   Dates = "dmy" // D/M/YYYY
)

// Valid reports whether d is one of the orders, or "".
func (d Dates) Valid() bool { return d == "" || d == MonthFirst || d == DayFirst }

var (
	days = map[Dates][]string{
		"":         {"2006-01-02", "2006/01/02", "2.1.2006", "Jan 2, 2006", "2 Jan 2006", "January 2, 2006", "2 January 2006"},
		MonthFirst: {"1/2/2006", "1/2/06", "1-2-2006"},
		DayFirst:   {"2/1/2006", "2/1/06", "2-1-2006"},
	}
	// Fractions of a second need no layout of their own.
	hours = []string{"", "T15:04:05Z07:00", " 15:04:05", " 15:04", " 3:04 PM", " 3:04:05 PM", "T15:04:05", "T15:04", " 15:04:05Z07:00",
		" 15:04:05 Z07:00", " 15:04:05 -0700", "T15:04:05-0700", ", 15:04:05", ", 15:04", ", 3:04 PM", ", 3:04:05 PM"}
)

// clock reads the times of a file.
type clock struct {
	layouts []string
	zone    *time.Location
	last    int // the layout that fitted last: a file seldom has two
}

func newClock(d Dates, zone *time.Location) *clock {
	if zone == nil {
		zone = time.UTC
	}
	c := &clock{zone: zone}
	orders := []Dates{"", d}
	if d == "" {
		orders = orders[:1]
	}
	for _, o := range orders {
		for _, day := range days[o] {
			for _, hour := range hours {
				c.layouts = append(c.layouts, day+hour)
			}
		}
	}
	return c
}

var errTime = errors.New(`not a time that can be read, such as 2012-10-01T19:33:00Z or 1.10.2012 19:33`)

// read is the zero time for "".
func (c *clock) read(s string) (time.Time, error) {
	// Some browsers put a narrow blank before AM and PM.
	s = strings.Join(strings.Fields(strings.ToUpper(s)), " ")
	if s == "" {
		return time.Time{}, nil
	}
	if t, ok := unix(s); ok {
		return t, nil
	}
	for _, utc := range []string{" UTC", " GMT"} { // other zones' short names mean several
		if cut, ok := strings.CutSuffix(s, utc); ok {
			s = cut + "Z"
		}
	}
	if t, err := time.ParseInLocation(c.layouts[c.last], s, c.zone); err == nil {
		return t, nil
	}
	for i, l := range c.layouts {
		if t, err := time.ParseInLocation(l, s, c.zone); err == nil {
			c.last = i
			return t, nil
		}
	}
	if strings.Count(s, "/") == 2 && s[min(4, len(s)-1)] != '/' {
		return time.Time{}, fmt.Errorf("%w; of dates with slashes it has to be said whether the month comes first", errTime)
	}
	return time.Time{}, errTime
}

// ParseTime reads one time as the times of a file are read.
func ParseTime(s string, d Dates, zone *time.Location) (time.Time, error) {
	t, err := newClock(d, zone).read(s)
	if err == nil && t.IsZero() {
		err = errTime
	}
	return t, err
}

// unix reads seconds or milliseconds since 1970 (of our age: ten or thirteen digits).
func unix(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || s[0] == '+' || s[0] == '-':
		return time.Time{}, false
	case len(s) == 10:
		return time.Unix(n, 0), true
	case len(s) == 13:
		return time.UnixMilli(n), true
	}
	return time.Time{}, false
}
