package web_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"
)

// atomFeed is what RFC 4287 wants of a feed, as a reader of feeds sees it.
type atomFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID        string `xml:"id"`
		Title     string `xml:"title"`
		Updated   string `xml:"updated"`
		Published string `xml:"published"`
		Author    string `xml:"author>name"`
		Link      struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func (r *reader) feed(path string, header ...string) (f atomFeed) {
	r.t.Helper()
	r.open(path, header...).want(200).header("Content-Type", "application/atom+xml; charset=utf-8")
	if err := xml.Unmarshal([]byte(r.body), &f); err != nil {
		r.t.Fatalf("%s: %v\n%s", path, err, r.body)
	}
	for _, at := range append([]string{f.Updated}, func() (all []string) {
		for _, e := range f.Entries {
			all = append(all, e.Updated, e.Published)
		}
		return all
	}()...) {
		if _, err := time.Parse(time.RFC3339, at); err != nil {
			r.t.Errorf("%s: %q is no RFC 3339 time", path, at)
		}
	}
	if len(f.Links) != 2 || f.Links[0].Rel != "self" || f.Links[0].Href != f.ID || f.ID != base+path || f.Links[1].Rel != "alternate" {
		r.t.Errorf("%s: the feed is %s with links %v", path, f.ID, f.Links)
	}
	return f
}

func TestFeed(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader()
	if f := r.feed("/feed.atom"); len(f.Entries) != 0 || f.Title != "Groundswell" {
		t.Errorf("an empty portal's feed: %+v", f)
	}
	ada := s.reader().signIn("ada@example.com")
	first := ada.newIdea("Tea & <milk>")
	second := ada.newIdea("Umbrellas")
	s.settle()

	f := r.feed("/feed.atom")
	if len(f.Entries) != 2 || f.Entries[0].ID != base+"/ideas/"+second || f.Entries[1].Title != "Tea & <milk>" ||
		f.Entries[1].Link.Href != base+"/ideas/"+first+"/tea-milk" || f.Entries[0].Author == "" || f.Updated != f.Entries[0].Updated {
		t.Errorf("the feed: %+v", f)
	}
	tag := r.last.Header.Get("Etag")
	if r.open("/feed.atom", "If-None-Match", tag).want(304); r.body != "" {
		t.Error("a feed that is known is sent again")
	}
	if f := r.feed("/feed.atom?status=launched"); len(f.Entries) != 0 || f.Title != "Groundswell · Launched" {
		t.Errorf("nothing is launched: %+v", f)
	}

	boss := s.reader().signIn("team@example.com")
	boss.open("/ideas/"+first).fill("/ideas/"+first+"/status", "status", "launched", "note", "It is here.").want(200)
	s.settle()
	launched := r.feed("/feed.atom?status=launched", "Accept-Language", "zh")
	if len(launched.Entries) != 1 || launched.Entries[0].ID != base+"/ideas/"+first+"#launched" || launched.Lang != "zh" || launched.Links[1].Href != base+"/in-action" {
		t.Errorf("one idea is launched: %+v", launched)
	}
	if f := r.feed("/feed.atom?category=tea&status=launched"); len(f.Entries) != 1 {
		t.Errorf("the category's feed: %+v", f)
	}
	r.open("/feed.atom?status=lost").want(422)

	for page, link := range map[string]string{
		"/": "/feed.atom", "/?sort=top&category=tea": "/feed.atom?category=tea", "/?status=planned": "/feed.atom?status=planned", "/in-action": "/feed.atom?status=launched",
	} {
		if r.open(page).want(200); !strings.Contains(r.body, `<link rel="alternate" type="application/atom+xml" title="New ideas" href="`+link+`">`) {
			t.Errorf("%s does not lead to %s", page, link)
		}
	}
	if r.open("/?q=tea").want(200); strings.Contains(r.body, "/feed.atom") {
		t.Error("a search has a feed, which would be another list")
	}
}
