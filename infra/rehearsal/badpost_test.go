package rehearsal

import (
	"fmt"
	"sync"

	"groundswell/infra/rehearsal/fakeaws"
)

// badPost is an SES on a bad day: it throttles every second send, and of the mails that
// it takes, it leaves some without an answer: the connection breaks, or nothing comes
// until the sender gives up. That happens once an address, because the next try has to
// wait for the lease's end.
type badPost struct {
	cut, hang int // of so many mails taken, the answer to one is cut off; to one there is silence
	hangs     int // that often at most: each takes a sender ten seconds

	mu                                    sync.Mutex
	calls, throttled, taken, broken, hung int
	lost                                  map[string]int // answers, by address
}

func (p *badPost) decide(m fakeaws.Mail) fakeaws.Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls++; p.calls%2 == 0 {
		p.throttled++
		return fakeaws.Throttle
	}
	if p.lost == nil {
		p.lost = map[string]int{}
	}
	p.taken++
	switch to := m.Destinations[0]; {
	case p.lost[to] > 0:
	case p.taken%p.hang == 0 && p.hung < p.hangs:
		p.hung++
		p.lost[to]++
		return fakeaws.HangAfter
	case p.taken%p.cut == 0:
		p.broken++
		p.lost[to]++
		return fakeaws.CloseAfter
	}
	return fakeaws.NoFault
}

func (p *badPost) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("SES throttled %d of %d sends, took %d mails, broke off the answer to %d and was silent after %d",
		p.throttled, p.calls, p.taken, p.broken, p.hung)
}
