package rehearsal

import (
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"strings"
	"sync"
	"testing"

	"groundswell/infra/rehearsal/fakeaws"
	"groundswell/shared/portal"
)

// parts are a mail's parts by media type, decoded.
func parts(s *stack, m fakeaws.Mail) map[string]string {
	s.Helper()
	typ, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || typ != "multipart/alternative" {
		s.Fatalf("mail of type %q, %v", typ, err)
	}
	_, body, _ := strings.Cut(string(m.Raw), "\r\n\r\n")
	r := multipart.NewReader(strings.NewReader(body), params["boundary"])
	out := map[string]string{}
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return out
		}
		if err != nil {
			s.Fatal(err)
		}
		typ, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			s.Fatal(err)
		}
		out[typ] = string(b)
	}
}

type ideaAnswer struct {
	Idea struct {
		ID, Slug, URL, Status string
		Votes, Comments       int
		Voted                 bool
		Version               int64
	}
}

func (c *client) submit(title string) string {
	c.Helper()
	var a ideaAnswer
	res := c.want(http.StatusCreated, "POST", "/api/v1/ideas", fmt.Sprintf(`{"title":%q,"body":"Because **why not**.","category":"food"}`, title),
		"Idempotency-Key", title)
	if err := res.json(&a); err != nil {
		c.Fatal(err)
	}
	return a.Idea.ID
}

func (c *client) idea(id string) ideaAnswer {
	c.Helper()
	var a ideaAnswer
	if err := c.want(http.StatusOK, "GET", "/api/v1/ideas/"+id, "").json(&a); err != nil {
		c.Fatal(err)
	}
	return a
}

// launched are the Launched mails to an address about an idea.
func (s *stack) launched(email, id string) (mails []fakeaws.Mail) {
	s.Helper()
	for _, m := range s.ses.SentTo(email) {
		if strings.Contains(parts(s, m)["text/plain"], "/ideas/"+id) {
			mails = append(mails, m)
		}
	}
	return mails
}

