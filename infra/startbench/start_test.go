package startbench

import (
	"flag"
	"slices"
	"testing"
	"time"

	"groundswell/infra/rehearsal/fakeaws"
)

var rounds = flag.Int("rounds", 40, "cold starts of each function")

// The budgets (design, section 8).
const (
	maxRatio = 2.0 // of the median start to hello's
	maxZip   = 5e6 // bytes of the arm64 zip
)

// BenchmarkStart reports, for each function, the median time from exec to the
// first poll, its ratio to hello's, and the size of its zip. It fails if a function
// exceeds a budget.
func BenchmarkStart(b *testing.B) {
	names := append([]string{"hello"}, functions(b)...)
	configs := make([]fakeaws.Config, len(names))
	for i, name := range names {
		configs[i] = fakeaws.Config{Name: name, Bootstrap: build(b, source(name), ""), Env: environment}
	}
	times := make([][]time.Duration, len(names))
	for round := range *rounds + 1 {
		for i, cfg := range configs {
			d, err := fakeaws.ColdStart(b.Context(), cfg)
			if err != nil {
				b.Fatal(err)
			}
			if round > 0 { // the first fills the page cache
				times[i] = append(times[i], d)
			}
		}
	}
	hello := median(times[0])
	for i, name := range names {
		start := median(times[i])
		ratio := float64(start) / float64(hello)
		size := float64(zipSize(b, build(b, source(name), "arm64")))
		b.Run(name, func(b *testing.B) {
			for range b.N { // nothing: all has been measured, with the functions taking turns
			}
			b.ReportMetric(0, "ns/op") // leaves it out
			b.ReportMetric(float64(start.Microseconds())/1e3, "ms_start")
			b.ReportMetric(ratio, "x_hello")
			b.ReportMetric(size/1e6, "MB_zip_arm64")
		})
		// Failures belong to this benchmark: one that failed shows no figures.
		if ratio > maxRatio {
			b.Errorf("%s starts in %.2f x hello's time, the budget is %.1f", name, ratio, maxRatio)
		}
		if size > maxZip {
			b.Errorf("%s has a zip of %.2f MB, the budget is %.1f", name, size/1e6, maxZip/1e6)
		}
	}
}

// environment is what the template sets, with values that lead nowhere: starting
// must not talk to anybody.
var environment = map[string]string{
	"TABLE_NAME":        "portal",
	"BASE_URL":          "https://ideas.example.com",
	"PORTAL_NAME":       "Groundswell",
	"BRAND":             "{}",
	"MAIL_FROM":         "ideas@example.com",
	"MAIL_QUEUE_URL":    "http://127.0.0.1:1/123456789012/mail",
	"CONFIGURATION_SET": "portal",
	"TEAM_EMAILS":       "team@example.com",
	"AWS_ENDPOINT_URL":  "http://127.0.0.1:1",
}

func source(name string) string {
	if name == "hello" {
		return "./infra/startbench/hello"
	}
	return "./functions/" + name
}

func median(d []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return s[len(s)/2]
}
