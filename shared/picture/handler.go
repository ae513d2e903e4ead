package picture

import (
	"log/slog"
	"net/http"
	"time"

	"groundswell/shared/portal"
)

// Pattern is the pictures' address, as http.ServeMux takes it.
const Pattern = "GET /ideas/{id}/card.png"

// Handler serves the pictures alone, as the function does that has nothing else.
// In the local program they are a route of shared/web, which calls [Maker.Serve].
func (m *Maker) Handler(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(Pattern, func(w http.ResponseWriter, r *http.Request) {
		start, status := time.Now(), http.StatusOK
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		switch err := m.Serve(w, r, r.PathValue("id")); {
		case err == nil:
		case portal.KindOf(err) == portal.NotFound:
			status = http.StatusNotFound
			w.Header().Set("Cache-Control", "public, max-age=60")
			http.Error(w, "There is no such idea.", status)
		default:
			log.Error("picture_failed", "request_id", r.Header.Get("X-Request-Id"), "error", err)
			status = http.StatusInternalServerError
			http.Error(w, "Something went wrong.", status)
		}
		// As shared/web writes it: an alarm counts the 500s.
		log.Info("request", "method", r.Method, "route", Pattern, "status", status, "ms", float64(time.Since(start).Microseconds())/1000, "request_id", r.Header.Get("X-Request-Id"))
	})
	return mux
}
