//go:build !race

// Half a million votes under the race detector take long, and one goroutine looks at them.

package portal_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"groundswell/shared/portal"
)

// The votes of a real portal's ideas as their dates and numbers allow, half of them
// within three days, are odd once at most: the file says how many votes an idea had and since
// when, and nothing of who cast them.
func TestSuspectOnRealNumbers(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "my-starbucks-idea", "ideas.csv"))
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("the real portal's export is needed beside the checkout: %v", err)
	case err != nil:
		t.Skipf("the real portal's export is not here: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	days, total := map[int][]portal.Vote{}, 0
	for i, row := range rows[1:] {
		points, _ := strconv.Atoi(row[4])
		created, err := time.Parse("1/2/2006 3:04 PM", row[5])
		if err != nil {
			t.Fatal(err)
		}
		for n := range min(points/10, 5000) {
			scale := 3 * 24 * time.Hour
			if n%2 == 1 {
				scale *= 30
			}
			at := created.Add(time.Duration(r.ExpFloat64() * float64(scale)))
			joined := created.AddDate(-1, 0, 0)
			if n%8 < 2 { // a quarter came to vote
				joined = at.Add(-5 * time.Minute)
			}
			day := int(at.Unix() / 86400)
			days[day] = append(days[day], cast(fmt.Sprint(i), fmt.Sprint(i, ".", n), at, network(r), joined))
			total++
		}
	}
	found := 0
	for _, votes := range days {
		found += len(portal.Suspect(votes, influx(votes)))
	}
	t.Logf("%d votes in %d days: %d suspicions", total, len(days), found)
	if total < 100_000 || found > 1 {
		t.Errorf("%d suspicions in %d votes", found, total)
	}
}
