package portal

import (
	"sync"
	"time"
)

// heard is what this process knows of quotas without asking the table: what it counts
// itself, and until when it has to refuse. The zero value is ready. It keeps networks
// and member ids in memory alone.
type heard struct {
	mu    sync.Mutex
	full  map[string]time.Time // of what is counted here
	until map[string]time.Time // of what was refused by the table
}

// maxHeard bounds each of the two. Past it what is over is dropped, and if that is not
// enough everything: a process that is asked by so many starts to count anew.
const maxHeard = 50_000

func (u Use) key() string { return u.Name + "\x00" + u.Subject }

// take counts a use here.
func (h *heard) take(u Use) (wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	next, wait := u.Take(h.full[u.key()])
	if wait == 0 {
		h.full = keep(h.full, u, next)
	}
	return wait
}

// refused is for how long the use is known to be refused.
func (h *heard) refused(u Use) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return max(0, h.until[u.key()].Sub(u.At))
}

// refuse keeps a refusal in mind.
func (h *heard) refuse(u Use, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.until = keep(h.until, u, u.At.Add(wait))
}

func keep(m map[string]time.Time, u Use, t time.Time) map[string]time.Time {
	if len(m) >= maxHeard {
		for k, t := range m {
			if !t.After(u.At) {
				delete(m, k)
			}
		}
		if len(m) >= maxHeard {
			clear(m)
		}
	}
	if m == nil {
		m = map[string]time.Time{}
	}
	m[u.key()] = t
	return m
}
