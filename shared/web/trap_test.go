package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

// sheet is a form that somebody was shown: where it is, and what is typed into it.
type sheet struct {
	page, action string
	typed        []string // names and values
}

// drawn opens the page and returns what its form would send, with what is typed.
func (r *reader) drawn(f sheet) url.Values {
	r.t.Helper()
	v := r.open(f.page).want(200).form(f.action)
	for i := 0; i < len(f.typed); i += 2 {
		v.Set(f.typed[i], f.typed[i+1])
	}
	return v
}

// TestForms sends the forms in which members write as people and as programs do. What
// the rules mind is held, and whoever sent it sees what anybody sees whose text is held;
// what tells nothing is public.
func TestForms(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	boss, ann := s.reader().signIn("team@example.com"), s.reader().signIn("ann@example.com")
	about := boss.newIdea("Of the team")
	forms := map[string]sheet{
		"idea":    {"/submit", "/submit", []string{"title", "Oat milk", "category", "tea"}},
		"comment": {"/ideas/" + about, "/ideas/" + about + "/comments", []string{"body", "So do I."}},
	}
	another := strings.Repeat("A", 22)
	for name, c := range map[string]struct {
		took   time.Duration
		change func(url.Values)
		held   string // the code that the queue shows; "" = it is public
	}{
		"by a person":           {took: 40 * time.Second},
		"by a quick person":     {took: portal.MinFill},
		"left open over night":  {took: 15 * time.Hour},
		"trapped":               {took: time.Minute, change: func(v url.Values) { v.Set("web_link", "https://casino.example") }, held: portal.HeldTrap},
		"too fast":              {took: 300 * time.Millisecond, held: portal.HeldTooFast},
		"too fast, and trapped": {took: 300 * time.Millisecond, change: func(v url.Values) { v.Set("web_link", "x") }, held: portal.HeldTrap},
		"blanks in the trap":    {took: time.Minute, change: func(v url.Values) { v.Set("web_link", " ") }},
		"too fast, not stamped": {change: func(v url.Values) { v.Del("drawn") }},
		"too fast, no stamp":    {change: func(v url.Values) { v.Set("drawn", "yesterday") }},
		"too fast, forged": {change: func(v url.Values) {
			v.Set("drawn", v.Get("drawn")[:strings.LastIndexByte(v.Get("drawn"), '.')+1]+another)
		}},
		"too fast, unknown key":  {change: func(v url.Values) { v.Set("drawn", "7"+v.Get("drawn")) }},
		"drawn by another clock": {took: -time.Second},
	} {
		for what, f := range forms {
			v := ann.drawn(f)
			if c.change != nil {
				c.change(v)
			}
			s.clock.pass(c.took)
			ann.request("POST", f.action, v).want(200)
			s.clock.pass(time.Minute)
			const notice = "This is not public yet"
			if held := strings.Contains(ann.text(), notice); held != (c.held != "") {
				t.Errorf("%s %s: held %v\n%s", what, name, held, ann.text())
			}
			boss.open("/team/queue?queue=held").want(200)
			if c.held == "" {
				boss.sees("Nothing waits here")
				continue
			}
			thing := boss.form("/team/queue").Get("thing")
			item, err := s.server.Portal.Store.QueueItem(t.Context(), portal.ThingOf(thing))
			if err != nil || len(item.Case.Held) == 0 || item.Case.Held[0] != c.held {
				t.Errorf("%s %s: the team sees %+v, %v", what, name, item.Case, err)
			}
			if item.Case.Thing.CommentID == "" { // the idea's panel leads to where it can be approved
				boss.open("/team?idea=" + item.Case.Thing.IdeaID).want(200)
				boss.open(boss.link("See the case")).want(200)
			}
			v = boss.form("/team/queue")
			v.Set("do", "approve")
			boss.request("POST", "/team/queue", v).want(200)
		}
	}
}

