package portal

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Rules of addresses that mail does not reach, or whose owner does not want it.
const (
	SoftBounces  = 5                    // mails that could not be delivered for a while before the address counts as dead
	SoftWindow   = 14 * 24 * time.Hour  // within which they have to be
	CodeRetry    = 24 * time.Hour       // a dead address gets a sign-in code once in this time, to see whether it lives again
	BounceMemory = 180 * 24 * time.Hour // how long a bounce, or what is known of nobody's address, is remembered
)

// Suppression is what the portal knows of an address from the answers of other mail
// servers. It holds facts, each with the time it happened, and not what follows from
// them, so that facts may come twice, late and in any order: see With.
type Suppression struct {
	Complaint time.Time    // the owner last said that a mail of ours is spam
	Bounce    time.Time    // the address last did not exist, or took no mail for good
	Soft      []SoftBounce // the last mails that it did not take for a while, newest first; at most SoftBounces
	Arrived   time.Time    // of the mails that were tried in spite of a bounce, when the last one arrived
	Lifted    time.Time    // the owner, or an operator, last said to go on

	Tried   time.Time // a sign-in code was last sent in spite of a bounce
	TriedID string    // which one
	Version int64     // 0 = nothing is known
}

// SoftBounce is a mail that could not be delivered for a while: a full mailbox.
type SoftBounce struct {
	Mail string // names the mail
	At   time.Time
}

// The reasons why an address gets no mail.
const (
	BarredComplaint = "complaint" // nothing but sign-in codes, for which somebody asks
	BarredBounce    = "bounce"    // nothing but a sign-in code a day
	BarredSoft      = "soft_bounces"
)

// With adds the facts of another Suppression. The result depends neither on the
// order in which facts are added nor on how often.
func (s Suppression) With(o Suppression) Suppression {
	s.Complaint, s.Bounce = later(s.Complaint, o.Complaint), later(s.Bounce, o.Bounce)
	s.Arrived, s.Lifted = later(s.Arrived, o.Arrived), later(s.Lifted, o.Lifted)
	if c := o.Tried.Compare(s.Tried); c > 0 || c == 0 && o.TriedID > s.TriedID {
		s.Tried, s.TriedID = o.Tried, o.TriedID
	}
	soft := slices.Concat(s.Soft, o.Soft)
	slices.SortFunc(soft, func(a, b SoftBounce) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Mail, b.Mail)) })
	s.Soft = nil
	for _, b := range soft { // of one mail the last
		if len(s.Soft) < SoftBounces && !slices.ContainsFunc(s.Soft, func(have SoftBounce) bool { return have.Mail == b.Mail }) {
			s.Soft = append(s.Soft, b)
		}
	}
	return s
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Barred is why the address gets no mail, and since when; "" if it gets mail.
func (s Suppression) Barred() (why string, since time.Time) {
	alive := later(s.Arrived, s.Lifted)
	switch {
	case s.Complaint.After(s.Lifted):
		return BarredComplaint, s.Complaint
	case s.Bounce.After(alive):
		return BarredBounce, s.Bounce
	case len(s.Soft) == SoftBounces:
		if first, last := s.Soft[SoftBounces-1].At, s.Soft[0].At; first.After(alive) && last.Sub(first) <= SoftWindow {
			return BarredSoft, last
		}
	}
	return "", time.Time{}
}

// StopsMail reports whether a mail that nobody asked for has to stay away.
func (s Suppression) StopsMail() bool {
	why, _ := s.Barred()
	return why != ""
}

// StopsCode reports whether the sign-in code id has to stay away, which somebody
// asks for who may or may not be the owner. A complaint does not stop it: who can't
// sign in can't come back. An address that is dead gets one a day: it may live
// again, and nobody else would find out. retry says that this is that one.
func (s Suppression) StopsCode(id string, now time.Time) (stop, retry bool) {
	switch why, since := s.Barred(); {
	case why == "" || why == BarredComplaint:
		return false, false
	case s.TriedID == id:
		return false, true
	default:
		stop = now.Sub(later(since, s.Tried)) < CodeRetry
		return stop, !stop
	}
}

