package frontend_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"groundswell/frontend"
)

func TestStatic(t *testing.T) {
	t.Parallel()
	files, err := fs.ReadDir(frontend.Files, "static")
	if err != nil || len(files) == 0 {
		t.Fatalf("no assets: %v", err)
	}
	for _, f := range files {
		want, err := fs.ReadFile(frontend.Files, "static/"+f.Name())
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(frontend.Asset(f.Name()), frontend.StaticPath)
		for _, encoding := range []string{"", "gzip"} {
			r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
			r.Header.Set("Accept-Encoding", encoding)
			if !frontend.Static(w, r, name) {
				t.Fatalf("there is no %s", name)
			}
			got := w.Body.Bytes()
			if w.Header().Get("Content-Encoding") == "gzip" {
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				if got, err = io.ReadAll(z); err != nil {
					t.Fatal(err)
				}
			} else if encoding == "gzip" && len(want) > 1000 {
				t.Errorf("%s is not compressed", name)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s (%q) is not what the file holds", name, encoding)
			}
			if h := w.Header(); h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Vary") != "Accept-Encoding" || h.Get("Content-Type") == "" {
				t.Errorf("%s: %v", name, h)
			}
		}
		if frontend.Static(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), f.Name()) {
			t.Errorf("%s is served without its hash, for ever", f.Name())
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{"": false, "gzip": true, "gzip, deflate, br": true, "br,gzip;q=0.5": true, "gzip;q=0": false, "gzip; q=0.0": false, "xgzip": false, "br": false} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if got := frontend.AcceptsGzip(r); got != want {
			t.Errorf("AcceptsGzip(%q) = %v", header, got)
		}
	}
}

// console are the files that the team's pages alone load.
var console = []string{"team.css", "team.js", "keys.js", "board.js", "desk.css", "pick.js", "import.js"}

// A first visit loads the page, the style sheet, a script and an icon: 50 KB on
// the wire are the budget for all of it, and a third of them for the assets.
func TestAssetsAreSmall(t *testing.T) {
	t.Parallel()
	total, desk := 0, 0
	files, _ := fs.ReadDir(frontend.Files, "static")
	for _, f := range files {
		b, err := fs.ReadFile(frontend.Files, "static/"+f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if z := frontend.Gzip(b); z != nil {
			b = z
		}
		if slices.Contains(console, f.Name()) {
			desk += len(b)
		} else {
			total += len(b)
		}
	}
	if desk > 16_000 {
		t.Errorf("the console's assets take %d bytes compressed", desk)
	}
	if total > 17_000 {
		t.Errorf("the assets take %d bytes compressed", total)
	}
	t.Logf("%d bytes compressed, %d the console's", total, desk)
}
