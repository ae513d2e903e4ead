package transfer

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// ideaOf is the idea that a comment or vote belongs to; one that another run brought
// is as good.
func (r *reader) ideaOf(ctx context.Context, line row, bad *[]Reject) (string, error) {
	said := strings.TrimSpace(line.get(FieldIdea))
	key := sumOf("idea", said)
	p, ok := r.ideas[key]
	if (!ok && said != "" || p.unsure) && !r.again {
		id, err := r.store.IdeaFrom(ctx, r.src.Source, said)
		if err != nil && portal.KindOf(err) != portal.NotFound {
			return "", fmt.Errorf("look for an idea: %w", err)
		}
		if p.unsure {
			r.was[id] = p.id
		}
		p = ideaPlace{line: p.line, id: timedIDOf(id)}
		r.ideas[key] = p // "" too: it is asked for once
	}
	if p.id == (timedID{}) {
		*bad = append(*bad, line.wrong(FieldIdea, fmt.Sprintf("no idea of %s that was taken has the id %q", cmp.Or(r.src.Ideas.Name, r.src.Source), short(said))))
	}
	return p.id.String(), nil
}

func (r *reader) comment(ctx context.Context, line row) (store.Unit, []Reject, error) {
	if skipped(line, r.src.Preset.SkipComments) {
		return store.Unit{}, nil, errSkip
	}
	bad := line.notText()
	d := portal.ImportedComment{Source: r.src.Source, NoText: !line.has(FieldBody)}
	d.Body = r.text(line, FieldBody, portal.MaxComment)
	d.CreatedAt = r.time(line, FieldCreated, &bad)
	var err error
	if d.IdeaID, err = r.ideaOf(ctx, line, &bad); err != nil {
		return store.Unit{}, nil, err
	}
	if d.Parent, err = r.parent(ctx, line, d.IdeaID, &bad); err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	d.Key = r.key(line, d.CreatedAt, d.IdeaID, line.get(FieldBody))
	key := sumOf("comment", d.Key)
	if p, twice := r.talk[key]; twice && p.line > 0 {
		return store.Unit{}, []Reject{twiceIn(line, p.line)}, nil
	}
	author, bad, err := r.author(ctx, line, d.CreatedAt)
	if err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	d.Author = author.Author
	c, err := d.Take(r.now)
	if err != nil {
		return store.Unit{}, reasons(line, err, nil), nil
	}
	r.authors.wrote(author)
	r.talk[key] = talkPlace{line: int32(line.line()), id: timedIDOf(c.ID), idea: timedIDOf(c.IdeaID), parent: timedIDOf(c.Parent)}
	return store.CommentUnit(c), nil, nil
}

// parent is the comment of ours that the row's comment answers; "" = it answers the
// idea.
func (r *reader) parent(ctx context.Context, line row, ideaID string, bad *[]Reject) (string, error) {
	said := strings.TrimSpace(line.get(FieldParent))
	if said == "" || ideaID == "" {
		return "", nil
	}
	p, ok := r.talk[sumOf("comment", said)]
	if !ok {
		var err error
		if p, ok, err = r.before(ctx, ideaID, said); err != nil {
			return "", err
		}
	}
	if !ok || p.idea.String() != ideaID && p.idea != r.was[ideaID] {
		*bad = append(*bad, line.wrong(FieldParent, fmt.Sprintf("no comment before it on the same idea has the id %q", short(said))))
		return "", nil
	}
	if parent := p.parent.String(); parent != "" {
		return parent, nil // a reply to a reply answers the first comment
	}
	return p.id.String(), nil
}

// before looks for a comment that another run brought.
func (r *reader) before(ctx context.Context, ideaID, key string) (talkPlace, bool, error) {
	places, ok := r.asked[ideaID]
	for cursor := ""; !ok; ok = cursor == "" {
		some, next, err := r.store.Comments(ctx, ideaID, cursor, portal.MaxLimit)
		if err != nil {
			return talkPlace{}, false, fmt.Errorf("look for a comment: %w", err)
		}
		for _, c := range some {
			places = append(places, talkPlace{id: timedIDOf(c.ID), idea: timedIDOf(ideaID), parent: timedIDOf(c.Parent)})
		}
		cursor = next
	}
	r.asked[ideaID] = places
	for _, p := range places {
		if portal.FromKey(p.id.String(), r.src.Source, key) {
			return p, true, nil
		}
	}
	return talkPlace{}, false, nil
}

// vote is the vote that a row tells of, by whom it says; errSkip if it says nobody.
func (r *reader) vote(ctx context.Context, line row) (store.Unit, []Reject, error) {
	if !voted(line) {
		return store.Unit{}, nil, errSkip
	}
	bad := line.notText()
	v := portal.Vote{At: r.timeOr(line, FieldCreated, &bad)}
	var err error
	if v.IdeaID, err = r.ideaOf(ctx, line, &bad); err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	if v.At.IsZero() {
		v.At = portal.IDTime(v.IdeaID)
	}
	if v.At.Sub(r.now) > 24*time.Hour || v.At.UnixMilli() < 0 {
		return store.Unit{}, []Reject{line.wrong(FieldCreated, "Must be a time since 1970 that is not in the future.")}, nil
	}
	author, bad, err := r.author(ctx, line, v.At)
	if err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	v.MemberID = author.ID
	once := sumOf("vote", v.IdeaID, v.MemberID)
	if r.votes[once] {
		return store.Unit{}, nil, errSkip
	}
	r.votes[once] = true
	r.authors.wrote(author)
	return store.VoteUnit(v), nil, nil
}

func voted(line row) bool {
	return strings.TrimSpace(line.get(FieldEmail)+line.get(FieldAuthor)) != ""
}
