package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"groundswell/shared/portal"
)

// letters says in the letter who asked for what.
type letters struct{}

func (letters) Launched(baseURL string, l portal.LaunchPreview) (portal.Letter, error) {
	last := l.Page.History[len(l.Page.History)-1]
	return portal.Letter{Subject: "About <" + l.Page.Idea.Title + ">", Text: "Text: " + last.Note + " " + last.Link + " " + baseURL,
		HTML: "<html><head></head><body><p style=\"color:red\">" + l.To.Name + "</p></body></html>"}, nil
}

func (letters) Merged(baseURL string, n portal.MergeNews) (portal.Letter, error) {
	return portal.Letter{Subject: n.Idea.Title + " is " + n.Into.Title, Text: "Text: " + baseURL, HTML: "<html><head></head><body>" + n.To.Name + "</body></html>"}, nil
}

func TestMailPreview(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea for two")
	author, err := s.server.Portal.Store.MemberByEmail(t.Context(), "ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	team := s.reader().signIn("team@example.com")
	to := url.Values{"to": {author.ID}, "note": {"It is *here*"}, "link": {"https://tea.example.com/"}, "status": {"launched"}, "version": {"1"}}
	team.request(http.MethodPost, "/team/ideas/"+id+"/mail", to).want(404) // nobody writes letters here

	s.server.Letters = letters{}
	team.open("/team/ideas/"+id).want(200).sees("member-", "English")
	if csp := team.last.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the console's policy is %s", csp)
	}
	team.request(http.MethodPost, "/team/ideas/"+id+"/mail", to).want(200).sees("About <Tea for two>", "Text: It is *here* https://tea.example.com/ https://ideas.example.com")
	csp := team.last.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'self'", "form-action 'none'", "style-src 'self' 'unsafe-inline'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the mail's policy has no %s: %s", want, csp)
		}
	}
	if strings.Contains(csp, "script-src") {
		t.Errorf("a mail may run scripts: %s", csp)
	}
	if !strings.Contains(team.body, `srcdoc="&lt;html&gt;&lt;head&gt;&lt;base target=&#34;_blank&#34;&gt;`) {
		t.Errorf("the mail is not in its frame:\n%s", team.body)
	}
	s.reader().open("/ideas/" + id).sees("Submitted").seesNot("Launched")

	to.Set("link", "nonsense")
	team.request(http.MethodPost, "/team/ideas/"+id+"/mail", to).want(422).sees("must be an address")
	if csp := team.last.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self'") {
		t.Errorf("a frame can't show what is wrong: %s", csp)
	}
	to.Set("to", "nobody")
	to.Del("link")
	team.request(http.MethodPost, "/team/ideas/"+id+"/mail", to).want(404).sees("would get no mail")

	own := team.newIdea("Tea for us all")
	team.open("/team/ideas/" + own).want(200).sees("this idea is your own")
}
