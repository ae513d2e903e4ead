package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func termsIn(s string) string {
	var out []string
	for _, t := range terms(wordsOf(s)) {
		out = append(out, t.text)
	}
	return strings.Join(out, " ")
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"stems", "Refills, refilling and refilled mugs", "refil refil refil mug"},
		{"stop words", "I would like to have it on the go", "like go"},
		{"case and width", "ＷＩＦＩ WiFi wifi", "wifi wifi wifi"},
		{"accents", "Café CREME crème brûlée", "cafe creme creme brule"},
		{"decomposed accents", "cafe\u0301", "cafe"},
		{"German", "Straße STRASSE", "strass strass"},
		{"apostrophes", "Starbucks’ customer's Customer’s", "starbuck custom custom"},
		{"hyphens", "wi-fi sugar-free", "wi fi wifi sugar free sugarfre"},
		{"no hyphen", "one - two -- three", "one two three"},
		{"numbers", "10% off 3.50 for 2", "10 off 3.50 2"},
		{"Chinese", "抹茶拿铁", "抹茶 茶拿 拿铁"},
		{"Chinese stop pairs", "你们的咖啡", "的咖 咖啡"},
		{"one Chinese character", "茶", "茶"},
		{"mixed", "无线WiFi很慢", "无线 wifi 很慢"},
		{"Japanese", "抹茶ラテを", "抹茶 茶ラ ラテ テを"},
		{"half-width kana", "ﾗﾃ ラテ ｶﾞ ガ", "ラテ ラテ ガ ガ"},
		{"Korean", "아이스 라떼", "아이 이스 라떼"},
		{"Cyrillic", "Чай и КОФЕ", "чаи и кофе"},
		{"emoji and signs", "☕ 🎉 !!! C++", "c"},
		{"an address", "see https://example.com/a_b", "see example.com a_b"},
		{"nothing", " \n\t", ""},
	} {
		if got := termsIn(c.text); got != c.want {
			t.Errorf("%s: terms of %q are\n%s, want\n%s", c.name, c.text, got, c.want)
		}
	}
}

func TestPostings(t *testing.T) {
	t.Parallel()
	d := Doc{Title: "Oat milk", Body: "Oat milk, please: oats, oats. " + strings.Repeat("One more sentence about mornings, evenings and everything. ", 30) + "Cinnamon.",
		Tags: []string{Tag("c", "coffee")}}
	ps := d.Postings()
	of := map[string]Posting{}
	for _, p := range ps {
		of[p.Term] = p
	}
	for term, level := range map[string]byte{"oat": InTitle, "milk": InTitle, "mi*": InTitle, "milk*": InTitle, "morn": Heavy, "cinnamon": Light} {
		if p, ok := of[term]; !ok || p.Level != level {
			t.Errorf("%s: %v, level %c, want %c", term, ok, p.Level, level)
		}
	}
	if of["oat"].Weight <= of["milk"].Weight || of["milk"].Weight <= of["cinnamon"].Weight {
		t.Errorf("weights: oat %.2f, milk %.2f, cinnamon %.2f", of["oat"].Weight, of["milk"].Weight, of["cinnamon"].Weight)
	}
	sig := ps[0].Signature
	for _, want := range []string{"oat", "cinnamon", "c=coffee", "mil*"} {
		if !sig.Has(want) {
			t.Errorf("the signature lacks %s", want)
		}
	}
	wrong := 0
	for _, term := range []string{"sleeve", "tea", "drive", "thru", "card", "star", "gold", "app", "c=tea", "s=new", "music", "cup", "straw", "lid", "sandwich", "bagel", "soup", "salad", "cake", "cooki"} {
		if sig.Has(term) {
			wrong++
		}
	}
	if wrong > 5 {
		t.Errorf("the signature has %d of 20 terms that the idea does not have", wrong)
	}
	stored := Encode(of["oat"].Weight, sig)
	w, s, ok := Decode(stored)
	if !ok || !slices.Equal(s, sig) || w-of["oat"].Weight > .01 || of["oat"].Weight-w > .01 {
		t.Errorf("%s reads as %v %v %v", stored, w, s, ok)
	}
}

// TestKeysCover: where an idea's postings stand follows from title and text, each by
// itself. The index rests on it.
func TestKeysCover(t *testing.T) {
	t.Parallel()
	for _, d := range []Doc{{Title: "wi-fi, the 的茶 抹茶", Body: "wi-fi oat oat 抹茶拿铁 of-the"}, {Title: "the-of", Body: ""}, {Title: "", Body: "x"}} {
		checkKeys(t, d)
	}
}

func checkKeys(t *testing.T, d Doc) {
	t.Helper()
	var got, title []Key
	for _, p := range d.Postings() {
		got = append(got, p.Key)
		if p.Weight <= 0 || p.Weight > 1 || !p.Signature.Has(p.Term) {
			t.Errorf("%+v of %q", p, d)
		}
		if !utf8.ValidString(p.Term) || strings.ContainsRune(p.Term, 0) || len(p.Term) > 2*maxWord {
			t.Errorf("%q of %q can be no key", p.Term, d)
		}
	}
	var want []Key
	has := map[string]bool{}
	for _, k := range TitleKeys(d.Title) {
		title = append(title, k)
		has[k.Term] = true
	}
	want = append(want, title...)
	for _, k := range BodyKeys(d.Body) {
		if !has[k.Term] {
			want = append(want, k)
		}
	}
	if diff := cmp.Diff(sorted(want), got); diff != "" {
		t.Errorf("keys of %q (-by title and text +posted):\n%s", d, diff)
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"Oat-milk, please", "抹茶拿铁 wi-fi", "\"free refills\" co*", "ｶﾞ\u0301\u200d\xff", "a-b-c-d", "ไทย ຮ", "「抹茶」*"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, title, body string) {
		checkKeys(t, Doc{Title: title, Body: body, Tags: []string{"c=tea"}})
		q := Parse(title)
		if len(q.Needs) > MaxNeeds {
			t.Errorf("%d needs", len(q.Needs))
		}
		at := 0
		for _, s := range q.Marks(body) {
			if s.From < at || s.To <= s.From || s.To > len(body) {
				t.Fatalf("marks %v of %q", q.Marks(body), body)
			}
			at = s.To
		}
		q.Follows(title, body)
		for _, p := range (Doc{Title: title}).Postings() { // every idea is found by its own title
			for _, n := range q.Needs {
				if slices.Contains(n.Any, p.Term) {
					return
				}
			}
		}
		if !q.Empty() && len((Doc{Title: title}).Postings()) > 0 && !strings.Contains(title, "*") {
			t.Errorf("%q is not found by %v", title, q.Needs)
		}
	})
}
