package portal

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Dossier is what the team keeps about an idea for itself: who looks after it, and
// the team's own tags. Nobody else sees any of it, and search does not know it. Its
// lists follow seconds later: see shared/projection.
type Dossier struct {
	IdeaID  string
	Owner   string   // id of the member of the team who looks after it; "" = nobody
	Tags    []string // ids, in their order; see Tags
	By      string   // id of the member who changed it last; "" = the portal itself, which follows merged tags and members who left
	At      time.Time
	Version int64 // 1 = nothing is kept yet
}

// MaxTags is how many tags an idea can have: each is a row in a list of the team's,
// and another one together with the owner.
const MaxTags = 8

// DossierEdit changes parts of a dossier; nil leaves a part as it is.
type DossierEdit struct {
	Owner   *string   // "" for nobody
	Tags    *[]string // names, all of them; those that there are not yet come to be
	Version int64     // that the actor saw; 0 = any
}

// DossierUpdate is what Store.PutDossier writes at once: the dossier if its stored
// version is still Prev, and the tags it was written with, under the same condition.
// Tags are changed, or only held still, so that no dossier gets a tag that has gone.
type DossierUpdate struct {
	Dossier Dossier
	Prev    int64
	Tags    *Tags // nil if the dossier's tags are not touched
	Changed bool  // Tags have to be written: they have a new one
	Log     []LogEntry
}

// EditDossier changes who looks after an idea, and its tags: one atomic write.
// Team only. Errors: Invalid, NotFound, Stale.
func (p *Portal) EditDossier(ctx context.Context, a Actor, ideaID string, e DossierEdit) (Dossier, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Dossier{}, err
	}
	if _, err := p.ideaToChange(ctx, ideaID, 0); err != nil {
		return Dossier{}, err
	}
	d, err := p.Store.Dossier(ctx, ideaID)
	if err != nil {
		return Dossier{}, err
	}
	if e.Version != 0 && e.Version != d.Version {
		return Dossier{}, errDossierStale
	}
	u, was := DossierUpdate{Prev: d.Version}, d
	var f fields
	if e.Owner != nil && *e.Owner != d.Owner {
		d.Owner = *e.Owner
		if err := p.checkOwner(ctx, d.Owner, &f); err != nil {
			return Dossier{}, err
		}
	}
	if e.Tags != nil {
		tags, err := p.Store.Tags(ctx)
		if err != nil {
			return Dossier{}, err
		}
		m := &minter{ids: p.IDs, now: p.now()}
		before := tags.newest()
		d.Tags = tags.named(*e.Tags, m, &f)
		if m.err != nil {
			return Dossier{}, m.err
		}
		u.Tags, u.Changed = &tags, tags.newest() != before
	}
	if err := f.err(); err != nil {
		return Dossier{}, err
	}
	d.By, d.At = a.ID, p.now()
	d.Version++
	u.Dossier = d
	if u.Log, err = p.loggedDossier(was, u); err != nil {
		return Dossier{}, err
	}
	if err := p.Store.PutDossier(ctx, u); KindOf(err) == Stale {
		return d, errDossierStale
	} else if err != nil {
		return d, err
	}
	return d, nil
}

// loggedDossier are the lines about what is different: the owner, the tags.
func (p *Portal) loggedDossier(was Dossier, u DossierUpdate) (log []LogEntry, err error) {
	is, about := u.Dossier, Thing{IdeaID: u.Dossier.IdeaID}
	if is.Owner != was.Owner {
		whose := is.Owner
		if whose == "" {
			whose = was.Owner
		}
		log = append(log, LogEntry{What: LogOwner, Whose: whose, Thing: about, From: was.Owner, To: is.Owner})
	}
	if u.Tags != nil && !slices.Equal(was.Tags, is.Tags) {
		log = append(log, LogEntry{What: LogTags, Thing: about, From: u.Tags.names(was.Tags), To: u.Tags.names(is.Tags)})
	}
	for i := range log {
		log[i].By = is.By
		if log[i], err = p.logged(is.At, log[i]); err != nil {
			return nil, err
		}
	}
	return log, nil
}

// names are those of the tags with the ids, in one line.
func (ts Tags) names(ids []string) string {
	var out []string
	for _, id := range ids {
		if t, ok := ts.Find(id); ok {
			out = append(out, t.Name)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// checkOwner looks whether the member belongs to the team.
func (p *Portal) checkOwner(ctx context.Context, id string, f *fields) error {
	if id == "" {
		return nil
	}
	var m Member
	if ValidMemberID(id) {
		var err error
		if m, err = p.Store.Member(ctx, id); err != nil && KindOf(err) != NotFound {
			return err
		}
	}
	if m.Deleted() || !(Actor{Member: m}).Team() {
		f.add("owner", "not_team", 0, "Must be somebody of the product team.")
	}
	return nil
}

// Mend is the dossier as it has to be by the tags that there are and by whether its
// owner is still there; changed reports whether that is another one.
func (d Dossier) Mend(tags Tags, ownerGone bool) (mended Dossier, changed bool) {
	mended = d
	mended.Tags = make([]string, 0, len(d.Tags))
	for _, id := range d.Tags {
		if t, ok := tags.Find(id); ok && !slices.Contains(mended.Tags, t.ID) {
			mended.Tags = append(mended.Tags, t.ID)
		}
	}
	slices.Sort(mended.Tags)
	if ownerGone {
		mended.Owner = ""
	}
	if mended.Owner == d.Owner && slices.Equal(mended.Tags, d.Tags) {
		return d, false
	}
	mended.By = ""
	mended.Version++
	return mended, true
}

// Label is one of the team's lists that an idea is in: by its owner, by a tag, or by
// both.
type Label struct{ Owner, Tag string }

// Labels are all lists that the dossier puts its idea in.
func (d Dossier) Labels() []Label {
	var out []Label
	if d.Owner != "" {
		out = append(out, Label{Owner: d.Owner})
	}
	for _, t := range d.Tags {
		if out = append(out, Label{Tag: t}); d.Owner != "" {
			out = append(out, Label{Owner: d.Owner, Tag: t})
		}
	}
	return out
}

var errDossierStale = &Error{Kind: Stale, Code: "dossier_stale", Msg: "Somebody of the team changed owner or tags in the meantime. Look at them again, then decide."}
