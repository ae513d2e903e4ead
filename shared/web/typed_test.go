package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"groundswell/shared/portal"
	"groundswell/shared/web"
)

// moody is a store that refuses to count, or fails, as told.
type moody struct {
	portal.Store
	refuse, fail atomic.Bool
}

func (m *moody) CountUse(ctx context.Context, u portal.Use) (time.Duration, error) {
	if m.fail.Load() {
		return 0, errors.New("the table is on fire")
	}
	if m.refuse.Load() {
		return 90 * time.Second, nil
	}
	return m.Store.CountUse(ctx, u)
}

// formsWithWords are the forms in which people write, and what they send; IDEA, COMMENT
// and MEMBER stand for those there are. Each field's words have to come back.
var formsWithWords = map[string]struct{ fields, fixed string }{
	"POST /submit":                        {fields: "title body", fixed: "category=tea"},
	"POST /team/submit":                   {fields: "title body name words email", fixed: "category=tea&channel=shop&agreed=yes&locale=en"},
	"POST /edit/{id}":                     {fields: "title body", fixed: "category=tea&version=1"},
	"POST /ideas/{id}/comments":           {fields: "body"},
	"POST /ideas/{id}/comments/{c}/edit":  {fields: "body"},
	"POST /ideas/{id}/report":             {fields: "words", fixed: "reason=spam"},
	"POST /ideas/{id}/appeal":             {fields: "words"},
	"POST /ideas/{id}/status":             {fields: "note link", fixed: "status=planned&version=1"},
	"POST /me":                            {fields: "name", fixed: "locale=en&followed=all"},
	"POST /team/queue":                    {fields: "note", fixed: "thing=IDEA&do=decline&reason=spam&version=0&back=/team/queue"},
	"POST /team/members/{id}":             {fields: "note", fixed: "do=block&reason=spam"},
	"POST /team/lists":                    {fields: "name", fixed: "query=status%3Dnew"},
	"POST /team/tags":                     {fields: "name"},
	"POST /team/bulk":                     {fields: "note link", fixed: "status=planned&pick=IDEA.1"},
	"POST /team/ideas/{id}/dossier":       {fields: "new", fixed: "version=1"},
	"POST /team/ideas/{id}/notes":         {fields: "memo", fixed: "do=add"},
	"POST /team/ideas/{id}/answer":        {fields: "answer", fixed: "version=1"},
	"POST /team/ideas/{id}/status":        {fields: "note link", fixed: "status=planned&version=1"},
	"POST /team/ideas/{id}/notes (other)": {fields: "memo", fixed: "do=edit&note=COMMENT&version=1"},
}

// formsWithout are those with nothing in them that anybody would write twice: a choice,
// a button, an address, a code, or a search.
var formsWithout = []string{
	"POST /sign-in", "POST /sign-in/code", "POST /sign-out", "POST /language", "POST /unsubscribe", "POST /mail-preferences", "POST /withdraw",
	"POST /ideas/{id}/vote", "POST /ideas/{id}/follow", "POST /ideas/{id}/comments/{c}/delete",
	"POST /me/mail", "POST /me/sessions", "POST /me/mail-again", "POST /me/delete",
	"POST /team/import", "POST /team/import/reading", "POST /team/import/step", "POST /team/import/end", // a file comes from a disk; choices come back
	"POST /team/export/{file}", "POST /team/ideas/{id}/mail", "POST /team/ideas/{id}/merge",
}

