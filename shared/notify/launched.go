package notify

import (
	"net/url"
	"strings"
	"time"

	"groundswell/shared/portal"
)

// Launched is what the Launched mail says.
type Launched struct {
	Title, URL string // of the idea
	Name       string // of the one who gets the mail; may be empty
	Own        bool   // the idea is theirs; else theirs was merged into it
	Votes      int    // a few seconds old, perhaps; below 1 nothing is said of them
	Days       int    // from the idea to the launch; below 1 nothing is said of them
	Path       []Step // the way from the idea to the launch, oldest first
	Note       string // of the team: Markdown; may be empty
	Link       string // of the team; may be empty
	Links      Links
}

// Step is one line of an idea's way, or stands for More of them that are left out.
type Step struct {
	To        portal.Status
	Submitted bool // the first one
	Last      bool // the launch
	At        time.Time
	More      int
}

// longest is how many steps a mail shows. Few ideas have more than five; one that
// went to and fro keeps its beginning and its end.
const longest = 8

// LaunchedFrom takes what the mail says from the idea's page. ver is the version of
// the history entry that the mail is about: what came later is left out. Name, Own
// and URL depend on the reader and are left open.
func LaunchedFrom(page portal.IdeaPage, ver int64) Launched {
	l := Launched{Title: page.Idea.Title, Votes: page.Card.Votes}
	for _, h := range page.History {
		if h.Ver > ver || h.Merged != "" || h.Unmerged != "" { // merges are no part of the way
			continue
		}
		l.Path = append(l.Path, Step{To: h.To, Submitted: h.From == "", At: h.At, Last: h.Ver == ver})
		if h.Ver == ver {
			l.Note, l.Link, l.Days = h.Note, h.Link, days(page.Idea.CreatedAt, h.At)
		}
	}
	if n := len(l.Path) - longest; n > 0 {
		path := append([]Step{l.Path[0]}, Step{More: n + 1})
		l.Path = append(path, l.Path[n+2:]...)
	}
	return l
}

func days(from, to time.Time) int { return max(0, int(to.Sub(from)/(24*time.Hour))) }

// calledBy is the name to greet the member by: none if it is the one that the portal
// made of the id, because the member has not chosen any.
func calledBy(m portal.Member) string {
	if made, ok := strings.CutPrefix(m.Name, "member-"); ok && made != "" && strings.HasPrefix(m.ID, made) {
		return ""
	}
	return m.Name
}

// ideaURL is the address of the idea's page.
func ideaURL(base string, i portal.Idea) string {
	p := base + "/ideas/" + i.ID
	if slug := portal.Slug(i.Title); slug != "" {
		p += "/" + url.PathEscape(slug)
	}
	return p
}

// most is how many columns of a title fit into a subject that lists still show, and
// that any header can hold.
const most = 80

// short cuts a title for the subject, at a space if there is one near.
func short(title string) string {
	title = strings.Join(strings.Fields(title), " ")
	if wide(title) <= most {
		return title
	}
	var s string
	for i := range title {
		if wide(title[:i]) >= most {
			break
		}
		s = title[:i]
	}
	if i := strings.LastIndexByte(s, ' '); i > len(s)/2 {
		s = s[:i]
	}
	return strings.TrimRight(s, " ,.;:–-、，。；：") + "…"
}