// TestJourney walks the whole way in good weather: sign in, submit, vote, discuss,
// launch, read the mail.
func TestJourney(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	ann, bob, boss := s.client("ann@example.com").signIn(), s.client("bob@example.com").signIn(), s.client("boss@example.com").signIn()

	id := ann.submit("Kännchen & Tässchen 咖啡")
	if again := ann.submit("Kännchen & Tässchen 咖啡"); again != id {
		t.Errorf("the same key made %s and %s", id, again)
	}
	s.settle()
	for _, c := range []*client{bob, boss, bob} {
		if a := c.want(http.StatusOK, "PUT", "/api/v1/ideas/"+id+"/vote", ""); !strings.Contains(a.body, `"voted":true`) {
			t.Error(a.body)
		}
	}
	bob.want(http.StatusCreated, "POST", "/api/v1/ideas/"+id+"/comments", `{"body":"So do I."}`)
	if a := bob.want(http.StatusOK, "GET", "/api/v1/ideas/"+id+"/comments", ""); !strings.Contains(a.body, "So do I.") {
		t.Errorf("comments %s", a.body)
	}
	bob.want(http.StatusOK, "PUT", "/api/v1/ideas/"+id+"/follow", "")
	s.settle()
	if a := bob.idea(id); a.Idea.Votes != 2 || !a.Idea.Voted || a.Idea.Comments != 1 {
		t.Errorf("%+v", a.Idea)
	}
	bob.want(http.StatusForbidden, "POST", "/api/v1/ideas/"+id+"/status", `{"status":"planned"}`)
	boss.want(http.StatusOK, "POST", "/api/v1/ideas/"+id+"/status", `{"status":"planned"}`, "If-Match", `"1"`)
	boss.want(http.StatusPreconditionFailed, "POST", "/api/v1/ideas/"+id+"/status", `{"status":"launched"}`, "If-Match", `"1"`)
	boss.want(http.StatusOK, "POST", "/api/v1/ideas/"+id+"/status", `{"status":"launched","note":"In every shop **from today**."}`)
	s.deskwork(boss, id)
	s.settle()
	s.moveIn(boss)

	// Bob follows: the step on the way may be overtaken by the launch, which never is.
	if n := len(s.launched(bob.email, id)); n != 1 && n != 2 {
		t.Errorf("%d mails to a follower", n)
	}
	if n := len(s.launched(boss.email, id)); n != 0 {
		t.Errorf("%d mails to who did it", n)
	}
	mails := s.launched(ann.email, id)
	if len(mails) != 1 {
		t.Fatalf("%d Launched mails", len(mails))
	}
	p := parts(s, mails[0])
	link := "https://" + host + "/ideas/" + id + "/"
	for typ, words := range map[string][]string{"text/plain": {link, "In every shop", "Kännchen & Tässchen 咖啡"},
		"text/html": {link, "<strong>from today</strong>", "Kännchen &amp; Tässchen 咖啡"}} {
		for _, w := range words {
			if !strings.Contains(p[typ], w) {
				t.Errorf("the %s part lacks %q:\n%s", typ, w, p[typ])
			}
		}
	}
	// The link in the mail leads somewhere.
	i := strings.Index(p["text/plain"], link)
	path := strings.Fields(p["text/plain"][i:])[0][len("https://"+host):]
	if a := ann.want(http.StatusOK, "GET", path, ""); !strings.Contains(a.body, "Kännchen &amp; Tässchen 咖啡") {
		t.Error("the mail's link shows another page")
	}
	for _, c := range []struct {
		path, holds string
	}{{"/", "Kännchen"}, {"/in-action", "Kännchen"}, {"/roadmap", "Kännchen"}, {"/?sort=top&category=food&status=launched", "Kännchen"},
		{"/sign-in", "email"}, {"/api/v1/openapi.json", `"3.1`}, {"/api/v1/categories", "food"}, {"/api/v1/statuses", "launched"}, {"/api/v1/ideas?sort=new", id},
		{"/feed.atom?status=launched", "Kännchen"}, {"/sw.js", "/offline/zh"}, {"/offline/zh", "网络断开了"}, {"/ideas/" + id + "/card.png", "\x89PNG"}} {
		if a := s.client("").want(http.StatusOK, "GET", c.path, ""); !strings.Contains(a.body, c.holds) {
			t.Errorf("%s lacks %q", c.path, c.holds)
		}
	}
	if a := s.client("").call("HEAD", "/", ""); a.status != http.StatusOK || a.body != "" {
		t.Errorf("HEAD /: %d, %d bytes", a.status, len(a.body))
	}
	if a := s.client("").call("GET", "/nowhere", ""); a.status != http.StatusNotFound || !strings.Contains(a.body, "<html") {
		t.Errorf("GET /nowhere: %d %.100s", a.status, a.body)
	}

	// Whoever leaves is gone, with every session; what they gave stays.
	if a := bob.want(http.StatusOK, "GET", "/api/v1/me/export", ""); !strings.Contains(a.body, "So do I.") || !strings.Contains(a.body, bob.email) {
		t.Errorf("export %s", a.body)
	}
	bob.want(http.StatusUnprocessableEntity, "DELETE", "/api/v1/me", `{"confirm":"ann@example.com"}`)
	bob.want(http.StatusNoContent, "DELETE", "/api/v1/me", `{"confirm":"bob@example.com"}`)
	bob.want(http.StatusUnauthorized, "GET", "/api/v1/me", "")
	s.settle()
	if a := ann.want(http.StatusOK, "GET", "/api/v1/ideas/"+id, ""); !strings.Contains(a.body, `"name":"former member"`) || !strings.Contains(a.body, `"votes":2`) {
		t.Errorf("the idea, after bob has left: %s", a.body)
	}
	bob.signIn().want(http.StatusOK, "GET", "/api/v1/me", "")

	ann.want(http.StatusNoContent, "POST", "/api/v1/sign-out", "")
	ann.want(http.StatusUnauthorized, "GET", "/api/v1/me", "")
	if n := len(s.dead.Messages()); n != 0 {
		t.Errorf("%d dead messages", n)
	}
}

