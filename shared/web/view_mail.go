package web

import (
	"net/url"

	"groundswell/shared/portal"
)

// mailView is the choice of mails, as a form shows it.
type mailView struct {
	Own, Voted, Digest bool
	Followed           portal.Interest
	Interests          []portal.Interest
}

func mailViewOf(m portal.MailPrefs) mailView {
	return mailView{m.Own, m.Voted, m.Digest, m.Followed, portal.Interests}
}

// mailEdit takes the choice from the form that part "mail choices" makes.
func mailEdit(v url.Values) portal.MailEdit {
	own, voted, digest, followed := v.Get("own") != "", v.Get("voted") != "", v.Get("digest") != "", v.Get("followed")
	return portal.MailEdit{Own: &own, Voted: &voted, Digest: &digest, Followed: &followed}
}

// mailTyped is the form as it was sent.
func mailTyped(v url.Values) mailView {
	return mailView{v.Get("own") != "", v.Get("voted") != "", v.Get("digest") != "", portal.Interest(v.Get("followed")), portal.Interests}
}
