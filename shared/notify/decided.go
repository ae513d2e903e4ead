package notify

import (
	"context"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Decided is what a mail says to the author of an idea or a comment that the team has
// decided about.
type Decided struct {
	What    string // portal.LogApprove and its like; see verdicts
	Comment bool   // it is about a comment; else about the idea
	Title   string // of the idea; "" if it was removed
	URL     string
	Name    string   // of the one who gets the mail; may be empty
	Reasons []string // codes
	Note    string   // of the team; may be empty
	Links   Links
}

// verdicts are what the author hears of, and the name that its words have: approve,
// decline, hide, uphold, remove, restore.
var verdicts = map[string]string{portal.LogApprove: "approve", portal.LogShow: "approve", portal.LogDecline: "decline", portal.LogHide: "hide",
	portal.LogUphold: "uphold", portal.LogRemove: "remove", portal.LogRestore: "restore"}

// decided queues the mail that a line of the audit log means, if it means one. Nobody
// hears of what they did themselves.
func (c *Consumer) decided(ctx context.Context, r table.Record) error {
	e, err := store.LogOf(r)
	if err != nil {
		c.Log.ErrorContext(ctx, "log_unreadable", "key", r.Key.String(), "error", err)
		return nil
	}
	var bodies []string
	if e.Told && verdicts[e.What] != "" && e.Whose != e.By && portal.ValidMemberID(e.Whose) {
		bodies = append(bodies, job{Kind: kindDecided, Idea: e.Thing.IdeaID, Line: e.ID, To: e.Whose}.body())
	}
	if publishes(e) {
		bodies = append(bodies, job{Kind: kindShown, Idea: e.Thing.IdeaID, Again: e.ID}.body())
	}
	if len(bodies) == 0 {
		return nil
	}
	return c.Queue.Send(ctx, bodies...)
}

// decided tells an author what the team decided, once, unless it has decided otherwise
// meanwhile: then that has a mail of its own.
func (w *Worker) decided(ctx context.Context, j job) error {
	n := notice{subject: j.Idea, event: j.event(), to: j.To, forget: w.Clock().Add(changeMemory)}
	return w.once(ctx, n, func(ctx context.Context) (mail.Message, string, error) {
		e, err := w.Reads.LogEntry(ctx, j.Line)
		if portal.KindOf(err) == portal.NotFound {
			return mail.Message{}, portal.UnsentNoStep, nil // a backup was restored that is older than the job
		}
		if err != nil {
			return mail.Message{}, "", err
		}
		idea, state, skip, err := w.stateOf(ctx, e.Thing)
		if err != nil || skip != "" {
			return mail.Message{}, skip, err
		}
		to, skip, err := w.reader(ctx, j.To)
		switch {
		case err != nil || skip != "":
			return mail.Message{}, skip, err
		case !to.Mail.Own:
			return mail.Message{}, portal.UnsentNotWanted, nil
		case !stands(e.What, state):
			return mail.Message{}, portal.UnsentOvertaken, nil
		}
		links, err := w.links(ctx, to.ID, portal.ScopeOwn)
		if err != nil {
			return mail.Message{}, "", err
		}
		d := Decided{What: verdicts[e.What], Comment: e.Thing.CommentID != "", Title: idea.Title, URL: ideaURL(w.Texts.BaseURL, idea), Name: calledBy(to),
			Reasons: e.Reasons, Note: e.Note, Links: links}
		if d.Comment {
			d.URL += "?comment=" + e.Thing.CommentID + "#c-" + e.Thing.CommentID
		}
		m, err := w.Texts.Decided(to.Locale, d)
		m.To = to.Email
		return m, "", err
	})
}

// stateOf is how the thing that was decided about is now.
func (w *Worker) stateOf(ctx context.Context, t portal.Thing) (idea portal.Idea, state portal.Visibility, skip string, err error) {
	idea, err = w.Reads.Idea(ctx, t.IdeaID, true)
	if portal.KindOf(err) == portal.NotFound {
		return idea, "", portal.UnsentNoIdea, nil
	}
	if err != nil || t.CommentID == "" {
		return idea, idea.Mod.State, "", err
	}
	c, err := w.Reads.Comment(ctx, t.IdeaID, t.CommentID)
	switch {
	case portal.KindOf(err) == portal.NotFound:
		return idea, "", portal.UnsentNoIdea, nil
	case err == nil && idea.Hidden():
		return idea, "", portal.UnsentHidden, nil // nobody can read the discussion
	}
	return idea, c.Mod.State, "", err
}

// stands reports whether what was decided is still so.
func stands(what string, now portal.Visibility) bool {
	switch what {
	case portal.LogApprove, portal.LogShow, portal.LogRestore:
		return now == portal.Visible
	case portal.LogDecline, portal.LogUphold, portal.LogHide:
		return now == portal.Rejected || now == portal.Hidden
	}
	return now == portal.Removed
}

type decidedData struct {
	base
	Decided
	Why string // the reasons in words
}

// Decided writes the mail. Who it is from and to is left open.
func (t *Texts) Decided(tag string, d Decided) (mail.Message, error) {
	words := t.Words(tag)
	why := ""
	for i, r := range d.Reasons {
		if i > 0 {
			why += ", "
		}
		why += words.T("reason." + r)
	}
	return t.make("decided", tag, d.Links, func(b base) any { return decidedData{base: b, Decided: d, Why: why} })
}
