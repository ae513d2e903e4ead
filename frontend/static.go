package frontend

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// StaticPath is the folder of the assets in the portal's addresses.
const StaticPath = "/static/"

type asset struct {
	name        string // with the hash: app.1a2b3c4d.css
	contentType string
	body        []byte
	gzipped     func() []byte // nil inside if that is no smaller
}

type assets struct {
	byFile map[string]*asset // app.css
	byName map[string]*asset // app.1a2b3c4d.css
}

var loaded = sync.OnceValue(func() assets {
	a := assets{map[string]*asset{}, map[string]*asset{}}
	files, _ := Files.ReadDir("static") // embedded: can't fail
	for _, f := range files {
		body, _ := Files.ReadFile("static/" + f.Name())
		sum := sha256.Sum256(body)
		ext := path.Ext(f.Name())
		s := &asset{
			name:        strings.TrimSuffix(f.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext,
			contentType: contentType(ext),
			body:        body,
			gzipped:     sync.OnceValue(func() []byte { return Gzip(body) }),
		}
		a.byFile[f.Name()], a.byName[s.name] = s, s
	}
	return a
})

// contentType does not ask the machine: what /etc/mime.types says differs.
func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(ext)
}

// Asset is the address of a file in static/, with its hash. A name that is not
// there is a mistake in a template; its address leads to a 404, and a test fails.
func Asset(file string) string {
	if s := loaded().byFile[file]; s != nil {
		return StaticPath + s.name
	}
	return StaticPath + file
}

// Build names the content of this package: it changes when a template, a message
// or an asset does.
var Build = sync.OnceValue(func() string {
	h := sha256.New()
	_ = fs.WalkDir(Files, ".", func(name string, d fs.DirEntry, err error) error { // embedded: can't fail
		if err != nil || d.IsDir() {
			return err
		}
		b, err := Files.ReadFile(name)
		h.Write([]byte(name))
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8])
})

// Static writes the asset with the hashed name and reports whether there is one.
// Under its name it never changes, so it may be kept for ever (RFC 8246).
func Static(w http.ResponseWriter, r *http.Request, name string) bool {
	s := loaded().byName[name]
	if s == nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", s.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	body := s.body
	if AcceptsGzip(r) {
		if z := s.gzipped(); z != nil {
			body = z
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the only error is a reader who has gone
	}
	return true
}

// AcceptsGzip reports whether the client takes gzip. It knows no quality values
// but a refusal ("gzip;q=0"): no browser sends others.
func AcceptsGzip(r *http.Request) bool {
	for _, v := range r.Header["Accept-Encoding"] {
		for part := range strings.SplitSeq(v, ",") {
			name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
			if name == "gzip" {
				return strings.TrimRight(strings.TrimSpace(q), ".0") != "q="
			}
		}
	}
	return false
}

// zippers are kept, since each one holds a megabyte of tables.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// Gzip compresses b, or returns nil if that does not make it smaller.
func Gzip(b []byte) []byte {
	var out bytes.Buffer
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(b) // a bytes.Buffer never fails
	_ = z.Close()
	if out.Len() >= len(b) {
		return nil
	}
	return out.Bytes()
}