// LastFact is when the last thing happened that is known of the address.
func (s Suppression) LastFact() time.Time {
	t := later(later(later(s.Complaint, s.Bounce), later(s.Arrived, s.Lifted)), s.Tried)
	if len(s.Soft) > 0 {
		t = later(t, s.Soft[0].At)
	}
	return t
}

// Suppressions keeps what is known of addresses; every Store does.
type Suppressions interface {
	// Suppression is what is known of the address, strongly; Version 0 = nothing.
	Suppression(ctx context.Context, email string) (Suppression, error)
	// PutSuppression stores it under Version prev+1 if its stored version is prev;
	// Stale if it is not. It is forgotten BounceMemory after the last fact, but for a
	// member's complaint, which stands; DeleteMember takes all of it along.
	PutSuppression(ctx context.Context, email string, s Suppression, prev int64) error
}

// suppressTries bounds the races for what is known of one address.
const suppressTries = 10

// Suppress adds facts to what is known of the address, and returns what is known
// then. It writes nothing if it is known already.
func Suppress(ctx context.Context, db Suppressions, email string, facts Suppression) (s Suppression, err error) {
	for range suppressTries {
		was, err := db.Suppression(ctx, email)
		if err != nil {
			return Suppression{}, err
		}
		if s = was.With(facts); s.equal(was) {
			return s, nil
		}
		if err = db.PutSuppression(ctx, email, s, was.Version); err == nil {
			s.Version++
			return s, nil
		}
		if KindOf(err) != Stale {
			return Suppression{}, err
		}
	}
	return s, errStale
}

func (s Suppression) equal(o Suppression) bool {
	return s.Complaint.Equal(o.Complaint) && s.Bounce.Equal(o.Bounce) && s.Arrived.Equal(o.Arrived) && s.Lifted.Equal(o.Lifted) &&
		s.Tried.Equal(o.Tried) && s.TriedID == o.TriedID &&
		slices.EqualFunc(s.Soft, o.Soft, func(a, b SoftBounce) bool { return a.Mail == b.Mail && a.At.Equal(b.At) })
}

// MailTrouble says why the actor's own address gets no mail: "" if it does.
func (p *Portal) MailTrouble(ctx context.Context, a Actor) (why string, since time.Time, err error) {
	if err := a.needMember(); err != nil {
		return "", time.Time{}, err
	}
	if a.Email == "" {
		return "", time.Time{}, nil
	}
	s, err := p.Store.Suppression(ctx, a.Email)
	if err != nil {
		return "", time.Time{}, err
	}
	why, since = s.Barred()
	return why, since, nil
}

// MailAgain is the actor's wish to get mail again, after mails came back or a
// complaint. Nothing happens if there is nothing in the way.
func (p *Portal) MailAgain(ctx context.Context, a Actor) error {
	why, _, err := p.MailTrouble(ctx, a)
	if err != nil || why == "" {
		return err
	}
	if err := p.allow(ctx, a, rateAgain); err != nil {
		return err
	}
	_, err = Suppress(ctx, p.Store, a.Email, Suppression{Lifted: p.now()})
	return err
}

// LiftSuppression lets mail go to the address again, and says what was in the way;
// "" if nothing was. It is the operator's: there is no actor to check, and nothing
// on the web calls it.
func (p *Portal) LiftSuppression(ctx context.Context, email string) (why string, err error) {
	if email, err = Email(email); err != nil {
		return "", err
	}
	s, err := p.Store.Suppression(ctx, email)
	if err != nil {
		return "", err
	}
	if why, _ = s.Barred(); why != "" {
		_, err = Suppress(ctx, p.Store, email, Suppression{Lifted: p.now()})
	}
	return why, err
}
