package web

import (
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// chartsView is the team's charts: three small ones beside each other, all of the
// same weeks, and the way of the ideas as a table with bars in it.
type chartsView struct {
	base
	Tab    string
	Empty  bool // there is nothing to draw
	Charts []chartView
	Weeks  []weekRow // the same in numbers, the last week first
	Notes  []string
	Way    []wayRow
	Whole  string // how long the whole way took; "" if nobody knows
}

// chartView is a number by week.
type chartView struct {
	ID, Name   string
	Desc       string // for who does not see it
	Figure     string // of the last full week
	Now        string // what there is of the running one
	Top        string // what the tallest bar stands for; "" if there is none
	Bars       []barView
	Axis       []string // dates under the first, the middle and the last bar
	Width, All int      // of the drawing, in its own units
}

// barView is a week of a chart. X and Y grow to the right and down.
type barView struct {
	X, Y, Width, Height int
	Text                string
	Now                 bool // the week is still running
}

type weekRow struct {
	Date    whenView
	Numbers []string
}

// wayRow is a step of the way from new to launched.
type wayRow struct {
	Status       portal.Status
	Count, Share string
	Width        int    // of its bar, in hundredths
	Days         string // from the step before; "" if nobody knows
}

// The drawing's units: a week is ten wide, two of them air, and the tallest bar a
// hundred high. The style sheet stretches it to its place.
const (
	weekWidth   = 10
	barWidth    = 8
	chartHeight = 100
)

func chartsViewOf(p *i18n.Printer, b base, c portal.Charts) chartsView {
	v := chartsView{base: b, Tab: "charts", Empty: c.Reached[0] == 0 && len(c.Born) == 0 && c.AllVotes == 0}
	first := portal.FirstWeek(c.Now)
	all := []portal.Weeks{c.Born, c.Votes, c.Comments}
	v.Charts = []chartView{chartOf(p, "ideas", p.T("charts.ideas"), c.Born, first), chartOf(p, "votes", p.T("charts.votes"), c.Votes, first),
		chartOf(p, "comments", p.T("charts.comments"), c.Comments, first)}
	for w := first + portal.ChartWeeks - 1; w >= first; w-- {
		row := weekRow{Date: whenOf(p, portal.WeekStart(w))}
		for _, weeks := range all {
			row.Numbers = append(row.Numbers, p.Number(weeks[w]))
		}
		v.Weeks = append(v.Weeks, row)
	}
	v.Notes = []string{p.T("charts.note_counted")}
	if c.BaseVotes != 0 {
		v.Notes = append(v.Notes, p.N("charts.note_imported", c.BaseVotes))
	}
	v.Way, v.Whole = wayRows(p, c.Census)
	return v
}

func chartOf(p *i18n.Printer, id, name string, weeks portal.Weeks, first int) chartView {
	last := first + portal.ChartWeeks - 1
	date := func(w int) string { return p.Date(portal.WeekStart(w)) }
	v := chartView{ID: id, Name: name, Width: portal.ChartWeeks * weekWidth, All: chartHeight, Figure: p.Number(weeks[last-1]),
		Now: p.T("charts.this_week", "Count", p.Number(weeks[last])), Axis: []string{date(first), date((first + last) / 2), date(last)}}
	top, total, peak := 0, 0, first
	for w := first; w <= last; w++ {
		total += weeks[w]
		if weeks[w] > top {
			top, peak = weeks[w], w
		}
	}
	if top == 0 {
		v.Desc = p.T("charts.nothing")
		return v
	}
	v.Top = p.Number(top)
	v.Desc = p.T("charts.desc", "Total", p.Number(total), "Peak", date(peak), "Most", v.Top)
	for w := first; w <= last; w++ {
		if weeks[w] <= 0 {
			continue
		}
		h := max(1, weeks[w]*chartHeight/top) // one is seen beside a thousand
		v.Bars = append(v.Bars, barView{X: (w-first)*weekWidth + (weekWidth-barWidth)/2, Y: chartHeight - h, Width: barWidth, Height: h,
			Text: date(w) + ": " + p.Number(weeks[w]), Now: w == last})
	}
	return v
}

func wayRows(p *i18n.Printer, c portal.Census) (rows []wayRow, whole string) {
	for i, st := range portal.Way {
		n := c.Reached[i]
		row := wayRow{Status: st, Count: p.Number(n)}
		if all := c.Reached[0]; all > 0 {
			row.Width = n * 100 / all
			row.Share = p.Number(row.Width) + "%"
			if n > 0 && row.Width == 0 {
				row.Width, row.Share = 1, "<1%"
			}
		}
		if i > 0 && c.Took[i-1].Count() > 0 {
			days := c.Took[i-1].Median()
			row.Days = p.N("charts.days_count", days)
		}
		rows = append(rows, row)
	}
	if c.Whole.Count() > 0 {
		whole = p.N("charts.whole", c.Whole.Median())
	}
	return rows, whole
}
