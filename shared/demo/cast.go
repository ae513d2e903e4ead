package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Customer is the address that signs in as somebody who has been a customer for
// long: with ideas, one of them launched, votes and comments.
const Customer = "customer@example.com"

// source is the other system that all of it seems to come from: whoever looks at
// the records can tell them from people's own.
const source = "demo"

// person is a member to be; first is when they were first seen.
type person struct {
	portal.Member
	first time.Time
	known bool // somebody signed in with the address before: their record stays
}

// cast is everybody there is, by name.
type cast struct {
	by    map[string]*person
	crowd []string // names of those who may vote, the same each time
}

// crowdOf is how many come from each script's lists of names. With those who
// speak it has to be more than any idea's votes.
const crowdOf = 260

func newCast(ctx context.Context, o Options, scripts []script) (*cast, error) {
	c := &cast{by: map[string]*person{}}
	addresses := map[string]string{scripts[0].team[0]: o.TeamEmail}
	for _, s := range scripts { // teams first: they speak in other scripts, too
		for _, name := range s.team {
			r := portal.RoleTeam
			if addresses[name] != "" {
				r = portal.RoleAdmin
			}
			if err := c.add(s.lang, name, r); err != nil {
				return nil, err
			}
		}
		if s.customer != "" && !strings.EqualFold(o.TeamEmail, Customer) {
			addresses[s.customer] = Customer
		}
	}
	for _, s := range scripts {
		for _, name := range s.voters() {
			if c.by[name] != nil {
				continue
			}
			if err := c.add(s.lang, name, portal.RoleMember); err != nil {
				return nil, err
			}
			c.crowd = append(c.crowd, name)
		}
	}
	for _, s := range scripts {
		for _, name := range s.doers() {
			if c.by[name] == nil {
				if err := c.add(s.lang, name, portal.RoleMember); err != nil {
					return nil, err
				}
			}
		}
	}
	for name, email := range addresses {
		if c.by[name] == nil {
			return nil, fmt.Errorf("nobody is called %q", name)
		}
		if err := c.by[name].signsIn(ctx, o.Store, email); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// voters are those who speak in the script, and some of those who only vote.
func (s script) voters() (names []string) {
	for _, i := range s.ideas {
		if i.offered {
			continue
		}
		names = append(names, i.by)
		for _, r := range i.talk {
			names = append(names, r.by)
		}
	}
	people := s.people()
	return append(names, people[:min(crowdOf, len(people))]...)
}

// doers are those whom [Work] needs.
func (s script) doers() (names []string) {
	for _, i := range s.ideas {
		if i.offered {
			names = append(names, i.by)
		}
		for _, d := range i.deeds {
			if d.by != "" {
				names = append(names, d.by)
			}
		}
	}
	return names
}

// people are all names that can be made of the script's lists, well shuffled.
func (s script) people() []string {
	var all []string
	for _, family := range s.family {
		for _, given := range s.given {
			if s.lang == "zh" {
				all = append(all, family+given)
			} else {
				all = append(all, given+" "+family)
			}
		}
	}
	r := rand.New(rand.NewPCG(seed(s.lang), 0))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func (c *cast) add(lang, name string, r portal.Role) error {
	m, err := portal.ImportedAuthor(source, name, "", time.Time{})
	if err != nil {
		return fmt.Errorf("member %q: %w", name, err)
	}
	m.Role, m.Locale = r, lang
	c.by[name] = &person{Member: m}
	return nil
}

// signsIn gives the person an address. Who signed in with it before plays the
// part under their own name.
func (p *person) signsIn(ctx context.Context, s *store.Store, email string) error {
	email, err := portal.Email(email)
	if err != nil {
		return err
	}
	switch m, err := s.MemberByEmail(ctx, email); {
	case err == nil:
		p.Member, p.known = m, true
		return nil
	case portal.KindOf(err) != portal.NotFound:
		return err
	}
	p.Email, p.Mail = email, portal.DefaultMail()
	return nil
}

// at is somebody doing something at t.
func (c *cast) at(name string, t time.Time) (*person, error) {
	p := c.by[name]
	if p == nil {
		return nil, fmt.Errorf("nobody is called %q", name)
	}
	if p.first.IsZero() || t.Before(p.first) {
		p.first = t
	}
	return p, nil
}

// team is somebody of the team doing something at t.
func (c *cast) team(name string, t time.Time) (portal.Author, error) {
	p, err := c.at(name, t)
	if err == nil && p.Role == portal.RoleMember && !p.known {
		err = fmt.Errorf("%s is not of the team", name)
	}
	if err != nil {
		return portal.Author{}, err
	}
	a := p.Author()
	a.Team = true // one who signed in before becomes an admin the next time
	return a, nil
}

// units are those who did something, and joined some time before.
func (c *cast) units() []store.Unit {
	var out []store.Unit
	for name, p := range c.by {
		if p.first.IsZero() || p.known {
			continue
		}
		r := rand.New(rand.NewPCG(seed(name), 1))
		p.CreatedAt = p.first.Add(-time.Minute - upTo(r, 40*24*time.Hour)).Truncate(time.Millisecond)
		out = append(out, store.MemberUnit(p.Member))
	}
	slices.SortFunc(out, func(a, b store.Unit) int { return strings.Compare(a.Key().PK, b.Key().PK) })
	return out
}
