package projection

import (
	"math"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// HalfLife is how long it takes until a vote weighs half as much as a new one.
const HalfLife = 3 * 24 * time.Hour

// trendEpoch is where the weight of a vote is 1. It is before any vote, imported
// ones included, and can't change: stored trends are relative to it.
var trendEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// weight is log2 of the weight of a vote cast at t, in doublings. Weights grow
// with time instead of shrinking ("forward decay", Cormode et al., ICDE 2009), so
// an idea's trend changes when somebody votes and never by itself: it can be a
// sort key.
func weight(t time.Time) float64 {
	return max(0, float64(t.Sub(trendEpoch))/float64(HalfLife))
}

// logSum is log2(2^a + 2^b), without the powers, which would overflow.
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log2(1+math.Exp2(b-a))
}

// nothing is log2 of no weight at all.
var nothing = math.Inf(-1)

// cellTrend rounds the trend of a cell's votes to what a tally can hold.
func cellTrend(logWeight float64) uint32 {
	if math.IsInf(logWeight, -1) {
		return 0
	}
	return uint32(min(math.Round(logWeight*store.TrendUnit), 1<<24-1))
}

// trend is an idea's: that it is new counts as one vote, so that it is seen;
// what an imported idea brought along counts as cast at its birth.
func trend(i portal.Idea, base int, cells []store.Tally) float64 {
	sum := weight(i.Born())
	switch {
	case base > 0:
		sum = logSum(sum, weight(i.CreatedAt)+math.Log2(float64(base)))
	case base < 0:
		sum -= math.Log2(float64(1 - base))
	}
	for _, t := range cells {
		for _, c := range t.Cells {
			if c.N > 0 {
				sum = logSum(sum, float64(c.Trend)/store.TrendUnit)
			}
		}
	}
	return sum
}
