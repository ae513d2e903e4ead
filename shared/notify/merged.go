package notify

import (
	"context"
	html "html/template"
	"slices"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
)

// Merged is what the mail to an author of one of two ideas says that were merged.
type Merged struct {
	Launched        // of the original; Own: it is theirs, else the duplicate is
	Both     bool   // both are theirs
	Dup      string // the duplicate's title
	To       portal.Status
	Together int // votes for both; below 1 nothing is said of them
}

// MergedFrom takes what the mail says from the news. Name and Links depend on the
// reader and are left open.
func (t *Texts) MergedFrom(n portal.MergeNews) Merged {
	return Merged{Launched: Launched{Title: n.Into.Title, URL: ideaURL(t.BaseURL, n.Into), Own: n.Into.AuthorID == n.To.ID && n.Idea.AuthorID != n.To.ID},
		Both: n.Into.AuthorID == n.Idea.AuthorID, Dup: n.Idea.Title, To: n.Into.Status, Together: n.Votes}
}

type mergedData struct {
	base
	Merged
	NoteHTML html.HTML // the part about an idea asks for one; there is none
}

// Merged writes the mail that tells an author that two ideas go on as one. Who it is
// from and to is left open.
func (t *Texts) Merged(tag string, m Merged) (mail.Message, error) {
	return t.make("merged", tag, m.Links, func(b base) any { return mergedData{base: b, Merged: m} })
}

// MergedTo writes that mail to the member of the news. It is for showing: nobody has
// signed its links.
func (t *Texts) MergedTo(n portal.MergeNews) (mail.Message, error) {
	m := t.MergedFrom(n)
	m.Name, m.Links = calledBy(n.To), sampleLinks(t.BaseURL)
	return t.Merged(n.To.Locale, m)
}

// merged are the jobs that tell the authors of a merge.
func (c *Consumer) merged(ctx context.Context, h portal.HistoryEntry) (bodies []string, err error) {
	idea, err := c.Ideas.Idea(ctx, h.IdeaID, true)
	if err == nil {
		var into portal.Idea
		if into, err = c.Ideas.Idea(ctx, h.Merged, true); err == nil {
			for _, o := range portal.MergeOwners(idea, into, h.By.ID) {
				bodies = append(bodies, job{Kind: kindMerged, Idea: o.IdeaID, Dup: idea.ID, Ver: h.Ver, To: o.MemberID}.body())
			}
		}
	}
	if portal.KindOf(err) == portal.NotFound {
		c.Log.WarnContext(ctx, "merged_idea_missing", "idea", h.IdeaID)
		err = nil
	}
	return bodies, err
}

// tellMerged tells one author of a merge, once, if it is still so when the mail goes
// out and the member wants to hear what becomes of their ideas.
func (w *Worker) tellMerged(ctx context.Context, j job) error {
	n := notice{subject: j.Idea, event: j.event(), to: j.To, forget: w.Clock().Add(changeMemory), again: j.Again != ""}
	return w.once(ctx, n, func(ctx context.Context) (mail.Message, string, error) {
		news, skip, err := w.mergeNews(ctx, j)
		if err != nil || skip != "" {
			return mail.Message{}, skip, err
		}
		ties, err := w.Reads.TiesTo(ctx, j.To, []string{j.Idea})
		switch {
		case err != nil:
			return mail.Message{}, "", err
		case ties[j.Idea].Follow.Muted:
			return mail.Message{}, portal.UnsentMuted, nil
		case !news.To.Mail.Own:
			return mail.Message{}, portal.UnsentNotWanted, nil
		}
		d := w.Texts.MergedFrom(news)
		d.Name = calledBy(news.To)
		if d.Links, err = w.links(ctx, j.To, portal.ScopeOwn); err != nil {
			return mail.Message{}, "", err
		}
		m, err := w.Texts.Merged(news.To.Locale, d)
		m.To = news.To.Email
		return m, "", err
	})
}

// mergeNews reads what there is to tell, or says in one word why nothing is.
func (w *Worker) mergeNews(ctx context.Context, j job) (n portal.MergeNews, skip string, err error) {
	missing := func(err error, why string) (portal.MergeNews, string, error) {
		if portal.KindOf(err) == portal.NotFound {
			return n, why, nil
		}
		return n, "", err
	}
	page, err := w.Reads.IdeaPage(ctx, portal.IdeaQuery{ID: j.Dup, Comments: 1, Fresh: true})
	if err != nil {
		return missing(err, portal.UnsentNoIdea)
	}
	n.Idea = page.Idea
	var last portal.HistoryEntry // of those about its links
	for _, h := range page.History {
		if h.Merged != "" || h.Unmerged != "" {
			last = h
		}
	}
	if last.Ver != j.Ver || last.Merged == "" {
		return n, portal.UnsentOvertaken, nil
	}
	into, err := w.Reads.IdeaPage(ctx, portal.IdeaQuery{ID: last.Merged, Comments: 1, Fresh: true})
	if err != nil {
		return missing(err, portal.UnsentNoIdea)
	}
	n.Into = into.Idea
	for _, i := range []portal.Idea{n.Idea, n.Into} {
		if !i.Hidden() {
			continue
		}
		if still, err := w.missed(ctx, i.ID, j.event()); err != nil || still {
			return n, portal.UnsentHidden, err
		}
	}
	if slices.Contains(into.Card.MergedFrom, n.Idea.ID) { // else it has not been counted yet
		n.Votes = into.Card.Votes
	}
	if n.To, err = w.Reads.Member(ctx, j.To); err != nil {
		return missing(err, portal.UnsentNoMember)
	}
	return n, n.To.Unreachable(), nil
}