// TestFirstStamp: a form that comes back with a mistake, or with its preview, counts from
// when it was drawn first, so who mends a letter is not taken for a program.
func TestFirstStamp(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	boss, ann := s.reader().signIn("team@example.com"), s.reader().signIn("ann@example.com")
	about := "/ideas/" + boss.newIdea("Of the team")
	for _, f := range []sheet{
		{"/submit", "/submit", []string{"title", "x", "category", "tea"}},
		{"/submit", "/submit", []string{"title", "Oat milk", "do", "preview"}},
		{about, about + "/comments", nil},
		{about + "/report", about + "/report", []string{"reason", "other"}},
	} {
		v := ann.drawn(f)
		if v.Get("drawn") == "" {
			t.Fatalf("%s is not stamped", f.page)
		}
		s.clock.pass(time.Minute)
		if got := ann.request("POST", f.action, v).form(f.action).Get("drawn"); got != v.Get("drawn") {
			t.Errorf("%s: the form comes back with the stamp %q, and was sent with %q", f.action, got, v.Get("drawn"))
		}
	}
}

// TestNoStamp: what many visitors share carries none, nor does what the team writes, nor
// a form that can be sent as it comes.
func TestNoStamp(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	boss, ann := s.reader().signIn("team@example.com"), s.reader().signIn("ann@example.com")
	about := "/ideas/" + boss.newIdea("Of the team")
	for path, r := range map[string]*reader{about: s.reader(), "/sign-in": s.reader(), "/submit": boss, "/submit?title=Oat+milk&category=tea": ann} {
		if r.open(path).want(200); r.element("input", "name", "drawn") != nil {
			t.Errorf("%s is stamped", path)
		}
	}
}

// TestReportsByScript: reports that a program sends are seen by the team, and take
// nothing off.
func TestReportsByScript(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ann := s.reader().signIn("ann@example.com")
	id := ann.newIdea("Oat milk")
	report := "/ideas/" + id + "/report"
	for i := range portal.DefaultReports + 1 {
		r := s.reader().signIn("s" + strings.Repeat("s", i) + "@example.com")
		v := r.drawn(sheet{report, report, []string{"reason", "spam", "web_link", "x"}})
		s.clock.pass(time.Minute)
		r.request("POST", report, v).want(200)
	}
	s.reader().open("/ideas/" + id).want(200).sees("Oat milk")
	boss := s.reader().signIn("team@example.com")
	boss.open("/team/queue?queue=reports").want(200).sees("A field that people don’t see was filled in")
	for i := range portal.DefaultReports {
		r := s.reader().signIn("p" + strings.Repeat("p", i) + "@example.com")
		r.open(report).want(200).fill(report, "reason", "spam")
	}
	s.reader().open("/ideas/" + id).want(404)
}

// TestAnswerByScript: so is what an author answers.
func TestAnswerByScript(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ann := s.reader().signIn("ann@example.com")
	ann.open("/submit").fill("/submit", "title", "Best casino", "category", "tea").want(200)
	action := "/ideas/" + strings.Split(ann.at, "/")[2] + "/appeal"
	v := ann.form(action)
	v.Set("words", "It is a good one.")
	ann.request("POST", action, v).want(200)
	s.reader().signIn("team@example.com").open("/team/queue?queue=appeals").want(200).sees("It is a good one.", "Filled in faster than people do")
}

// TestEditsOnPages: a change that a rule minds is held, its author sees that on the page,
// and the team both texts; what was there before comes back by a button.
func TestEditsOnPages(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	boss, ann := s.reader().signIn("team@example.com"), s.reader().signIn("ann@example.com")
	id := ann.newIdea("Oat milk")
	edit := "/edit/" + id
	ann.open(edit).want(200).fill(edit, "body", "Win at the casino.").want(200).sees("This is not public yet", "Win at the casino.", "A word on the list")
	s.reader().open("/ideas/" + id).want(404)
	boss.open("/team/queue").want(200).sees("Win at the casino.", "What it said before", "Put back what it said before")
	item := s.member("team@example.com").get("/team/queue?queue=held").want(200)
	item.is("cases.0.earlier.title", "Oat milk").is("cases.0.body", "Win at the casino.")
	boss.fill("/team/queue", "do", "restore").want(200).sees("The text from before is public.")
	s.reader().open("/ideas/" + id).want(200).seesNot("casino")

	comment := "/ideas/" + id + "/comments"
	ann.open("/ideas/"+id).want(200).fill(comment, "body", "So do I.").want(200)
	_, cid, _ := strings.Cut(ann.at, "?comment=")
	change := comment + "/" + cid[:17] + "/edit"
	v := ann.drawn(sheet{change, change, []string{"body", "So do we.", "web_link", "x"}})
	ann.request("POST", change, v).want(200).sees("This is not public yet", "A field that people don’t see was filled in")
	s.reader().open("/ideas/" + id).want(200).seesNot("So do we.")
}
