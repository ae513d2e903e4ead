package web

import (
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// toldView is a line of the delivery log.
type toldView struct {
	Who   portal.Author
	Event string // what it was about
	What  string // was sent, or was not
	Why   string
	At    whenView
	State string // sent, waiting, failed, skipped: how the line looks
}

// looks are how the ledger's states look; what is not here did not go out.
var looks = map[string]string{"sent": "sent", "sending": "waiting", portal.ToldPending: "waiting", "failed": "failed"}

func toldViews(p *i18n.Printer, told []portal.Told) []toldView {
	out := make([]toldView, len(told))
	for i, t := range told {
		out[i] = toldOf(p, t)
	}
	return out
}

func toldOf(p *i18n.Printer, t portal.Told) toldView {
	v := toldView{Who: named(p, portal.Author{ID: t.To, Name: t.Name}), Event: toldEvent(p, t.Event), At: whenOf(p, t.At), State: looks[t.State], Why: toldWhy(p, t.Why)}
	if v.State == "" {
		v.State = "skipped"
	}
	switch t.State {
	case "sent":
		v.What = p.T("team.told_sent")
	case "sending":
		v.What = p.T("team.told_sending")
	case portal.ToldPending:
		v.What = p.T("team.told_pending")
	case "failed":
		v.What = p.T("team.told_failed")
	default:
		v.What = p.T("team.told_skipped")
	}
	v.heard(p, t.MailLine)
	return v
}

// toldEvent is what the mail was about, in words; the ledger's own word for what
// has none yet.
func toldEvent(p *i18n.Printer, event string) string {
	switch {
	case event == "launched":
		return p.T("team.event_launched")
	case event == "entered":
		return p.T("team.event_entered")
	case strings.HasPrefix(event, "merged-"):
		return p.T("team.event_merged")
	case strings.HasPrefix(event, "changed-"):
		return p.T("team.event_changed")
	case strings.HasPrefix(event, "decided-"):
		return p.T("team.event_decided")
	}
	return event
}

// toldWhy puts the ledger's word for why there was no mail into a sentence.
func toldWhy(p *i18n.Printer, why string) string {
	switch why {
	case portal.UnsentNoAddress:
		return p.T("team.why_no_address")
	case portal.UnsentDeleted, portal.UnsentNoMember:
		return p.T("team.why_gone")
	case portal.UnsentHidden, portal.UnsentNoIdea, portal.UnsentNoStep:
		return p.T("team.why_hidden")
	case portal.UnsentRejected:
		return p.T("team.why_rejected")
	case portal.UnsentBadAddress:
		return p.T("team.why_bad_address")
	case portal.UnsentSandbox:
		return p.T("team.why_sandbox")
	case portal.UnsentNotWanted:
		return p.T("team.why_not_wanted")
	case portal.UnsentMuted:
		return p.T("team.why_muted")
	case portal.UnsentActor:
		return p.T("team.why_actor")
	case portal.UnsentSilent:
		return p.T("team.why_silent")
	case portal.UnsentNothingNew:
		return p.T("team.why_nothing_new")
	case portal.UnsentTooLate:
		return p.T("team.why_too_late")
	case portal.UnsentOvertaken:
		return p.T("team.why_overtaken")
	case portal.UnsentSuppressed:
		return p.T("team.why_suppressed")
	case portal.UnsentAttempts:
		return p.T("team.why_attempts")
	}
	return why
}

// readerView is somebody who would hear of a launch, or would not.
type readerView struct {
	ID, Name string
	Language string // of the mail
	Own      bool   // the idea is theirs
	Why      string
}

func readerOf(p *i18n.Printer, r portal.Reader) readerView {
	return readerView{ID: r.ID, Name: named(p, portal.Author{ID: r.ID, Name: r.Name}).Name, Language: languageName(r.Locale), Own: r.Own, Why: toldWhy(p, r.Why)}
}
