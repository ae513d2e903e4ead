package rehearsal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestModeration: a report, a decision, an answer, a vote that does not count, and the
// log of all that; and the author hears of it by mail.
func TestModeration(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	ann, bob, boss := s.client("ann@example.com").signIn(), s.client("bob@example.com").signIn(), s.client("boss@example.com").signIn()
	id := ann.submit("Cheap watches")
	s.settle()
	bob.want(http.StatusOK, "PUT", "/api/v1/ideas/"+id+"/vote", "")
	bob.want(http.StatusNoContent, "POST", "/api/v1/ideas/"+id+"/report", `{"reason":"spam","words":"Watches again."}`)
	if a := boss.want(http.StatusOK, "GET", "/api/v1/team/queue?queue=reports", ""); !strings.Contains(a.body, "Watches again.") || !strings.Contains(a.body, id) {
		t.Errorf("queue %s", a.body)
	}
	if a := boss.want(http.StatusOK, "GET", "/team/queue", ""); !strings.Contains(a.body, "Watches again.") {
		t.Error("the page of the queue lacks the report")
	}
	boss.want(http.StatusNoContent, "POST", "/api/v1/ideas/"+id+"/moderation", `{"act":"decline","reason":"spam","note":"No shop windows."}`)
	s.settle()
	bob.want(http.StatusNotFound, "GET", "/api/v1/ideas/"+id, "")
	if a := bob.want(http.StatusOK, "GET", "/api/v1/ideas?sort=new", ""); strings.Contains(a.body, id) {
		t.Error("a hidden idea is listed")
	}
	told := ""
	for _, m := range s.ses.SentTo(ann.email) {
		if strings.Contains(m.Subject, "taken your idea off") {
			told += parts(s, m)["text/plain"]
		}
	}
	if strings.Count(told, "No shop windows.") != 1 {
		t.Errorf("ann was told %q", told)
	}
	ann.want(http.StatusNoContent, "POST", "/api/v1/ideas/"+id+"/appeal", `{"words":"They are good watches."}`)
	boss.want(http.StatusNoContent, "POST", "/api/v1/ideas/"+id+"/moderation", `{"act":"approve"}`)
	s.settle()
	if a := bob.idea(id); a.Idea.Votes != 1 {
		t.Errorf("%d votes", a.Idea.Votes)
	}
	var me struct{ Member struct{ ID string } }
	if err := bob.want(http.StatusOK, "GET", "/api/v1/me", "").json(&me); err != nil {
		t.Fatal(err)
	}
	boss.want(http.StatusOK, "POST", "/api/v1/members/"+me.Member.ID+"/sanctions", `{"act":"exclude","reason":"spam"}`)
	s.settle()
	if a := ann.idea(id); a.Idea.Votes != 0 {
		t.Errorf("excluded: %d votes", a.Idea.Votes)
	}
	boss.want(http.StatusOK, "POST", "/api/v1/members/"+me.Member.ID+"/sanctions", `{"act":"include"}`)
	s.settle()
	if a := ann.idea(id); a.Idea.Votes != 1 {
		t.Errorf("included again: %d votes", a.Idea.Votes)
	}
	for _, q := range []string{"", "what=hide", "whose=" + url.QueryEscape(me.Member.ID)} {
		if a := boss.want(http.StatusOK, "GET", "/api/v1/team/log?"+q, ""); !strings.Contains(a.body, `"what"`) {
			t.Errorf("log by %q: %s", q, a.body)
		}
	}
	if err := boss.want(http.StatusOK, "GET", "/api/v1/me", "").json(&me); err != nil {
		t.Fatal(err)
	}
	if a := boss.want(http.StatusOK, "GET", "/api/v1/team/log?by="+me.Member.ID, ""); !strings.Contains(a.body, `"hide"`) {
		t.Errorf("log %s", a.body)
	}
	if a := boss.want(http.StatusOK, "GET", "/api/v1/me/export", ""); !strings.Contains(a.body, `"hide"`) {
		t.Error("an export lacks what its member did")
	}
}
