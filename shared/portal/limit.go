package portal

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"time"
)

// How often somebody may do something is one table: [Rates]; docs/limits.md shows it,
// and a test holds the two together. A use case asks allow, behind what is wrong with
// the input (a slip of the pen costs nothing) and before its write.
//
// # How it is counted
//
// A quota is a bucket that holds N uses and fills up again evenly within Per (the
// generic cell rate algorithm): all of it may go at once, and then one use comes back
// each Per/N. So who has to wait, waits for the next use and not for the end of some
// hour, the wait is known to the millisecond, and a bucket is one time stamp: when it
// is full again. Counters of fixed windows would let twice the number through around
// each full hour.
//
// # What it costs
//
// A use that is written down costs one read and one write. That is right for what costs
// several writes itself, or a mail. It is not right for votes: a vote is two write
// units, and must stay cheap when a hundred thousand come (at most 2.1 units each, all
// that follows included: infra/rehearsal). So a vote is counted twice over, cheaply:
// each process counts exactly what comes to itself, in memory; and one vote in 64,
// drawn by lot, is written down and stands for 64 of them. Whoever votes by script meets
// the first on a single process and the second on many; 1/64 of a write a vote is all
// it costs. A vote is a record of its own besides: repeating one adds nothing, and the
// member's own id stands on each, so that votes can be looked into, and left out,
// afterwards (see integrity.go). What no member can be made to pay for, all visitors
// together, is throttled by the HTTP API (template.yaml).
//
// Searches and lists write nothing: each process counts them for itself. The processes
// of a function do not know each other; the number of them is the factor by which such a
// limit may be off.
//
// A process that has heard a refusal gives the same answer until it is over, without
// asking the table again: a flood costs nothing but the invocations.
//
// # Who is counted
//
// A member by id, an e-mail address by its hash, a network by a hash that is keyed
// anew every week and forgotten with the bucket (see network.go). A network is an IPv4
// address or an IPv6 /64; it may be an office, a school, a whole carrier, so its quotas
// are wide, about as much as thirty busy people do. An address of this machine or of a
// private network tells nobody apart and is not counted: it is a proxy's.
//
// The team is held to one quota for everything that it does; it has to work through
// long lists.

// Quota is how often: N uses within Per, N of them at once.
type Quota struct {
	N     int
	Per   time.Duration
	Write Written
}

// Written says which uses of a quota are written down.
type Written int

// Each use is written down, or none: then each process counts for itself. Any other
// number means one in so many, by lot, and that each process counts besides.
const (
	Each Written = 1
	None Written = 0
)

// Rate is how often somebody may do one kind of thing; a Quota without N is no limit.
type Rate struct {
	Name    string // in the code of the refusal, behind "too_many_", and in metrics
	What    string // for docs/limits.md
	Member  Quota
	Fresh   Quota // of a member in the first day, where that differs
	Network Quota
	Email   Quota // of the address that a mail goes to
}

// FreshFor is how long a member is new here.
const FreshFor = 24 * time.Hour

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

var (
	rateIdeas    = Rate{Name: "ideas", What: "Submit an idea", Member: Quota{60, hour, Each}, Fresh: Quota{20, hour, Each}, Network: Quota{600, hour, 4}}
	rateComments = Rate{Name: "comments", What: "Comment", Member: Quota{300, hour, Each}, Fresh: Quota{60, hour, Each}, Network: Quota{2000, hour, 4}}
	rateEdits    = Rate{Name: "edits", What: "Change or delete what one wrote", Member: Quota{300, hour, Each}, Network: Quota{2000, hour, 4}}
	rateVotes    = Rate{Name: "votes", What: "Vote, or take a vote back", Member: Quota{1200, hour, 64}, Fresh: Quota{600, hour, 64}, Network: Quota{6000, 10 * minute, None}}
	rateFollows  = Rate{Name: "follows", What: "Follow an idea, or end that", Member: Quota{600, hour, 4}, Fresh: Quota{120, hour, 4}, Network: Quota{6000, 10 * minute, None}}
	rateReports  = Rate{Name: "reports", What: "Report an idea or a comment", Member: Quota{30, hour, Each}, Fresh: Quota{10, hour, Each}, Network: Quota{200, hour, 4}}
	rateAppeals  = Rate{Name: "appeals", What: "Answer a decision of the team", Member: Quota{10, day, Each}, Network: Quota{100, day, 4}}
	rateProfile  = Rate{Name: "profile", What: "Change name, language, mail preferences, end a session", Member: Quota{120, hour, Each}, Network: Quota{2000, hour, 4}}
	rateLinks    = Rate{Name: "links", What: "The same by a link in a mail, without signing in", Member: Quota{60, hour, Each}}
	rateExports  = Rate{Name: "exports", What: "Take one's data away", Member: Quota{20, hour, Each}, Network: Quota{120, hour, Each}}
	rateGoodbye  = Rate{Name: "goodbye", What: "Confirm the end of the account with a wrong address", Member: Quota{20, hour, Each}, Network: Quota{120, hour, Each}}
	rateAgain    = Rate{Name: "mail_again", What: "Ask for mail again after it came back", Member: Quota{3, day, Each}, Network: Quota{60, day, Each}}
	rateCodes    = Rate{Name: "codes", What: "Ask for a sign-in code", Email: Quota{10, 3 * hour, Each}, Network: Quota{50, 15 * minute, Each}}
	rateConfirms = Rate{Name: "confirms", What: "Enter a sign-in code", Network: Quota{100, 15 * minute, Each}}
	rateSearches = Rate{Name: "searches", What: "Search, or look for similar ideas", Member: Quota{300, 5 * minute, None}, Network: Quota{1500, 5 * minute, None}}
	rateBehalf   = Rate{Name: "behalf", What: "Write an idea down for a customer, who is mailed", Email: Quota{10, day, Each}}
	rateTeam     = Rate{Name: "team", What: "Whatever the team does", Member: Quota{3000, hour, Each}}
)

