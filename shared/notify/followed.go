package notify

import (
	html "html/template"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
)

// Followed is what a mail says to somebody who follows an idea, or voted for it and
// asked to hear of its launch.
type Followed struct {
	Launched               // Own has no meaning here, and Votes and Days are said of launches alone
	To       portal.Status // where the idea stands now
	Voter    bool          // it is for the vote that they hear of it
}

// Launch reports whether it is the launch that they hear of.
func (f Followed) Launch() bool { return f.To == portal.Launched }

// FollowedFrom takes what the mail says from the idea's page, as LaunchedFrom does.
func FollowedFrom(page portal.IdeaPage, h portal.HistoryEntry) Followed {
	f := Followed{Launched: LaunchedFrom(page, h.Ver), To: h.To}
	if !f.Launch() {
		f.Votes, f.Days = 0, 0
	}
	return f
}

type followedData struct {
	base
	Followed
	NoteHTML html.HTML
}

// Followed writes the mail. Who it is from and to is left open.
func (t *Texts) Followed(tag string, f Followed) (mail.Message, error) {
	return t.make("followed", tag, f.Links, func(b base) any {
		d := followedData{base: b, Followed: f}
		d.Note, d.NoteHTML = t.note(b, f.Note, f.URL)
		return d
	})
}
