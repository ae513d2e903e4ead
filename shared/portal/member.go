package portal

import (
	"context"
	"net/netip"
	"strings"
	"time"
)

// Role is what a member may do.
type Role string

// The roles; each may do what the ones before it may.
const (
	RoleMember Role = "member"
	RoleTeam   Role = "team"
	RoleAdmin  Role = "admin"
)

// Valid reports whether r is a role.
func (r Role) Valid() bool { return r == RoleMember || r == RoleTeam || r == RoleAdmin }

// Member is somebody who can sign in, or (without Email) an imported author.
// Email is personal: it is shown to the member alone and never logged.
type Member struct {
	ID        string
	Name      string // public
	Email     string
	Locale    string // language tag of pages and mails, e.g. "en", "zh"
	Role      Role
	Mail      MailPrefs
	CreatedAt time.Time
	Source    string    // where it was imported from
	DeletedAt time.Time // when the account was deleted; zero = never. See DeleteAccount
	Erase     bool      // of a deleted account: what the member wrote is to go, too
	Sweeps    int       // of a deleted account: how often what bore its name has been looked for

	BlockedAt  time.Time // since when the member can't write; zero = they can
	BlockedFor string    // what the team told them about it
	Trusted    bool      // no rule holds what the member writes
	Uncounted  bool      // the member's votes don't count; see Exclusion
	Throwaway  bool      // Email is of a mailbox that is thrown away, as known when they signed in last

	Version int64
}

// Blocked reports whether the member may read only.
func (m Member) Blocked() bool { return !m.BlockedAt.IsZero() }

// Author is the member as others see it.
func (m Member) Author() Author {
	return Author{ID: m.ID, Name: m.Name, Team: m.Role == RoleTeam || m.Role == RoleAdmin}
}

// Actor is who asks for something. The zero Actor is a visitor.
type Actor struct {
	Member
	SessionID string     // hashed; names the session among the member's
	From      netip.Addr // see FromAddress; lives as long as the request
}

// SignedIn reports whether the actor is a member.
func (a Actor) SignedIn() bool { return a.ID != "" }

// Team reports whether the actor belongs to the product team.
func (a Actor) Team() bool { return a.SignedIn() && (a.Role == RoleTeam || a.Role == RoleAdmin) }

func (a Actor) author() Author { return a.Member.Author() }

func (a Actor) needMember() error {
	if !a.SignedIn() {
		return errSignIn
	}
	return nil
}

// needWriter is needMember for what adds something, or changes it: nobody who is
// blocked may.
func (a Actor) needWriter() error {
	if !a.SignedIn() {
		return errSignIn
	}
	if a.Blocked() {
		return errBlocked
	}
	return nil
}

func (a Actor) needTeam() error {
	if !a.SignedIn() {
		return errSignIn
	}
	if !a.Team() {
		return errTeam
	}
	return nil
}

// ProfileEdit changes parts of the actor's own profile; nil leaves a part as it is.
type ProfileEdit struct {
	Name, Locale *string
	Mail         MailEdit
}

// EditProfile changes the actor's own profile.
func (p *Portal) EditProfile(ctx context.Context, a Actor, e ProfileEdit) (Member, error) {
	if err := a.needMember(); err != nil {
		return Member{}, err
	}
	m, err := p.Store.Member(ctx, a.ID)
	if err != nil {
		return Member{}, err
	}
	if m.Deleted() {
		return Member{}, errSignIn
	}
	var f fields
	if e.Name != nil {
		if m.Blocked() {
			return Member{}, errBlocked // a name is read by everybody
		}
		m.Name = line(*e.Name)
		f.text("name", m.Name, 1, MaxName)
		f.notReserved(m.Name)
	}
	if e.Locale != nil {
		if m.Locale = *e.Locale; !p.localeKnown(m.Locale) {
			f.add("locale", "unknown", 0, "Must be one of %s.", strings.Join(p.Locales, ", "))
		}
	}
	e.Mail.apply(&m.Mail, &f)
	if err := f.err(); err != nil {
		return Member{}, err
	}
	if err := p.allow(ctx, a, rateProfile); err != nil {
		return Member{}, err
	}
	m.Version++
	return m, p.Store.UpdateMember(ctx, m, m.Version-1)
}

func (f *fields) notReserved(name string) {
	if strings.EqualFold(name, FormerMember) {
		f.add("name", "reserved", 0, "This is what those are called who have left. Choose another name.")
	}
}

func (p *Portal) localeKnown(tag string) bool {
	for _, l := range p.Locales {
		if l == tag {
			return true
		}
	}
	return false
}

// Grant gives the member with the address a role. It is the operator's: there is
// no actor to check, and nothing on the web calls it.
func (p *Portal) Grant(ctx context.Context, email string, r Role) (Member, error) {
	email, err := Email(email)
	if err != nil {
		return Member{}, err
	}
	if !r.Valid() {
		return Member{}, InvalidField("role", "unknown", 0, "Must be member, team or admin.")
	}
	m, err := p.memberByEmail(ctx, email, p.Locales[0])
	if err != nil {
		return Member{}, err
	}
	if m.Role == r {
		return m, nil
	}
	return p.putRole(ctx, m, r)
}

// putRole gives the member the role, and the log its line. Whoever joins the team is
// not blocked any more.
func (p *Portal) putRole(ctx context.Context, m Member, r Role) (Member, error) {
	l, err := p.logged(p.now(), LogEntry{What: LogRole, Whose: m.ID, From: string(m.Role), To: string(r)})
	if err != nil {
		return Member{}, err
	}
	if m.Role = r; r != RoleMember {
		m.BlockedAt, m.BlockedFor = time.Time{}, ""
	}
	m.Version++
	return m, p.Store.Moderate(ctx, Deed{Members: []Member{m}, Log: []LogEntry{l}})
}

// memberByEmail finds the member with the normalised address, or makes one.
func (p *Portal) memberByEmail(ctx context.Context, email, locale string) (Member, error) {
	m, err := p.Store.MemberByEmail(ctx, email)
	if KindOf(err) != NotFound {
		return m, err
	}
	if m, err = p.newMember(email, locale); err != nil {
		return Member{}, err
	}
	created, err := p.Store.CreateMember(ctx, m)
	if err != nil || created {
		return m, err
	}
	return p.Store.MemberByEmail(ctx, email) // somebody was faster
}

// newMember is a member as the first sign-in makes one.
func (p *Portal) newMember(email, locale string) (Member, error) {
	id, err := p.IDs.Member()
	if err != nil {
		return Member{}, err
	}
	return Member{ID: id, Name: "member-" + id[:6], Email: email, Locale: locale, Role: RoleMember,
		Mail: DefaultMail(), CreatedAt: p.now(), Throwaway: p.thrownAway(email), Version: 1}, nil
}