// Rates are all of them, in the order of docs/limits.md.
func Rates() []Rate {
	return []Rate{rateIdeas, rateComments, rateEdits, rateVotes, rateFollows, rateReports, rateAppeals, rateProfile, rateLinks, rateExports, rateGoodbye,
		rateAgain, rateCodes, rateConfirms, rateSearches, rateBehalf, rateTeam}
}

// allow counts one use by the actor, and by the actor's network, and refuses past a
// quota: TooMany, with the time until there is room again.
func (p *Portal) allow(ctx context.Context, a Actor, r Rate) error {
	if a.Team() {
		return p.take(ctx, rateTeam, rateTeam.Member, a.ID, "too_many_"+rateTeam.Name)
	}
	if a.SignedIn() {
		q := r.Member
		if r.Fresh.N > 0 && p.now().Sub(a.CreatedAt) < FreshFor {
			q = r.Fresh
		}
		if err := p.take(ctx, r, q, a.ID, "too_many_"+r.Name); err != nil {
			return err
		}
	}
	return p.allowNetwork(ctx, a.From, r)
}

// teamWrites is needTeam for what the team changes: it also counts.
func (p *Portal) teamWrites(ctx context.Context, a Actor) error {
	if err := a.needTeam(); err != nil {
		return err
	}
	return p.allow(ctx, a, rateTeam)
}

// allowNetwork counts one use by a network alone.
func (p *Portal) allowNetwork(ctx context.Context, from netip.Addr, r Rate) error {
	net := networkOf(from)
	if r.Network.N == 0 || net == "" {
		return nil
	}
	subject := net // in memory
	if r.Network.Write != None {
		var err error
		if subject, err = p.blind(ctx, "limit", net); err != nil {
			return err
		}
	}
	return p.take(ctx, r, r.Network, subject, "busy_network")
}

// take counts one use of a quota by the subject.
func (p *Portal) take(ctx context.Context, r Rate, q Quota, subject, code string) error {
	if q.N == 0 {
		return nil
	}
	u := Use{Name: r.Name, Subject: subject, Quota: q, Cost: 1, At: p.now()}
	wait := p.heard.refused(u)
	if wait == 0 && q.Write != Each {
		wait = p.heard.take(u)
	}
	if wait == 0 && q.Write != None {
		var err error
		if wait, err = p.write(ctx, u); err != nil {
			return err
		}
	}
	if wait == 0 {
		return nil
	}
	return tooMany(code, "That was a lot at once.", wait)
}

// write counts a use in the table, or with a quota of which not each is written, one
// in so many.
func (p *Portal) write(ctx context.Context, u Use) (wait time.Duration, err error) {
	if u.Cost = int(u.Quota.Write); u.Cost > 1 {
		var lot [1]byte
		if _, err := io.ReadFull(p.IDs.Rand, lot[:]); err != nil {
			return 0, fmt.Errorf("draw lots for %s: %w", u.Name, err)
		}
		if int(lot[0])%u.Cost != 0 { // exact, for shares are powers of two
			return 0, nil
		}
	}
	if wait, err = p.Store.CountUse(ctx, u); err != nil {
		return 0, fmt.Errorf("count %s: %w", u.Name, err)
	}
	if wait > 0 {
		p.heard.refuse(u, wait)
	}
	return wait, nil
}

// Use is one use, or Cost of them, to be counted against a quota.
type Use struct {
	Name, Subject string
	Quota         Quota
	Cost          int
	At            time.Time
}

// Take is the rule of a quota: full is when the bucket will be full again if nothing
// is taken; the result is when it will be once this use was, or how long to wait for
// that.
func (u Use) Take(full time.Time) (next time.Time, wait time.Duration) {
	if full.Before(u.At) {
		full = u.At
	}
	next = full.Add(time.Duration(u.Cost) * (u.Quota.Per / time.Duration(u.Quota.N)))
	return next, max(0, next.Sub(u.At)-u.Quota.Per)
}

// tooMany says in words, too, when to go on: a JSON client shows Msg as it is.
func tooMany(code, msg string, wait time.Duration) *Error {
	return &Error{Kind: TooMany, Code: code, Msg: msg + " You can go on in " + waitText(wait) + ".", RetryAfter: wait}
}

func waitText(d time.Duration) string {
	n, unit := int64((d+time.Second-1)/time.Second), "second"
	switch {
	case d > 2*hour:
		n, unit = int64((d+hour-1)/hour), "hour"
	case d > 2*minute:
		n, unit = int64((d+minute-1)/minute), "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}
