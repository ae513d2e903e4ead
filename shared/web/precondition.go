package web

import (
	"net/http"
	"strconv"
	"strings"
)

// notAVersion is what an entity tag means that we never gave: no idea has it, so
// the use case answers Stale, after it has checked who asks and what for.
const notAVersion = -1

// setVersion names an idea's version: what If-Match compares with. It is no tag
// of the whole answer, which also holds counts, so If-None-Match is not looked at.
func setVersion(w http.ResponseWriter, version int64) {
	w.Header()["Etag"] = []string{`"` + strconv.FormatInt(version, 10) + `"`}
}

// ifMatch is the version of the idea that the client saw: 0 for any ("*", or no
// header at all). It takes one entity tag; weak ones never match (RFC 9110, 13.1.1).
func ifMatch(r *http.Request) (int64, error) {
	values := r.Header.Values("If-Match")
	if len(values) == 0 {
		return 0, nil
	}
	tag := strings.TrimSpace(values[0])
	if tag == "*" && len(values) == 1 {
		return 0, nil
	}
	opaque, weak := strings.CutPrefix(tag, "W/")
	if len(values) > 1 || len(opaque) < 2 || opaque[0] != '"' || strings.IndexByte(opaque[1:], '"') != len(opaque)-2 {
		return 0, badRequest("If-Match", "malformed", `If-Match must be one version in double quotes, such as "3".`)
	}
	n, err := strconv.ParseInt(opaque[1:len(opaque)-1], 10, 64)
	if weak || err != nil || n < 1 {
		return notAVersion, nil
	}
	return n, nil
}
