package portal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Channel is how a customer told the team of an idea.
type Channel string

// The channels.
const (
	InShop    Channel = "shop"
	ByPhone   Channel = "phone"
	ByMail    Channel = "mail"
	OnSocial  Channel = "social"
	Elsewhere Channel = "other"
)

// Channels are all of them, in the order of the form.
var Channels = []Channel{InShop, ByPhone, ByMail, OnSocial, Elsewhere}

// Entered says how an idea came that the team wrote down for its author. Everybody may
// know that the team did, and the author how they had told it; who it was, and Words, are
// the team's. It knows the member of the team by id alone, as notes do; Words go with the
// author's account.
type Entered struct {
	By      string  // a member's id; "" = the author wrote the idea themselves
	Channel Channel // one of Channels
	Words   string  // how the customer said it
}

// MaxEnteredWords is how long the team's words about it may be, in characters.
const MaxEnteredWords = 500

// BehalfDraft is an idea that the team writes down for a customer.
type BehalfDraft struct {
	IdeaDraft
	Email   string // whose idea it is
	Name    string // public, of somebody who has no account yet; "" = one is made up
	Locale  string // of their mails and pages, likewise; "" = the portal's first
	Channel Channel
	Words   string // see Entered
	Agreed  bool   // the customer wants it written down, under this address
}

func (d *BehalfDraft) normalise(p *Portal) error {
	var f fields
	if err := d.IdeaDraft.normalise(p.Categories); err != nil {
		f.take(err)
	}
	email, err := Email(d.Email)
	if err != nil {
		f.take(err)
	}
	d.Email, d.Name, d.Words = email, line(d.Name), text(d.Words)
	if f.text("name", d.Name, 0, MaxName); d.Name != "" {
		f.notReserved(d.Name)
	}
	if d.Locale == "" {
		d.Locale = p.Locales[0]
	} else if !p.localeKnown(d.Locale) {
		f.add("locale", "unknown", 0, "Must be one of %s.", strings.Join(p.Locales, ", "))
	}
	switch {
	case d.Channel == "":
		f.add("channel", "required", 0, "Say how the customer told you.")
	case !slices.Contains(Channels, d.Channel):
		f.add("channel", "unknown", 0, "Must be shop, phone, mail, social or other.")
	}
	f.text("words", d.Words, 0, MaxEnteredWords)
	if !d.Agreed {
		f.add("agreed", "not_agreed", 0, "Write it down only if the customer wants that.")
	}
	return f.err()
}

// behalfTries bounds how often entering an idea starts again because its author changed.
const behalfTries = 4

// SubmitFor writes an idea down for a customer who told it to somebody of the team. It is
// the customer's: they are its author, credited and mailed as if they had submitted it
// (no vote comes with it, as none does with their own), and a mail tells them of it at
// once, with a way to take it back. In one atomic write the idea comes to be and, for an
// address that nobody has, its member, as the first sign-in would make one. No rule holds
// what the team writes.
//
// Team only. Errors: Invalid, among them for the address of somebody who is blocked or
// belongs to the team; TooMany, also for one address, which gets a mail each time. Of a
// deleted account nothing is left to know the address by: it is a new member's. With a
// Key a repeated call answers with the first one's idea and again=true.
func (p *Portal) SubmitFor(ctx context.Context, a Actor, d BehalfDraft) (idea Idea, again bool, err error) {
	if err := a.needTeam(); err != nil {
		return Idea{}, false, err
	}
	if err := d.normalise(p); err != nil {
		return Idea{}, false, err
	}
	var key, digest string
	if d.Key != "" {
		key = hash(a.ID, "behalf", d.Key)
		digest = hash(d.Title, d.Body, d.Category, d.Email, d.Name, d.Locale, string(d.Channel), d.Words)
		if used, err := p.Store.UsedKey(ctx, key); err != nil {
			return Idea{}, false, err
		} else if used != nil {
			return p.submittedBefore(ctx, used, digest)
		}
	}
	if _, err := p.customer(ctx, d); err != nil {
		return Idea{}, false, err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return Idea{}, false, err
	}
	if err := p.take(ctx, rateBehalf, rateBehalf.Email, d.Email, "too_many_"+rateBehalf.Name); err != nil {
		return Idea{}, false, err
	}
	for range behalfTries {
		var n NewIdea
		if n, err = p.entered(ctx, a, d); err != nil {
			return Idea{}, false, err
		}
		if key != "" {
			n.Key, n.Digest, n.KeyTTL = key, digest, n.Idea.CreatedAt.Add(keyLife)
		}
		var used *ErrKeyUsed
		switch err = p.Store.CreateIdea(ctx, n); {
		case err == nil:
			return n.Idea, false, nil
		case errors.As(err, &used):
			return p.submittedBefore(ctx, used, digest)
		case KindOf(err) != Stale:
			return Idea{}, false, err
		}
	}
	return Idea{}, false, err
}

// customer is the member whose idea it is; Version 0 if the address is nobody's yet.
func (p *Portal) customer(ctx context.Context, d BehalfDraft) (Member, error) {
	m, err := p.Store.MemberByEmail(ctx, d.Email)
	switch {
	case KindOf(err) == NotFound && p.Screen.NoThrowaways && p.thrownAway(d.Email):
		return Member{}, errThrowaway
	case KindOf(err) == NotFound:
		return Member{}, nil
	case err != nil:
		return Member{}, err
	case m.Blocked():
		return m, InvalidField("email", "customer_blocked", 0, "This member is blocked. Nothing can be written down for them.")
	case m.Author().Team:
		return m, InvalidField("email", "customer_is_team", 0, "This address belongs to the product team, who submit ideas of their own.")
	}
	return m, nil
}

// entered is what SubmitFor writes.
func (p *Portal) entered(ctx context.Context, a Actor, d BehalfDraft) (n NewIdea, err error) {
	m, err := p.customer(ctx, d)
	if err != nil {
		return n, err
	}
	if m.Version == 0 {
		if m, err = p.newMember(d.Email, d.Locale); err != nil {
			return n, err
		}
		if d.Name != "" {
			m.Name = d.Name
		}
		n.NewAuthor = true
	}
	n.Author = &m
	now := p.now()
	id, err := p.IDs.At(now)
	if err != nil {
		return n, fmt.Errorf("make idea id: %w", err)
	}
	n.Idea = Idea{ID: id, Title: d.Title, Excerpt: Excerpt(d.Body, excerptBytes), Category: d.Category, Status: New, AuthorID: m.ID,
		CreatedAt: now, UpdatedAt: now, Version: 1, Entered: true}
	n.Body = d.Body
	n.History = HistoryEntry{IdeaID: id, Ver: 1, At: now, To: New, By: m.Author(), Entered: Entered{By: a.ID, Channel: d.Channel, Words: d.Words}}
	l, err := p.logged(now, LogEntry{What: LogEnter, By: a.ID, Whose: m.ID, Thing: Thing{IdeaID: id}, To: string(d.Channel)})
	n.Log = []LogEntry{l}
	return n, err
}

// enteredBy is who of the team wrote the idea down; the zero Author if its author did.
func (p *Portal) enteredBy(ctx context.Context, page IdeaPage) (Author, error) {
	if !page.Idea.Entered || len(page.History) == 0 {
		return Author{}, nil
	}
	id := page.History[0].Entered.By
	names, err := p.Store.Names(ctx, []string{id})
	return Author{ID: id, Name: names[id], Team: true}, err
}
