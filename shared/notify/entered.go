package notify

import (
	"context"
	"strings"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
)

// Entered is what the mail says to a customer whose idea the team wrote down.
type Entered struct {
	Title, URL string // of the idea
	Text       string // its beginning; may be empty
	Name       string // of the one who gets the mail; may be empty
	Channel    portal.Channel
	Withdraw   string // a page on which they can take it back without signing in
	Links      Links
}

// enteredBytes is how much of the idea's text the mail has: enough to know it again.
const enteredBytes = 600

// entered tells a customer, once, that the team wrote an idea down for them, unless that
// is not public any more by then.
func (w *Worker) entered(ctx context.Context, j job) error {
	n := notice{subject: j.Idea, event: j.event(), to: j.To, again: j.Again != ""}
	return w.once(ctx, n, func(ctx context.Context) (mail.Message, string, error) {
		page, err := w.Reads.IdeaPage(ctx, portal.IdeaQuery{ID: j.Idea, Comments: 1, Fresh: true})
		switch {
		case portal.KindOf(err) == portal.NotFound:
			return mail.Message{}, portal.UnsentNoIdea, nil
		case err != nil:
			return mail.Message{}, "", err
		case !page.Idea.Entered || len(page.History) == 0 || page.Idea.AuthorID != j.To:
			return mail.Message{}, portal.UnsentNoStep, nil // a backup was restored that is older than the job
		case page.Idea.Hidden():
			if still, err := w.missed(ctx, j.Idea, kindEntered); err != nil || still {
				return mail.Message{}, portal.UnsentHidden, err
			}
			page.Idea.Mod = portal.Moderation{}
		}
		to, skip, err := w.reader(ctx, j.To)
		if err == nil && skip == "" && !to.Mail.Own {
			skip = portal.UnsentNotWanted
		}
		if err != nil || skip != "" {
			return mail.Message{}, skip, err
		}
		links, err := w.links(ctx, to.ID, portal.ScopeOwn)
		if err != nil {
			return mail.Message{}, "", err
		}
		e := Entered{Title: page.Idea.Title, URL: ideaURL(w.Texts.BaseURL, page.Idea), Text: portal.Excerpt(page.Body, enteredBytes), Name: calledBy(to),
			Channel: page.History[0].Entered.Channel, Links: links}
		if e.Withdraw, err = w.link(ctx, portal.Ticket{Purpose: portal.ToWithdraw, MemberID: to.ID, Scope: portal.Scope(page.Idea.ID)}); err != nil {
			return mail.Message{}, "", err
		}
		m, err := w.Texts.Entered(to.Locale, e)
		m.To = to.Email
		return m, "", err
	})
}

type enteredData struct {
	base
	Entered
	How string // they told it, in words
}

// Entered writes the mail. Who it is from and to is left open.
func (t *Texts) Entered(tag string, e Entered) (mail.Message, error) {
	how := t.Words(tag).T("mail.entered.by_" + string(e.Channel))
	return t.make("entered", tag, e.Links, func(b base) any { return enteredData{base: b, Entered: e, How: how} })
}

type enteredSample struct {
	name string
	data Entered
}

// enteredSamples are all channels, and what people type.
func enteredSamples(baseURL, locale string) (all []enteredSample) {
	s := wordsOf(locale)
	usual := Entered{Title: s.title, URL: baseURL + "/ideas/06EXAMPLE0000000000000000/mugs", Text: strings.ReplaceAll(s.note, "*", ""), Name: s.name,
		Withdraw: baseURL + portal.ToWithdraw.Path() + "?t=sample", Links: sampleLinks(baseURL)}
	for _, c := range portal.Channels {
		e := usual
		e.Channel = c
		all = append(all, enteredSample{string(c), e})
	}
	bare := all[0].data
	bare.Name, bare.Text = "", ""
	long := all[0].data
	long.Title, long.Text = s.longTitle, portal.Excerpt(strings.Repeat(s.note, 9), enteredBytes)
	hostile := all[1].data
	hostile.Title, hostile.Name, hostile.Text = `<b>Tea</b> & "cake" </h2><script>alert(1)</script>`, "<i>Ann</i> & Co", "<script>alert(2)</script>"
	return append(all, enteredSample{"no name, no text", bare}, enteredSample{"long", long}, enteredSample{"markup in every field", hostile})
}
