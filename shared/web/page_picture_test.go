package web_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"groundswell/shared/brand"
	"groundswell/shared/picture"
	"groundswell/shared/portal"
	"groundswell/shared/web"
)

// An idea's page names its picture, as previews of links want it; the picture is
// drawn anew when what it shows has changed, and not sent again when it has not.
func TestPicture(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{adjust: func(s *web.Server, p *portal.Portal) { s.Pictures = picture.New(p, "Groundswell", brand.Default()) }})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea(`Umbrellas & "hooks"`)
	s.settle()
	path := "/ideas/" + id + "/card.png"

	r := s.reader().open("/ideas/" + id).want(200)
	for _, tag := range []string{
		`<meta property="og:image" content="` + base + path + `">`,
		`<meta property="og:image:width" content="1200">`, `<meta property="og:image:height" content="630">`,
		`<meta property="og:image:alt" content="Umbrellas &amp; &#34;hooks&#34; · 0 votes · Groundswell">`,
		`<meta name="twitter:card" content="summary_large_image">`,
	} {
		if !strings.Contains(r.body, tag) {
			t.Errorf("the page lacks %s", tag)
		}
	}
	r.open(path).want(200).header("Content-Type", "image/png")
	img, err := png.DecodeConfig(bytes.NewReader([]byte(r.body)))
	if err != nil || img.Width != 1200 || img.Height != 630 {
		t.Fatalf("the picture is %dx%d, %v", img.Width, img.Height, err)
	}
	if c := r.last.Header.Get("Cache-Control"); !strings.HasPrefix(c, "public, max-age=") {
		t.Errorf("the picture's Cache-Control is %q", c)
	}
	tag, before := r.last.Header.Get("Etag"), r.body
	if r.open(path, "If-None-Match", tag).want(304); r.body != "" {
		t.Error("a picture that is known is sent again")
	}

	ada.open("/ideas/"+id).fill("/ideas/"+id+"/vote", "do", "cast").want(200)
	s.settle()
	if r.open(path, "If-None-Match", tag).want(200); r.body == before {
		t.Error("a vote does not show on the picture")
	}
	r.open("/ideas/0000000000000000/card.png").want(404)
	r.open("/ideas/..%2f/card.png").want(404)
	if r.open("/").want(200); strings.Contains(r.body, "og:image") {
		t.Error("the front page shows a picture that it does not have")
	}
}

// Where no pictures are drawn, another function draws them: the address is not an
// idea's slug.
func TestNoPictures(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	id := s.reader().signIn("ada@example.com").newIdea("Umbrellas")
	s.reader().open("/ideas/" + id + "/card.png").want(404)
}
