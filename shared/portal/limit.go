package portal

import (
	"context"
	"fmt"
	"net/netip"
	"time"
)

// limit is how often something may happen in a window. Votes have none: a vote is
// one record, repeating it changes nothing, and a counter would double its price.
type limit struct {
	name   string
	n      int
	window time.Duration
}

var (
	limitSubmit         = limit{"ideas", 60, time.Hour}
	limitComment        = limit{"comments", 300, time.Hour}
	limitCodeEmail      = limit{"code-email", 10, time.Hour}
	limitCodeAddress    = limit{"code-address", 50, 15 * time.Minute}
	limitConfirmAddress = limit{"confirm-address", 100, 15 * time.Minute}
)

// limit counts one use by subject and refuses past the limit: TooMany. An address
// of this machine itself is not limited: it tells nobody apart.
func (p *Portal) limit(ctx context.Context, l limit, subject string) error {
	if a, err := netip.ParseAddr(subject); err == nil && a.IsLoopback() {
		return nil
	}
	now := p.now()
	start := now.Truncate(l.window)
	ok, err := p.Store.CountUse(ctx, Use{Name: l.name, Subject: subject, Window: start, Limit: l.n, Until: start.Add(2 * l.window)})
	if err != nil {
		return fmt.Errorf("count %s: %w", l.name, err)
	}
	if !ok {
		return tooMany("too_many_"+l.name, "That was a lot at once. Try again a little later.", start.Add(l.window).Sub(now))
	}
	return nil
}

// Use is one use to count in a window.
type Use struct {
	Name, Subject string
	Window        time.Time
	Limit         int
	Until         time.Time // when the count can be forgotten
}

func tooMany(code, msg string, wait time.Duration) *Error {
	return &Error{Kind: TooMany, Code: code, Msg: msg, RetryAfter: wait}
}