// TestNothingTypedIsLost sends every form that takes words to somebody who does not take
// them: a limit is reached, the session is over, something fails, what is written is too
// long, or what it is about is gone. Each answer has the words in it.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, f := range formsWithout {
		known[f] = true
	}
	for f := range formsWithWords {
		name, _, _ := strings.Cut(f, " (")
		known[name] = true
	}
	for _, rt := range web.Routes() {
		if f := strings.Replace(rt.Pattern, "{cid}", "{c}", 1); strings.HasPrefix(f, "POST /") && !strings.HasPrefix(f, "POST /api/") && !known[f] {
			t.Errorf("nobody says whether %s takes words", f)
		}
	}

	m := &moody{}
	s := newPages(t, options{adjust: func(_ *web.Server, p *portal.Portal) { m.Store, p.Store = p.Store, m }})
	ann, boss := s.reader().signIn("ann@example.com"), s.reader().signIn("team@example.com")
	idea := ann.newIdea("Oat milk")
	ann.open("/ideas/"+idea).want(200).fill("/ideas/"+idea+"/comments", "body", "So do I.").want(200)
	_, comment, _ := strings.Cut(ann.at, "?comment=")
	comment = comment[:17]
	gone := idea[:16] + "0"
	if gone == idea {
		gone = idea[:16] + "1"
	}
	for name, c := range map[string]struct {
		words  func(field string) string
		status int // 0 = whatever it is, an error
		before func(*reader) *reader
		gone   bool
	}{
		"too often":  {status: http.StatusTooManyRequests, before: func(r *reader) *reader { m.refuse.Store(true); return r }},
		"failing":    {status: http.StatusInternalServerError, before: func(r *reader) *reader { m.fail.Store(true); return r }},
		"signed out": {status: http.StatusUnauthorized, before: func(*reader) *reader { return s.reader() }},
		"too long":   {words: func(f string) string { return "mine: " + f + strings.Repeat(" x", 17_000) }},
		"gone":       {gone: true},
	} {
		for f, form := range formsWithWords {
			pattern, _, _ := strings.Cut(f, " (")
			path := strings.NewReplacer("POST ", "", "{id}", idea, "{c}", comment).Replace(pattern)
			r := ann
			if strings.HasPrefix(path, "/team") || strings.HasSuffix(path, "/status") || strings.HasPrefix(path, "/edit") { // which is late for its author
				r = boss
			}
			if strings.HasPrefix(path, "/team/members") {
				path = "/team/members/" + s.memberID("ann@example.com")
			}
			if c.gone {
				if !strings.Contains(path, idea) {
					continue
				}
				path = strings.Replace(path, idea, gone, 1)
			}
			if c.before != nil {
				r = c.before(r)
			}
			v, err := url.ParseQuery(strings.NewReplacer("IDEA", idea, "COMMENT", comment).Replace(form.fixed))
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for field := range strings.FieldsSeq(form.fields) {
				words := "mine: " + field
				switch field {
				case "link":
					words = "https://mine.example/link"
				case "email":
					words = "mine@example.com"
				}
				if c.words != nil {
					words = c.words(field)
				}
				v.Set(field, words)
				want = append(want, words)
			}
			s.clock.pass(time.Minute)
			r.request(http.MethodPost, path, v)
			m.refuse.Store(false)
			m.fail.Store(false)
			s.clock.pass(10 * time.Minute) // refusals are remembered
			if got := r.last.StatusCode; path == "/team/bulk" && got == http.StatusOK {
				r.sees("was left as it is") // each idea for itself
			} else if got < 400 || c.status != 0 && got != c.status {
				t.Errorf("%s, %s = %d", f, name, got)
			}
			if diff := cmp.Diff(want, r.written(want)); diff != "" {
				t.Errorf("%s, %s = %d: typed (-) and there again (+):\n%s", f, name, r.last.StatusCode, diff)
			}
		}
	}
}

// written are those of the texts that the page has in fields.
func (r *reader) written(texts []string) (out []string) {
	has := map[string]bool{}
	for n := range r.page.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "textarea" && n.FirstChild != nil:
			has[n.FirstChild.Data] = true
		case n.Data == "input":
			has[attr(n, "value")] = true
		}
	}
	for _, s := range texts {
		if has[s] {
			out = append(out, s)
		}
	}
	return out
}
