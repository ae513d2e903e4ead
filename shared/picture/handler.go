package picture

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/trace"
)

// Pattern is the pictures' address, as http.ServeMux takes it.
const Pattern = "GET /ideas/{id}/card.png"

// Handler serves the pictures alone, as the function does that has nothing else.
// In the local program they are a route of shared/web, which calls [Maker.Serve].
func (m *Maker) Handler(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(Pattern, func(w http.ResponseWriter, r *http.Request) {
		start, status := time.Now(), http.StatusOK
		ctx := context.WithoutCancel(r.Context()) // the reader may be gone, the line has its ids
		log := log.With("request_id", r.Header.Get("X-Request-Id"), "trace_id", trace.Root(r.Header.Get(trace.Header)))
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		switch err := m.Serve(w, r, r.PathValue("id")); {
		case err == nil:
		case portal.KindOf(err) == portal.NotFound:
			status = http.StatusNotFound
			w.Header().Set("Cache-Control", "public, max-age=60")
			http.Error(w, "There is no such idea.", status)
		default:
			log.ErrorContext(ctx, "picture_failed", "error", err)
			status = http.StatusInternalServerError
			http.Error(w, "Something went wrong.", status)
		}
		// As shared/web writes it: an alarm counts the 500s.
		log.InfoContext(ctx, "request", "method", r.Method, "route", Pattern, "status", status, "ms", float64(time.Since(start).Microseconds())/1000)
	})
	return mux
}
