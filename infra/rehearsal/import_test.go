package rehearsal

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var importID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// moveIn imports a small file in bytes that are no UTF-8, by the console's forms, and
// finds its idea; the row that can't be taken is there to be downloaded.
func (s *stack) moveIn(boss *client) {
	s.Helper()
	const form, origin = "application/x-www-form-urlencoded", "https://" + host
	part := func(name, value string) string {
		return "--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	file := "id,title,category,status,votes,created,author,email,body\n1,Caf\xe9 at night,coffee,launched,7,2024-03-01,Zo\xe9,zoe@example.com,<p>Late</p>\n2,X,coffee,new,1,2024-03-01,,,\n"
	body := part("preset", "generic") + part("source", "acme") +
		"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ideas.csv\"\r\nContent-Type: text/csv\r\n\r\n" + file + "\r\n--edge--\r\n"
	s.hide("zoe@example.com")
	boss.want(http.StatusSeeOther, "POST", "/team/import", body, "Content-Type", "multipart/form-data; boundary=edge", "Origin", origin)
	look := boss.want(http.StatusOK, "GET", "/team/import", "")
	id := importID.FindStringSubmatch(look.body)
	if id == nil || !strings.Contains(look.body, "Café at night") {
		s.Fatalf("the look at a file:\n%s", look.body)
	}
	boss.want(http.StatusSeeOther, "POST", "/team/import/reading", url.Values{"id": {id[1]}, "preset": {"generic"}, "source": {"acme"}}.Encode(), "Content-Type", form, "Origin", origin)
	mails := len(s.ses.Sent())
	boss.want(http.StatusSeeOther, "POST", "/team/import/step", url.Values{"id": {id[1]}}.Encode(), "Content-Type", form, "Origin", origin)
	if done := boss.want(http.StatusOK, "GET", "/team/import", ""); !strings.Contains(done.body, `data-state="done"`) {
		s.Fatalf("the import's end:\n%s", done.body)
	}
	if left := boss.want(http.StatusOK, "GET", "/team/import/left?id="+id[1], ""); !strings.Contains(left.body, ",2,X,coffee") || strings.Contains(left.body, "night") {
		s.Errorf("rows that were left: %q", left.body)
	}
	boss.want(http.StatusSeeOther, "POST", "/team/import/end", url.Values{"id": {id[1]}}.Encode(), "Content-Type", form, "Origin", origin)
	s.settle()
	if a := boss.want(http.StatusOK, "GET", "/api/v1/ideas?status=launched&sort=top", ""); !strings.Contains(a.body, "Café at night") {
		s.Errorf("the imported idea is not listed: %s", a.body)
	}
	if n := len(s.ses.Sent()); n != mails {
		s.Errorf("%d mails about imported history", n-mails)
	}
}
