package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		q      string
		needs  string
		phrase string
	}{
		{"free refills", "free; refil", ""},
		{"the free, free refill of refills", "free; refil", ""},
		{`"free refills" please`, "free; refil; pleas", "free refills"},
		{`“Free Refills”`, "free; refil", "free refills"},
		{`gift "not closed`, "gift; not; close", "not closed"},
		{"free ref*", "free; ref|ref*", ""},
		{"strawberr*", "strawberr|strawb*", ""},
		{"th*", "th|th*", ""},
		{"the*", "the*", ""},
		{"a*", "", ""},
		{"wi-fi", "wi|wifi; fi|wifi", ""},
		{"抹茶拿铁", "抹茶; 茶拿; 拿铁", ""},
		{"茶", "茶|茶*", ""},
		{"的", "", ""},
		{`"抹茶拿铁"`, "抹茶; 茶拿; 拿铁", "抹 茶 拿 铁"},
		{"one1 two2 three3 four4 five5 six6 seven7 eight8 nine9", "one1; two2; three3; four4; five5; six6; seven7; eight8", ""},
		{"the of", "", ""},
		{"", "", ""},
	} {
		q := Parse(c.q)
		var needs, phrases []string
		for _, n := range q.Needs {
			needs = append(needs, strings.Join(n.Any, "|"))
		}
		for _, p := range q.Phrases {
			phrases = append(phrases, strings.Join(p, " "))
		}
		if got := strings.Join(needs, "; "); got != c.needs {
			t.Errorf("%s needs %s, want %s", c.q, got, c.needs)
		}
		if got := strings.Join(phrases, "; "); got != c.phrase {
			t.Errorf("%s: phrases %q, want %q", c.q, got, c.phrase)
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ q, text, want string }{
		{"refill", "Free Refills, <b>refilled</b>", "Free [Refills], <b>[refilled]</b>"},
		{"free ref*", "Free reference for refugees", "[Free] [reference] for [refugees]"},
		{"抹茶拿铁", "要抹茶拿铁吗", "要[抹茶拿铁]吗"},
		{"茶", "抹茶拿铁", "抹[茶]拿铁"},
		{"wi-fi", "Free WiFi and wi-fi", "Free [WiFi] and [wi]-[fi]"},
		{"cafe", "A café!", "A [café]!"},
		{"zebra", "No such animal", "No such animal"},
		{"", "Text", "Text"},
	} {
		got, at := "", 0
		for _, s := range Parse(c.q).Marks(c.text) {
			got += c.text[at:s.From] + "[" + c.text[s.From:s.To] + "]"
			at = s.To
		}
		if got += c.text[at:]; got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.q, c.text, got, c.want)
		}
	}
}

func TestFollows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		q, title, body string
		want           bool
	}{
		{`"free refills"`, "Free refills!", "", true},
		{`"free refills"`, "", "I want free\nrefills.", true},
		{`"free refills"`, "Free", "refills", false},
		{`"free refills"`, "Refills free", "free hot refills", false},
		{`"free refills" "gold card"`, "Free refills", "for the gold card", true},
		{`"free refills" "gold card"`, "Free refills", "for the golden card", false},
		{`"抹茶"`, "要抹茶", "", true},
		{`"茶抹"`, "要抹茶", "", false},
		{"no phrase", "", "", true},
	} {
		if got := Parse(c.q).Follows(c.title, c.body); got != c.want {
			t.Errorf("%s in %q, %q: %v", c.q, c.title, c.body, got)
		}
	}
}

// lists are what a table would give: the first rows of each term of the documents.
func lists(docs map[string]Doc, terms []string, limit int) []List {
	all := map[string][]Posting{}
	for id, d := range docs {
		for _, p := range d.Postings() {
			p.IdeaID = id
			all[p.Term] = append(all[p.Term], p)
		}
	}
	out := make([]List, len(terms))
	for i, term := range terms {
		ps := inOrder(all[term])
		out[i] = List{Term: term, Postings: ps[:min(len(ps), limit)], Whole: len(ps) <= limit}
	}
	return out
}

