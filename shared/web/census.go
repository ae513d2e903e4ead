package web

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"groundswell/shared/portal"
)

// A lately keeps what was read a moment ago: of what every visitor sees and nobody
// needs to the second, a process reads one copy for all of them.
type lately[T any] struct {
	mu    sync.Mutex
	value T
	ok    bool
	until time.Time
}

const (
	// keepLately is how old such a value may be.
	keepLately = 3 * time.Second
	// readLately is how long a page waits for one that it can do without.
	readLately = 2 * time.Second
)

// get reads the value unless it is fresh. A failure is told once in keepLately:
// until the next try the last value goes on, and ok is false if there never was one.
func (l *lately[T]) get(ctx context.Context, now time.Time, log *slog.Logger, read func(context.Context) (T, error)) (value T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.until) {
		return l.value, l.ok
	}
	// Who asked first may go away: the others are waiting for the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readLately)
	defer cancel()
	v, err := read(ctx)
	if l.until = now.Add(keepLately); err != nil {
		log.WarnContext(ctx, "not_counted", "error", err)
		return l.value, l.ok
	}
	l.value, l.ok = v, true
	return v, true
}

// census starts to read how many ideas there are, and returns what waits for it. A
// page is shown without the numbers rather than not at all: ok is false if there
// are none.
func (s *Server) census(r *http.Request) (wait func() (c portal.Census, ok bool)) {
	return soon(s, r, &s.counted, s.Portal.Census)
}

// launches is the same for what became real.
func (s *Server) launches(r *http.Request) (wait func() (l portal.Launches, ok bool)) {
	return soon(s, r, &s.launched, s.Portal.Launches)
}

func soon[T any](s *Server, r *http.Request, from *lately[T], read func(context.Context) (T, error)) func() (T, bool) {
	type answer struct {
		value T
		ok    bool
	}
	ch := make(chan answer, 1)
	go func() {
		v, ok := from.get(r.Context(), s.Portal.Clock(), s.Log, read)
		ch <- answer{v, ok}
	}()
	return func() (T, bool) {
		a := <-ch
		return a.value, a.ok
	}
}

// ideaCount is a number of ideas in JSON: null if they can't be counted now.
func ideaCount(c portal.Census, ok bool, category string, status portal.Status) *int {
	if !ok {
		return nil
	}
	n := c.Count(category, status)
	return &n
}
