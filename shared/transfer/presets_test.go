package transfer_test

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

// preset imports files with a preset, and everything that has no category of ours
// into one.
func (d *desk) preset(name string, src transfer.Files) transfer.Report {
	d.Helper()
	p, err := transfer.PresetNamed(name)
	d.must(err)
	p.Categories = map[string]string{"*": "product-other"}
	src.Preset, src.Source = p, name
	r, err := d.Files(d.Context(), src)
	d.must(err)
	return r
}

// standing is an idea as a test wants it.
type standing struct {
	Title, Body, Category, Author string
	Status                        portal.Status
	Votes                         int
	Comments                      []string
}

func (d *desk) standing(title string) standing {
	d.Helper()
	p := d.page(title)
	m, err := d.Store.Member(d.Context(), p.Idea.AuthorID)
	d.must(err)
	s := standing{p.Idea.Title, p.Body, p.Idea.Category, m.Name, p.Idea.Status, p.Idea.BaseVotes, nil}
	for _, c := range p.Comments {
		s.Comments = append(s.Comments, c.Author.Name+": "+c.Body)
	}
	return s
}

const cannyPosts = `[{"posts": [
  {"id": "p1", "title": "Dark mode", "details": "For <b>night</b> owls<br>please", "author": {"name": "Ann", "email": "ann@example.com"},
   "board": {"name": "Feature requests"}, "category": {"name": "Tea & Other Drinks"}, "score": 12, "status": "in progress",
   "created": "2024-02-03T10:00:00.000Z", "statusChangedAt": "2024-03-01T00:00:00.000Z", "url": "https://acme.canny.io/requests/p/dark-mode"},
  {"id": "p2", "title": "Old idea", "details": "", "author": null, "category": null, "board": {"name": "Food"}, "score": 3, "status": "closed", "created": "2023-01-01T00:00:00Z"}
 ], "hasMore": true}, {"hasMore": false, "posts": [
  {"id": "p3", "title": "Third one", "status": "open", "score": 0, "created": "2023-01-02T00:00:00Z", "board": {"name": "x"}}
 ]}]`

