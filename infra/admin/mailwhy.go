package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

const mailWhyUsage = `admin mail-why [-data DIR | -table NAME] -idea ID -to ADDRESS|MEMBER

Says why somebody got a mail about an idea, or did not: who they are to the idea,
what happened to it, what they want to hear of, what is known of their address, and
what the mail ledger says.
`

func mailWhyCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("mail-why", flag.ContinueOnError)
	at.add(f)
	idea := f.String("idea", "", "`id` of the idea")
	to := f.String("to", "", "`address` or id of the member")
	rest, err := parse(f, args, s, mailWhyUsage)
	if err != nil {
		return err
	}
	if len(rest) != 0 || !portal.ValidTimedID(*idea) || *to == "" {
		return usagef("it takes -idea ID and -to ADDRESS or MEMBER")
	}
	p, err := at.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	says, err := why(ctx, p, *idea, *to)
	for _, line := range says {
		fmt.Fprintln(s.out, line)
	}
	return err
}

// why collects the sentences, in the order in which mails are decided.
func why(ctx context.Context, p *place, ideaID, to string) (says []string, err error) {
	say := func(format string, args ...any) { says = append(says, fmt.Sprintf(format, args...)) }
	var m portal.Member
	if strings.Contains(to, "@") {
		email, err := portal.Email(to)
		if err != nil {
			return nil, err
		}
		m, err = p.store.MemberByEmail(ctx, email)
		if portal.KindOf(err) == portal.NotFound {
			say("Nobody has signed up with this address, so nothing is sent to it but sign-in codes.")
			return says, nil
		}
		if err != nil {
			return nil, err
		}
	} else if m, err = p.store.Member(ctx, to); err != nil {
		return nil, err
	}
	page, err := p.store.IdeaPage(ctx, portal.IdeaQuery{ID: ideaID, Comments: 1, Fresh: true})
	if err != nil {
		return nil, err
	}
	own, err := p.owns(ctx, page.Idea, m.ID)
	if err != nil {
		return nil, err
	}
	ties, err := p.ties(ctx, page.Idea, m.ID)
	if err != nil {
		return nil, err
	}
	say("The member %s (%s)%s.", m.Name, m.ID, relation(own, ties))
	if why := m.Unreachable(); why != "" {
		say("No mail can be sent: %s", whyWords[why])
	}
	if page.Idea.Hidden() {
		say("The idea is hidden: nobody is told of it.")
	}
	launched := false
	for _, h := range page.History {
		if !h.Launch() {
			continue
		}
		launched = true
		say("The idea was launched on %s by %s.", h.At.Format("2006-01-02 15:04"), h.By.Name)
		switch {
		case h.Imported:
			say("That was before the portal knew the idea: nobody is mailed about it.")
		case h.By.ID == m.ID:
			say("The member did that, and nobody is mailed about what they did themselves.")
		case h.Silent:
			say("The team kept it silent: followers and voters are not told, whoever brought the idea is.")
		}
	}
	if !launched {
		say("The idea has not been launched; it is %s.", page.Idea.Status)
	}
	say("%s", wants(m.Mail, own, ties))
	if m.Email != "" {
		known, err := p.store.Suppression(ctx, m.Email)
		if err != nil {
			return says, err
		}
		if why, since := known.Barred(); why != "" {
			say("The address gets no mail since %s: %s.", since.Format("2006-01-02 15:04"), barredWords[why])
		} else {
			say("Nothing is known against the address.")
		}
	}
	n := 0
	for cursor := ""; ; {
		lines, next, err := p.store.Deliveries(ctx, ideaID, cursor, 500)
		if err != nil {
			return says, err
		}
		for _, d := range lines {
			if d.To == m.ID {
				n++
				say("%s", ledgerWords(d))
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if n == 0 {
		say("The mail ledger has no line for this member and idea: no mail has been tried.")
	}
	spreading, err := portal.Spreading(ctx, p.store, page, time.Now())
	if err != nil {
		return says, err
	}
	if spreading {
		say("Followers and voters are still being told of the idea's last step: pages of them wait, and theirs may be one.")
	}
	return says, p.queued(ctx, ideaID, m.ID, say)
}

// owns reports whether the member submitted the idea, or one that became part of it.
func (p *place) owns(ctx context.Context, i portal.Idea, member string) (bool, error) {
	if i.AuthorID == member {
		return true, nil
	}
	for _, id := range i.MergedFrom {
		dup, err := p.store.Idea(ctx, id, true)
		if err == nil && dup.AuthorID == member {
			return true, nil
		}
		if err != nil && portal.KindOf(err) != portal.NotFound {
			return false, err
		}
	}
	return false, nil
}

// ties are what connects the member with the idea, or with a duplicate of it.
func (p *place) ties(ctx context.Context, i portal.Idea, member string) (portal.Ties, error) {
	all, err := p.store.TiesTo(ctx, member, append([]string{i.ID}, i.MergedFrom...))
	t := all[i.ID]
	for _, id := range i.MergedFrom {
		if dup := all[id]; !dup.Follow.Muted {
			t.Follow.Following = t.Follow.Following || dup.Follow.Following
			if !t.Voted() {
				t.Vote = dup.Vote
			}
		}
	}
	return t, err
}

func relation(own bool, t portal.Ties) string {
	var is []string
	if own {
		is = append(is, "brought the idea, or one that became part of it")
	}
	if t.Voted() {
		is = append(is, "voted for it")
	}
	if t.Follow.Following {
		is = append(is, "follows it")
	}
	if t.Follow.Muted {
		is = append(is, "has muted it")
	}
	if len(is) == 0 {
		return " has nothing to do with the idea"
	}
	return " " + strings.Join(is, ", ")
}

func wants(m portal.MailPrefs, own bool, t portal.Ties) string {
	switch {
	case t.Follow.Muted:
		return "They have muted the idea: no mail about it."
	case own && !m.Own:
		return "They have switched off mail about their own ideas."
	case own:
		return "They want mail about their own ideas."
	case t.Follow.Following && m.Followed != portal.Nothing:
		return fmt.Sprintf("They want mail about ideas that they follow: %s.", m.Followed)
	case t.Voted() && m.Voted:
		return "They want mail about launches of ideas that they voted for."
	}
	return "They have not asked for mail about this idea."
}

func ledgerWords(d store.Delivery) string {
	at := d.At.Format("2006-01-02 15:04")
	var s string
	switch d.State {
	case store.Sent:
		s = fmt.Sprintf("Ledger, %s: sent (%s).", at, d.MessageID)
		if d.Outcome.What != "" {
			s += fmt.Sprintf(" Heard on %s: %s", d.Outcome.At.Format("2006-01-02 15:04"), strings.TrimSpace(string(d.Outcome.What)+" "+d.Outcome.Detail)) + "."
		}
	case store.Sending:
		s = fmt.Sprintf("Ledger, %s: being sent, after %d tries without an answer.", at, d.Attempts)
	default:
		s = fmt.Sprintf("Ledger, %s: %s", at, notSentWords(d.Why))
		if d.Why == portal.UnsentSandbox {
			s += " When that is done: admin mail-again -idea " + d.Subject + "."
		}
	}
	return strings.Replace(s, "Ledger", "Ledger, "+d.Event, 1)
}

// queued looks for the mail's job: in a folder's queue it can be seen.
func (p *place) queued(ctx context.Context, idea, member string, say func(string, ...any)) error {
	if p.folder == nil {
		say("What waits in the queue can't be seen from here: see the age of its oldest message, and the dead letters, in the console of SQS.")
		return nil
	}
	for _, name := range []string{"mail", "mail-dead"} {
		jobs, err := p.store.Jobs(ctx, name, 1000)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(jobs, func(j store.Job) bool {
			return strings.Contains(j.Body, `"`+idea+`"`) && strings.Contains(j.Body, `"`+member+`"`)
		}) {
			say("%s", map[string]string{"mail": "A job for it waits in the queue.", "mail-dead": "A job for it is among the dead letters: it was tried too often."}[name])
		}
	}
	return nil
}
