package portal_test

import (
	"testing"
	"time"

	"groundswell/shared/portal"
)

func TestDigestWeek(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		at           string
		week, before portal.DigestWeek
		start        string
		due          bool
	}{
		{"2026-11-23T07:59:59Z", "2026W48", "2026W47", "2026-11-23", false}, // Monday morning
		{"2026-11-23T08:00:00Z", "2026W48", "2026W47", "2026-11-23", true},
		{"2026-11-29T23:59:59Z", "2026W48", "2026W47", "2026-11-23", true}, // Sunday
		{"2027-01-03T12:00:00Z", "2026W53", "2026W52", "2026-12-28", true}, // belongs to the year before
		{"2027-01-04T09:00:00Z", "2027W01", "2026W53", "2027-01-04", true},
		{"2026-11-23T09:00:00+09:00", "2026W48", "2026W47", "2026-11-23", false}, // 00:00 UTC
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		w, due := portal.DigestDue(at)
		if w != tc.week || due != tc.due || w.Before() != tc.before || w.Start().Format(time.DateOnly) != tc.start {
			t.Errorf("%s: %s after %s, begins %s, due %t", tc.at, w, w.Before(), w.Start().Format(time.DateOnly), due)
		}
	}
	for _, no := range []portal.DigestWeek{"", "2026W54", "2026W00", "26W1", "2026W48x", "2026-48", "9999W01"} {
		if s := no.Start(); !s.IsZero() {
			t.Errorf("%q begins %v", no, s)
		}
	}
}