func TestRank(t *testing.T) {
	t.Parallel()
	docs := map[string]Doc{}
	add := func(id, title, body string) {
		docs["1hxx00000"+fmt.Sprintf("%08s", id)] = Doc{title, body, []string{"c=tea"}}
	}
	add("a", "Oat milk", "")
	add("b", "Better milk", "Oat, soy, anything.")
	add("c", "Milk", "")
	add("d", "More seats", strings.Repeat("Somebody always takes the last chair. ", 20)+" And milk.")
	add("e", "Oat milk", "")
	ids := func(q string, o Options) string {
		query := Parse(q)
		var out []string
		for _, h := range Rank(query, lists(docs, query.Terms(), 100), o) {
			out = append(out, h.IdeaID[16:])
		}
		return strings.Join(out, "")
	}
	for _, c := range []struct {
		q    string
		o    Options
		want string
	}{
		{"oat milk", Options{}, "eabcd"},          // both words, in the title; the newer of two as good
		{"oat milk", Options{Least: .6}, "eab"},   // too little of the query
		{"milk", Options{}, "ecbad"},              // short titles, a longer one, a mention
		{"milk zzz", Options{Least: .6}, "ecbad"}, // a word that nobody used says nothing
		{"milk zzz", Options{Least: .6, Unknown: true}, ""},
		{"mi*", Options{}, "ecba"},
		{"milk", Options{Not: "1hxx000000000000c"}, "ebad"},
		{"milk", Options{Tags: []string{"c=tea"}}, "ecbad"},
		{"milk", Options{Tags: []string{"c=coffee"}}, ""},
		{"", Options{}, ""},
	} {
		if got := ids(c.q, c.o); got != c.want {
			t.Errorf("%s %+v: %s, want %s", c.q, c.o, got, c.want)
		}
	}
}

// TestRankCutLists: of a common word, only the first of thousands are read; the ideas
// that have a rare one as well are found all the same.
func TestRankCutLists(t *testing.T) {
	t.Parallel()
	docs, want := map[string]Doc{}, map[string]bool{}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		d := Doc{Title: "Coffee " + fmt.Sprint("word", r.IntN(500)), Body: "more about mornings"}
		id := randomID(r)
		if i%300 == 0 {
			d.Title += " sleeves"
			want[id] = true
		}
		docs[id] = d
	}
	q := Parse("coffee sleeves")
	ls := lists(docs, q.Terms(), 72)
	if n := ls[0].Length(); n < 2000 || n > 9000 {
		t.Errorf("3000 ideas have the word; by the first 72 there are %.0f", n)
	}
	hits := Rank(q, ls, Options{})
	got := map[string]bool{}
	for _, h := range hits[:len(want)] {
		got[h.IdeaID] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("best ideas (-want +got):\n%s", diff)
	}
}

func randomID(r *rand.Rand) string {
	b := []byte("1hxx00000")
	for range 8 {
		b = append(b, idAlphabet[r.IntN(32)])
	}
	return string(b)
}

// TestLength: how long a list is can be told from its beginning.
func TestLength(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{50, 200, 2000, 20000} {
		var ps []Posting
		for range n {
			ps = append(ps, Posting{Key: Key{"x", Light}, IdeaID: randomID(r)})
		}
		ps = inOrder(ps)
		l := List{Postings: ps[:min(n, 72)], Whole: n <= 72}
		if got := l.Length(); got < .7*float64(n) || got > 1.4*float64(n) {
			t.Errorf("%d postings are taken for %.0f", n, got)
		}
	}
	if n := (List{}).Length(); n != 0 {
		t.Errorf("an empty list has %v", n)
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		title, body string
		n           int
		want        string
	}{
		{"Free wifi in all stores", "", 6, "store free wifi all"},
		{"Free wifi in all stores", "", 2, "store free"},
		{"Tea", "Darjeeling is what I miss; darjeeling in the morning. Earl Grey once.", 6, "tea darjeel"},
		{"", "", 6, ""},
	} {
		q := Like(c.title, c.body, c.n)
		if got := strings.Join(q.Terms(), " "); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.title, c.body, got, c.want)
		}
	}
}
