package i18n_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"groundswell/shared/i18n"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		preferred []string
		want      string
	}{
		{"nothing", nil, "en"},
		{"empty preferences", []string{"", "", ""}, "en"},
		{"a preference", []string{"zh", "en", "en"}, "zh"},
		{"a cookie", []string{"", "zh", "en-US,en;q=0.9"}, "zh"},
		{"a header", []string{"", "", "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"},
		{"a header in order of quality", []string{"", "", "zh;q=0.1,en-GB"}, "en"},
		{"a language we don't have before one we have", []string{"", "", "sw,zh;q=0.5"}, "zh"},
		{"a language we don't have", []string{"", "", "sw"}, "en"},
		{"a regional tag", []string{"en-AU"}, "en"},
		{"traditional Chinese gets the nearest there is", []string{"", "", "zh-TW"}, "zh"},
		{"a cookie somebody made up", []string{"", "../../etc", "zh"}, "zh"},
		{"a header that is none", []string{"", "", ";;;,,,\x00"}, "en"},
		{"anything", []string{"", "", "*"}, "en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // the second answer is kept from the first
				if got := i18n.Match(tt.preferred...); got != tt.want {
					t.Errorf("Match(%q) = %q, want %q", tt.preferred, got, tt.want)
				}
			}
		})
	}
}

func TestPrinter(t *testing.T) {
	t.Parallel()
	en, zh := i18n.For("en"), i18n.For("zh")
	at := time.Date(2026, 11, 2, 23, 4, 5, 0, time.FixedZone("UTC-3", -3*3600))
	for _, tt := range []struct{ name, got, want string }{
		{"a message", en.T("nav.ideas"), "Ideas"},
		{"a message in Chinese", zh.T("nav.ideas"), "点子"},
		{"a message with a variable", en.T("home.found", "Words", "tea & <milk>"), "Ideas about “tea & <milk>”"},
		{"a message that is missing", en.T("no.such"), "no.such"},
		{"none", en.N("vote.count", 0), "0 votes"},
		{"one", en.N("vote.count", 1), "1 vote"},
		{"minus one", en.N("vote.count", -1), "-1 vote"}, // CLDR: the absolute value decides
		{"many", en.N("vote.count", 35_094), "35,094 votes"},
		{"many in Chinese", zh.N("vote.count", 35_094), "35,094 票"},
		{"a count of a message without plurals", en.N("error.required", 1), en.T("error.required")},
		{"a number", en.Number(1_234_567), "1,234,567"},
		{"a negative number", en.Number(-71), "-71"},
		{"0", en.Number(0), "0"},
		{"a date", en.Date(at), "3 November 2026"},
		{"a date in Chinese", zh.Date(at), "2026年11月3日"},
		{"a minute", en.DateTime(at), "3 November 2026, 02:04 UTC"},
		{"a minute in Chinese", zh.DateTime(at), "2026年11月3日 02:04 UTC"},
		{"an unknown locale", i18n.For("tlh").T("nav.ideas"), "Ideas"},
		{"the locale", zh.Locale(), "zh"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	for n := range 1000 {
		if got := en.Number(n); got != fmt.Sprint(n) {
			t.Fatalf("Number(%d) = %q", n, got)
		}
	}
	if en.Has("no.such") || !en.Has("nav.ideas") || !en.Has("vote.count") {
		t.Error("Has does not tell messages that are there from those that are not")
	}
}

// Counts alone take a shorter way; it has to lead to the same place.
func TestShortWay(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Locales() {
		p := i18n.For(l)
		for n := -3; n < 1200; n++ {
			for _, id := range []string{"vote.count", "comments.count", "action.wanted", "error.too_long"} {
				if short, long := p.N(id, n), p.N(id, n, "Unused", ""); short != long {
					t.Fatalf("%s: N(%q, %d) is %q alone and %q with another variable", l, id, n, short, long)
				}
			}
		}
	}
}

func TestPrinterConcurrently(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 300 {
				for _, l := range i18n.Locales() {
					p := i18n.For(l)
					if p.Number(i*1000+1000) == "" || p.N("vote.count", i) == "" || i18n.Match("", l+"-XX, x;q="+fmt.Sprint(i)) == "" {
						t.Error("nothing")
					}
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkT(b *testing.B) {
	p := i18n.For("en")
	for b.Loop() {
		p.T("nav.ideas")
	}
}

func BenchmarkN(b *testing.B) {
	p := i18n.For("en")
	for b.Loop() {
		p.N("vote.count", 12)
	}
}

func BenchmarkMatch(b *testing.B) {
	for b.Loop() {
		i18n.Match("", "", "zh-CN,zh;q=0.9,en;q=0.8")
	}
}
