package fakeaws

import (
	"net"
	"net/http"
)

// Edge stands before a gateway as infra/stack/edge.yaml does: it knows the stage,
// and says under which host and from which address a visitor came. It keeps
// nothing.
func Edge(stage string, api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		in := r.Clone(r.Context())
		in.Header.Set("X-Viewer-Host", r.Host)
		in.Header.Set("X-Viewer-Address", host)
		in.URL.Path = "/" + stage + r.URL.Path
		in.URL.RawPath = ""
		api.ServeHTTP(w, in)
	})
}