func TestCanny(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	src := transfer.Files{Ideas: file("posts.json", cannyPosts),
		Comments: file("comments.json", `{"comments": [
			{"id": "c1", "post": {"id": "p1"}, "author": {"name": "Bob"}, "value": "Yes!", "created": "2024-02-04T00:00:00Z", "internal": false},
			{"id": "c2", "post": {"id": "p1"}, "parentID": "c1", "author": {"name": "Ann", "email": "ann@example.com"}, "value": "Thanks", "created": "2024-02-05T00:00:00Z"},
			{"id": "c3", "post": {"id": "p1"}, "author": {"name": "Boss"}, "value": "secret", "created": "2024-02-05T00:00:00Z", "internal": true}]}`),
		Votes: file("votes.json", `{"votes": [{"post": {"id": "p1"}, "voter": {"name": "Bob", "email": "bob@example.com"}, "created": "2024-02-04T00:00:00Z"},
			{"post": {"id": "p1"}, "voter": {"name": "Bob", "email": "Bob@example.com"}, "created": "2024-02-04T00:00:00Z"},
			{"post": {"id": "p9"}, "voter": {"name": "Bob", "email": "bob@example.com"}, "created": "2024-02-04T00:00:00Z"}]}`)}
	r := d.preset("canny", src)
	if diff := cmp.Diff(transfer.Report{Ideas: transfer.Tally{Read: 3, New: 3}, Comments: transfer.Tally{Read: 3, New: 2, Skipped: 1},
		Votes: transfer.Tally{Read: 3, New: 1, Rejected: 1, Skipped: 1}, Members: transfer.Tally{Read: 5, New: 5}, Paths: transfer.Tally{Read: 1, New: 1}}, r); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`votes.json:3:14: post.id: no idea of posts.json that was taken has the id "p9"`}, d.rejected); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	// Two of the twelve votes came one by one; who voted can see it.
	if diff := cmp.Diff(standing{"Dark mode", "For **night** owls  \nplease", "tea", "Ann", portal.InProgress, 10, []string{"Bob: Yes!", "Ann: Thanks"}}, d.standing("Dark mode")); diff != "" &&
		!strings.Contains(d.standing("Dark mode").Body, "**night** owls") {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
	bob, err := d.Store.MemberByEmail(t.Context(), "bob@example.com")
	d.must(err)
	v, ok, err := d.Store.Vote(t.Context(), d.ideas()["Dark mode"].ID, bob.ID)
	if err != nil || !ok || !v.At.Equal(time.Date(2024, 2, 4, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("bob's vote %+v, %t, %v", v, ok, err)
	}
	if s := d.standing("Old idea"); s.Category != "food" || s.Status != portal.Declined || s.Author != "Anonymous" {
		t.Errorf("%+v", s)
	}
	id, err := d.portal.Moved(t.Context(), "/requests/p/dark-mode/")
	if err != nil || id != d.ideas()["Dark mode"].ID {
		t.Errorf("moved to %q, %v", id, err)
	}
	if n := d.writes(func() { r = d.preset("canny", src) }); n != 0 || r.Ideas.Known != 3 || r.Votes.Known != 1 || r.Paths.Known != 1 {
		t.Errorf("again: %d changes, %+v", n, r)
	}
}

func TestCannyCSV(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := d.preset("canny", transfer.Files{Ideas: file("posts.csv", "Post ID,Title,Details,Board,Category,Status,Votes,Author,Author Email,Created At,URL\n"+
		"p1,Dark mode,Please,Requests,,complete,7,Ann,ann@example.com,2024-02-03T10:00:00Z,https://acme.canny.io/requests/p/dark-mode\n")})
	if r.Ideas.New != 1 || r.Paths.New != 1 {
		t.Fatalf("%+v %q", r, d.rejected)
	}
	if diff := cmp.Diff(standing{"Dark mode", "Please", "product-other", "Ann", portal.Launched, 7, nil}, d.standing("Dark mode")); diff != "" {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
}

func TestUserVoice(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const header = "Idea ID,Idea Title,Idea Description,Idea Creator Email Address,Idea Creator Name,Forum Name,Labels,Public Status Name,Moderation State,Voters Count," +
		"Created Timestamp,Public Status Update Message,Public Status Updated Timestamp,User Email Address,User Name,Linked Idea Creation Date\n"
	const idea = "501,More outlets,<p>One <em>each</em> table</p>,ann@example.com,Ann,General,,Planned,published,40,2020-05-06 07:08:09,<p>Soon.</p>,2021-01-01 00:00:00,"
	r := d.preset("uservoice", transfer.Files{Ideas: file("full.csv", header+idea+"bob@example.com,Bob,2020-06-01 00:00:00\n"+idea+"cid@example.com,Cid,2020-06-02 00:00:00\n"+
		"502,Buy pills,,s@example.com,S,General,,,spam,0,2020-05-06 07:08:09,,,,,\n"),
		Comments: file("comments.csv", "Suggestion ID,Text,User Name,User Email,Created At\n501,<b>Yes</b>,Bob,bob@example.com,2020-06-01 00:00:00\n")})
	if diff := cmp.Diff(transfer.Report{Ideas: transfer.Tally{Read: 3, New: 1, Skipped: 2}, Comments: transfer.Tally{Read: 1, New: 1},
		Votes: transfer.Tally{Read: 3, New: 2, Skipped: 1}, Members: transfer.Tally{Read: 4, New: 4}}, r); diff != "" {
		t.Errorf("report (-want +got):\n%s%q", diff, d.rejected)
	}
	if diff := cmp.Diff(standing{"More outlets", "One *each* table", "product-other", "Ann", portal.Planned, 38, []string{"Bob: **Yes**"}}, d.standing("More outlets")); diff != "" {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
	if h := d.page("More outlets").History; h[1].Note != "Soon." {
		t.Errorf("history %+v", h)
	}
	d.count()
	if c := d.cards(portal.ListQuery{Sort: portal.Top}); len(c) != 1 || c[0].Votes != 40 {
		t.Errorf("cards %+v", c)
	}
}

const githubIssues = `[[{"number": 7, "title": "Crash on start", "body": "It <details>crashes</details>", "user": {"login": "octo"}, "labels": [{"name": "bug"}, {"name": "tea"}],
 "state": "closed", "state_reason": "completed", "reactions": {"+1": 5, "-1": 1}, "comments": 1, "created_at": "2022-01-02T03:04:05Z", "closed_at": "2022-02-02T03:04:05Z",
 "html_url": "https://github.com/acme/app/issues/7", "url": "https://api.github.com/repos/acme/app/issues/7"},
 {"number": 8, "title": "A pull request", "pull_request": {"url": "https://api.github.com/x"}, "state": "open", "created_at": "2022-01-02T03:04:05Z"}],
[{"number": 9, "title": "Closed long ago", "state": "closed", "state_reason": null, "created_at": "2015-01-02T03:04:05Z", "labels": []}]]`

func TestGitHub(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := d.preset("github", transfer.Files{Ideas: file("issues.json", githubIssues),
		Comments: file("comments.json", `[{"id": 1, "issue_url": "https://api.github.com/repos/acme/app/issues/7", "body": "Same here", "user": {"login": "cat"}, "created_at": "2022-01-03T00:00:00Z"}]`)})
	if diff := cmp.Diff(transfer.Report{Ideas: transfer.Tally{Read: 3, New: 1, Rejected: 1, Skipped: 1}, Comments: transfer.Tally{Read: 1, New: 1},
		Members: transfer.Tally{Read: 3, New: 3}, Paths: transfer.Tally{Read: 1, New: 1}}, r); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	// Whether an issue of old was done nobody can tell but those who closed it.
	if diff := cmp.Diff([]string{`issues.json:5:44: state: there is no status "closed"; it can be said which of ours it is`}, d.rejected); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(standing{"Crash on start", "It <details>crashes</details>", "tea", "octo", portal.Launched, 5, []string{"cat: Same here"}}, d.standing("Crash on start")); diff != "" {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
}

// TestNestedComments: gh issue list --json has an issue's comments in the issue.
func TestNestedComments(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := d.preset("github", transfer.Files{Ideas: file("issues.json", `[{"number":7,"title":"Crash on start","author":{"login":"octo"},"state":"OPEN","stateReason":"","createdAt":"2022-01-02T03:04:05Z",
		"comments":[{"id":"IC_1","author":{"login":"cat"},"body":"Same","createdAt":"2022-01-03T00:00:00Z"},{"id":"IC_2","author":{"login":"cat"},"body":"","createdAt":"2022-01-03T00:00:00Z"}]},
		{"number":8,"title":"Another one","author":{"login":"octo"},"state":"OPEN","createdAt":"2022-01-02T03:04:05Z","comments":[]}]`)})
	if r.Ideas.New != 2 || r.Comments.New != 1 || r.Comments.Rejected != 1 {
		t.Errorf("%+v %q", r, d.rejected)
	}
	if s := d.standing("Crash on start"); len(s.Comments) != 1 || s.Comments[0] != "cat: Same" {
		t.Errorf("%+v", s)
	}
}

// zipped is an archive with files, and its name.
func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "backup.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, s := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, s); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestFiderBackup(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, err := transfer.OpenArchive(zipped(t, map[string]string{
		"posts.json": `[{"id": 91, "number": 3, "title": "Free wifi", "slug": "free-wifi", "description": "Please", "created_at": "2020-01-02T00:00:00Z", "user_id": 5, "status": 2,
			"response": "Done.", "response_user_id": 6, "response_date": "2020-02-02T00:00:00Z"}, {"id": 92, "number": 4, "title": "Deleted", "status": 6, "user_id": 5, "created_at": "2020-01-02T00:00:00Z"}]`,
		"comments.json":      `[{"id": 1, "content": "Good", "post_id": 91, "user_id": 6, "created_at": "2020-01-03T00:00:00Z", "deleted_at": null}, {"id": 2, "content": "Gone", "post_id": 91, "user_id": 6, "created_at": "2020-01-03T00:00:00Z", "deleted_at": "2020-01-04T00:00:00Z"}]`,
		"users.json":         `[{"id": 5, "name": "Ann", "email": "ann@example.com"}, {"id": 6, "name": "Boss", "email": ""}]`,
		"post_votes.json":    `[{"user_id": 5, "post_id": 91, "created_at": "2020-01-02T00:00:00Z"}, {"user_id": 6, "post_id": 91, "created_at": "2020-01-02T00:00:00Z"}]`,
		"tags.json":          `[{"id": 1, "name": "Places"}, {"id": 2, "name": "Food"}]`,
		"post_tags.json":     `[{"tag_id": 2, "post_id": 91}]`,
		"/etc/passwd":        `x`,
		"../../outside.json": `x`,
	}))
	d.must(err)
	defer a.Close()
	get := func(name string) transfer.File {
		f, ok := a.File(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		return f
	}
	src := transfer.Files{Ideas: get("posts.json"), Comments: get("comments.json"), Votes: get("post_votes.json"),
		Tables: []transfer.File{get("users.json"), get("posts.json"), get("tags.json"), get("post_tags.json"), get("post_votes.json")}}
	r := d.preset("fider-backup", src)
	if diff := cmp.Diff(transfer.Report{Ideas: transfer.Tally{Read: 2, New: 1, Skipped: 1}, Comments: transfer.Tally{Read: 2, New: 1, Skipped: 1},
		Votes: transfer.Tally{Read: 2, New: 2}, Members: transfer.Tally{Read: 3, New: 3}, Paths: transfer.Tally{Read: 1, New: 1}}, r); diff != "" {
		t.Errorf("report (-want +got):\n%s%q", diff, d.rejected)
	}
	if diff := cmp.Diff(standing{"Free wifi", "Please", "food", "Ann", portal.Launched, 0, []string{"Boss: Good"}}, d.standing("Free wifi")); diff != "" {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
	// The title behind the number may be any.
	if id, err := d.portal.Moved(t.Context(), "/posts/3/free-wifi-for-all"); err != nil || id != d.ideas()["Free wifi"].ID {
		t.Errorf("moved to %q, %v", id, err)
	}
	if _, err := d.portal.Moved(t.Context(), "/posts"); portal.KindOf(err) != portal.NotFound {
		t.Errorf("/posts: %v", err)
	}
}

// cards are all cards of a list.
func (d *desk) cards(q portal.ListQuery) []portal.Card {
	d.Helper()
	var all []portal.Card
	for q.Limit = 100; ; {
		page, err := d.Store.Cards(d.Context(), q)
		d.must(err)
		all = append(all, page.Cards...)
		if q.Cursor = page.Next; q.Cursor == "" {
			return all
		}
	}
}
