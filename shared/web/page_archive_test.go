package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// An archive can be read without the portal, in the member's language, and says the
// same as the export.
func TestArchive(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea <b>for</b> two")
	s.settle()
	ada.open("/ideas/"+id).fill("/ideas/"+id+"/vote").want(200).fill("/ideas/"+id+"/comments", "body", "Yes, **please** <script>alert(1)</script>").want(200)
	s.settle()
	for lang, want := range map[string][]string{
		"en": {`<html lang="en">`, "My archive: Groundswell", "My ideas", "Tea &lt;b&gt;for&lt;/b&gt; two", "<strong>please</strong>", "ada@example.com", "Where you are signed in"},
		"zh": {`<html lang="zh">`, "我的存档：Groundswell", "ada@example.com"},
	} {
		ada.request(http.MethodPost, "/language", url.Values{"language": {lang}, "next": {"/me"}}).want(200)
		ada.open("/me/archive").want(200)
		if got := ada.last.Header; got.Get("Content-Type") != "application/zip" || got.Get("Content-Disposition") != `attachment; filename="my-data.zip"` || got.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", got)
		}
		files := unzip(t, ada.body)
		page := files["index.html"]
		for _, text := range want {
			if !strings.Contains(page, text) {
				t.Errorf("%s: no %q in\n%s", lang, text, page)
			}
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "style=") || files["style.css"] == "" {
			t.Errorf("the page has what it should not:\n%s", page)
		}
		if _, err := html.Parse(strings.NewReader(page)); err != nil {
			t.Error(err)
		}
		var data struct {
			Member struct{ Email string }
			Ideas  []struct{ ID, Title string }
			Votes  []struct {
				IdeaID string `json:"idea_id"`
			}
		}
		if err := json.Unmarshal([]byte(files["data.json"]), &data); err != nil || data.Member.Email != "ada@example.com" || len(data.Ideas) != 1 || len(data.Votes) != 1 || data.Votes[0].IdeaID != id {
			t.Errorf("%+v, %v", data, err)
		}
	}
	s.reader().open("/me/archive").want(200).sees("No password")
}

func unzip(t *testing.T, body string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(b)
	}
	return files
}