// TestMailFaults launches ideas under each fault of SES at once: every submitter
// gets the mail once, whatever happens to the others; only where SES took it and the
// answer got lost, at most twice.
func TestMailFaults(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	ann, boss := s.client("ann@example.com").signIn(), s.client("boss@example.com").signIn()
	cases := map[string]struct {
		faults     []fakeaws.Fault
		least, top int
	}{
		"throttled twice":         {[]fakeaws.Fault{fakeaws.Throttle, fakeaws.Throttle}, 1, 1},
		"over the daily quota":    {[]fakeaws.Fault{fakeaws.QuotaExceeded}, 1, 1},
		"rejected":                {[]fakeaws.Fault{fakeaws.Reject}, 0, 0},
		"paused":                  {[]fakeaws.Fault{fakeaws.Pause, fakeaws.Pause}, 1, 1},
		"broken before":           {[]fakeaws.Fault{fakeaws.CloseBefore}, 1, 1},
		"accepted, answer lost":   {[]fakeaws.Fault{fakeaws.CloseAfter}, 1, 2},
		"accepted, then silence":  {[]fakeaws.Fault{fakeaws.HangAfter}, 1, 2},
		"killed between the two":  {nil, 1, 2},
		"nothing wrong, for once": {nil, 1, 1},
	}
	ids := map[string]string{}
	for name := range cases {
		ids[name] = ann.submit("Idea for: " + name)
	}
	s.settle()
	var mu sync.Mutex
	sends := map[string]int{}
	of := func(m fakeaws.Mail) (name string) {
		for name := range cases {
			if strings.Contains(string(m.Raw), "/ideas/"+ids[name]) || strings.Contains(m.Subject, name) {
				return name
			}
		}
		return ""
	}
	s.ses.Decide = func(m fakeaws.Mail) fakeaws.Fault {
		mu.Lock()
		defer mu.Unlock()
		name := of(m)
		n := sends[name]
		if sends[name]++; n < len(cases[name].faults) {
			return cases[name].faults[n]
		}
		return fakeaws.NoFault
	}
	s.ses.OnAccept = func(m fakeaws.Mail) {
		mu.Lock()
		first := of(m) == "killed between the two" && sends["killed between the two"] == 1
		mu.Unlock()
		if first {
			s.functions["mail"].Kill()
		}
	}
	for _, id := range ids {
		boss.want(http.StatusOK, "POST", "/api/v1/ideas/"+id+"/status", `{"status":"launched"}`)
	}
	s.settle()
	for name, c := range cases {
		if n := len(s.launched(ann.email, ids[name])); n < c.least || n > c.top {
			t.Errorf("%s: %d mails; want %d to %d", name, n, c.least, c.top)
		}
		if sends[name] < len(c.faults)+c.least {
			t.Errorf("%s: %d sends tried", name, sends[name])
		}
	}
}

// TestChaos does the journey of many members while functions are killed in
// mid-invocation and every batch may come twice; then it counts everything itself.
func TestChaos(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	var members []*client
	for i := range 5 {
		members = append(members, s.client(fmt.Sprintf("m%d@example.com", i)).signIn())
	}
	boss := s.client("boss@example.com").signIn()
	s.unleash(rand.New(rand.NewPCG(1, 2)))
	var ideas []string
	author := map[string]*client{}
	for i := range 4 {
		id := members[i].submit(fmt.Sprintf("Chaos %d", i))
		ideas, author[id] = append(ideas, id), members[i]
	}
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 60 {
		c, id := members[r.IntN(len(members))], ideas[r.IntN(len(ideas))]
		switch r.IntN(4) {
		case 0:
			c.want(http.StatusOK, "DELETE", "/api/v1/ideas/"+id+"/vote", "")
		case 1:
			c.want(http.StatusCreated, "POST", "/api/v1/ideas/"+id+"/comments", fmt.Sprintf(`{"body":"number %d"}`, n))
		default:
			c.want(http.StatusOK, "PUT", "/api/v1/ideas/"+id+"/vote", "")
		}
		if n%10 == 9 {
			s.step()
		}
	}
	for _, id := range ideas[:2] {
		// Killed after the commit, the repeated request meets "has this status already".
		if a := boss.call("POST", "/api/v1/ideas/"+id+"/status", `{"status":"launched"}`); a.status != http.StatusOK && a.status != http.StatusConflict {
			t.Fatalf("launch: %d %s", a.status, a.body)
		}
	}
	for range 30 { // the chaos goes on while everything is delivered
		s.round()
	}
	s.unleash(nil)
	s.settle()
	for i, id := range ideas {
		votes, comments := s.count(id)
		card, err := s.store.CardOf(t.Context(), id)
		if err != nil || card.Votes != votes || card.Comments != comments {
			t.Errorf("idea %d: card has %d votes and %d comments, %v; counted %d and %d", i, card.Votes, card.Comments, err, votes, comments)
		}
		// A kill that hits between SES's answer and the ledger may make it two.
		if n := len(s.launched(author[id].email, id)); (i < 2) != (n > 0) || n > 2 {
			t.Errorf("idea %d: %d Launched mails", i, n)
		}
	}
}

// count counts an idea's votes and comments from their own records.
func (s *stack) count(id string) (votes, comments int) {
	s.Helper()
	for cursor := ""; ; {
		cs, next, err := s.store.Comments(s.Context(), id, cursor, portal.MaxLimit)
		if err != nil {
			s.Fatal(err)
		}
		comments += len(cs)
		if cursor = next; cursor == "" {
			break
		}
	}
	counts, err := s.store.Counts(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	for _, t := range counts.Lanes {
		if err := s.store.CellVotes(s.Context(), id, t, -1, func(portal.Vote) { votes++ }); err != nil {
			s.Fatal(err)
		}
	}
	return votes, comments
}
