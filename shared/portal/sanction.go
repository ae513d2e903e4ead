package portal

import (
	"context"
	"slices"
	"time"
)

// Sanction is what the team decides about a member. Each is undone by its opposite.
type Sanction string

// The sanctions.
const (
	Block   Sanction = LogBlock   // may read, and take back, but not write
	Unblock Sanction = LogUnblock //
	Trust   Sanction = LogTrust   // no rule holds what the member writes
	Untrust Sanction = LogUntrust //
	Exclude Sanction = LogExclude // none of the member's votes counts, wherever and whenever cast
	Include Sanction = LogInclude //
)

// Sanctions are all of them.
var Sanctions = []Sanction{Block, Unblock, Trust, Untrust, Exclude, Include}

// Exclusion says whether a member's votes count. The votes themselves stay as they
// are, so that including them again gives exactly what was there. Counting reads
// exclusions beside the votes: see shared/projection.
type Exclusion struct {
	MemberID string
	On       bool
	At       time.Time
	Sweeps   int // how often what they voted for has been counted again
	Version  int64
}

// maxSanctioned is how many members one write can be about: three records each.
const maxSanctioned = 30

// Sanction does one thing to some members, for a reason that goes into the log and,
// when they are blocked, to them: one atomic write. Members for whom it is so already
// are passed over; it returns how many it was news for. Team only; members of the
// team can be neither blocked nor excluded.
func (p *Portal) Sanction(ctx context.Context, a Actor, s Sanction, members []string, reason, note string) (changed int, err error) {
	if err := a.needTeam(); err != nil {
		return 0, err
	}
	var f fields
	if !slices.Contains(Sanctions, s) {
		f.add("act", "unknown", 0, "Must be block, unblock, trust, untrust, exclude or include.")
	}
	if s == Block || s == Exclude {
		f.reason(reason, &note)
	} else {
		note, reason = text(note), ""
		f.text("note", note, 0, MaxReasonNote)
	}
	members = slices.Compact(slices.Sorted(slices.Values(members)))
	if len(members) == 0 || len(members) > maxSanctioned {
		f.add("members", "out_of_range", maxSanctioned, "Must be from 1 to %d.", maxSanctioned)
	}
	for _, id := range members {
		if !ValidMemberID(id) {
			return 0, errNoMember
		}
	}
	if err := f.err(); err != nil {
		return 0, err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return 0, err
	}
	e := because(a, reason, note)
	err = tries(func() error {
		var d Deed
		now := p.now()
		for _, id := range members {
			if err := p.sanction(ctx, &d, id, s, e, now); err != nil {
				return err
			}
		}
		if changed = len(d.Log); changed == 0 {
			return nil
		}
		return p.Store.Moderate(ctx, d)
	})
	return changed, err
}

// Standing is the member as the team sees one; Email is left out. Of one who has left,
// whose record knows no more, Uncounted is what the exclusion says. NotFound if there
// never was such a member. Team only.
func (p *Portal) Standing(ctx context.Context, a Actor, id string) (Member, error) {
	if err := a.needTeam(); err != nil {
		return Member{}, err
	}
	if !ValidMemberID(id) {
		return Member{}, errNoMember
	}
	m, err := p.Store.Member(ctx, id)
	if err != nil {
		return Member{}, err
	}
	m.Email = ""
	if m.Deleted() {
		x, err := p.Store.Exclusion(ctx, id)
		m.Uncounted = x.On
		return m, err
	}
	return m, nil
}

var (
	errNoMember = &Error{Kind: NotFound, Code: "no_member", Msg: "There is no such member."}
	errOfTeam   = &Error{Kind: Conflict, Code: "of_the_team", Msg: "This is a member of the team. Take that role away first."}
	errBlocked  = &Error{Kind: Forbidden, Code: "blocked", Msg: "The team has blocked your account: you can read, and take back what is yours, but not write."}
)

// because is what the log says of why the actor did something.
func because(a Actor, reason, note string) LogEntry {
	e := LogEntry{By: a.ID, Note: note}
	if reason != "" {
		e.Reasons = []string{reason}
	}
	return e
}

// sanction adds what is to be done to one member, and e as its line of the log, unless
// it is so already. Of a member who has left, whose votes stay, those can still be
// left out.
func (p *Portal) sanction(ctx context.Context, d *Deed, id string, s Sanction, e LogEntry, now time.Time) error {
	m, err := p.Store.Member(ctx, id)
	left := err == nil && m.Deleted()
	switch {
	case err != nil:
		return err
	case left && s != Exclude && s != Include:
		return &Error{Kind: Conflict, Code: "author_gone", Msg: "This member has deleted the account."}
	case (s == Block || s == Exclude) && m.Author().Team && !left:
		return errOfTeam
	}
	was := m
	switch s {
	case Block:
		if !m.Blocked() {
			m.BlockedAt, m.BlockedFor, m.Trusted = now, e.Note, false
		}
	case Unblock:
		m.BlockedAt, m.BlockedFor = time.Time{}, ""
	case Trust:
		m.Trusted = !m.Blocked()
	case Untrust:
		m.Trusted = false
	case Exclude, Include:
		m.Uncounted = s == Exclude
	}
	var x Exclusion
	if s == Exclude || s == Include {
		if x, err = p.Store.Exclusion(ctx, id); err != nil {
			return err
		}
		if left {
			was.Uncounted = x.On
		}
	}
	if m == was {
		return nil
	}
	e.What, e.Whose = string(s), id
	if e, err = p.logged(now, e); err != nil {
		return err
	}
	d.Log = append(d.Log, e)
	if !left {
		m.Version++
		d.Members = append(d.Members, m)
	}
	if s == Exclude || s == Include {
		d.Exclude = append(d.Exclude, Exclusion{MemberID: id, On: m.Uncounted, At: now, Version: x.Version + 1})
	}
	return nil
}

// then adds what a decision about a thing does to its author.
func (p *Portal) then(ctx context.Context, a Actor, d *Deed, authorID string, dec Decision, now time.Time) error {
	s := Trust
	if dec.Then == "block" {
		s = Block
	}
	return p.sanction(ctx, d, authorID, s, because(a, dec.Reason, dec.Note), now)
}
