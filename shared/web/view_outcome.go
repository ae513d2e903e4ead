package web

import (
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// heard puts what became of a mail that was sent in the place of "sent".
func (v *toldView) heard(p *i18n.Printer, m portal.MailLine) {
	if m.State != "sent" || m.Outcome == "" {
		return
	}
	v.At = whenOf(p, m.OutcomeAt)
	switch m.Outcome {
	case "delivered":
		v.What = p.T("team.told_delivered")
	case "delayed":
		v.What, v.Why, v.State = p.T("team.told_delayed"), p.T("team.why_delayed"), "waiting"
	case "soft_bounce":
		v.What, v.Why, v.State = p.T("team.told_bounced"), p.T("team.why_soft_bounce"), "failed"
	case "bounced":
		v.What, v.Why, v.State = p.T("team.told_bounced"), p.T("team.why_bounced"), "failed"
	case "refused":
		v.What, v.Why, v.State = p.T("team.told_failed"), p.T("team.why_refused"), "failed"
	case "complained":
		v.What, v.Why, v.State = p.T("team.told_complained"), p.T("team.why_complained"), "failed"
	}
}
