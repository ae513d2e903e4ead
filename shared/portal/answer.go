package portal

import (
	"context"
	"time"
)

// Answer is what the team pinned on top of an idea's page as its official answer: a
// comment of somebody of the team, which then shows what it says now, or a text of its
// own. Without one the note of the last step stands there. It speaks for the team, so
// that the page has no name under it; By names who pinned it.
type Answer struct {
	IdeaID  string
	Comment string // a comment's id; "" = Body
	Body    string // Markdown
	By      string // a member's id
	At      time.Time
	Version int64 // 0 = there has never been one
}

// Pinned reports whether there is one.
func (a Answer) Pinned() bool { return a.Comment != "" || a.Body != "" }

// PinAnswer pins a comment of the team's, or a text, in the place of what is pinned.
// It tells nobody by mail: what customers should hear is a step's note. Team only.
// Version is the answer's that the actor saw; 0 = any. One atomic write.
func (p *Portal) PinAnswer(ctx context.Context, a Actor, ideaID, comment, body string, version int64) (Answer, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Answer{}, err
	}
	var f fields
	body = text(body)
	switch {
	case comment != "" && body != "":
		f.add("answer", "one_answer", 0, "Pin either a comment or a text.")
	case comment == "":
		f.text("answer", body, 1, MaxNote)
	case !ValidTimedID(comment):
		return Answer{}, errNoText
	}
	if err := f.err(); err != nil {
		return Answer{}, err
	}
	if comment != "" {
		if !ValidTimedID(ideaID) {
			return Answer{}, errNoIdea
		}
		c, err := p.Store.Comment(ctx, ideaID, comment)
		switch {
		case err != nil:
			return Answer{}, err
		case c.Deleted:
			return Answer{}, errNoText
		case !c.Author.Team || !c.Mod.Shown():
			return Answer{}, &Error{Kind: Conflict, Code: "not_team_comment", Msg: "Only a comment of the team can be the official answer."}
		}
	}
	return p.putAnswer(ctx, a, ideaID, Answer{IdeaID: ideaID, Comment: comment, Body: body}, version)
}

// UnpinAnswer takes the pinned answer away; the note of the last step stands in its
// place again. Doing it again changes nothing. Team only.
func (p *Portal) UnpinAnswer(ctx context.Context, a Actor, ideaID string, version int64) (Answer, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Answer{}, err
	}
	return p.putAnswer(ctx, a, ideaID, Answer{IdeaID: ideaID}, version)
}

func (p *Portal) putAnswer(ctx context.Context, a Actor, ideaID string, n Answer, version int64) (Answer, error) {
	idea, err := p.ideaToChange(ctx, ideaID, 0)
	if err != nil {
		return Answer{}, err
	}
	was, err := p.Store.Answer(ctx, ideaID)
	if err != nil {
		return Answer{}, err
	}
	if version != 0 && version != was.Version {
		return Answer{}, errAnswerStale
	}
	if !n.Pinned() && !was.Pinned() {
		return was, nil
	}
	n.By, n.At, n.Version = a.ID, p.now(), was.Version+1
	e := LogEntry{What: LogPin, By: a.ID, Whose: idea.AuthorID, Thing: Thing{IdeaID: ideaID, CommentID: n.Comment}}
	if !n.Pinned() {
		e.What = LogUnpin
	}
	if e, err = p.logged(n.At, e); err != nil {
		return Answer{}, err
	}
	if err := p.Store.PutAnswer(ctx, n, was.Version, e); KindOf(err) == Stale {
		return Answer{}, errAnswerStale
	} else if err != nil {
		return Answer{}, err
	}
	return n, nil
}

var errAnswerStale = &Error{Kind: Stale, Code: "answer_stale", Msg: "Somebody of the team changed the official answer in the meantime. Look at it again, then decide."}

// pinned puts the comment that is pinned into the page, where it is not among the
// page's own: one Get, for those few ideas. One that was deleted is not shown.
func (p *Portal) pinned(ctx context.Context, a Actor, page *IdeaPage) error {
	id := page.Answer.Comment
	if id == "" {
		return nil
	}
	for _, c := range page.Comments {
		if c.ID == id && c.Mod.Shown() {
			page.PinnedComment = c
		}
	}
	if page.PinnedComment.ID == "" {
		c, err := p.Store.Comment(ctx, page.Idea.ID, id)
		if err != nil && KindOf(err) != NotFound {
			return err
		}
		page.PinnedComment = c
	}
	if c := page.PinnedComment; c.Deleted || !c.Mod.mayRead(a, c.Author.ID) {
		page.PinnedComment = Comment{}
	}
	return nil
}

// Official is the text of the pinned answer as it is now; "" if nothing is pinned, or
// what was is gone.
func (p IdeaPage) Official() string {
	if p.Answer.Comment != "" {
		return p.PinnedComment.Body
	}
	return p.Answer.Body
}
