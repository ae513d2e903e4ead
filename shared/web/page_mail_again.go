package web

import (
	"net/http"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// troubleView says on one's own page why no mail comes.
type troubleView struct {
	Heading, Text, Button string
	Since                 whenView
}

// mailTrouble says why a member's address gets no mail, in JSON.
type mailTrouble struct {
	Why   string `json:"why"`
	Since string `json:"since"`
}

// meAnswer is a member's answer about oneself.
type meAnswer struct {
	memberAnswer
	Trouble *mailTrouble `json:"mail_trouble"`
}

func troubleOf(p *i18n.Printer, why string, since time.Time) *troubleView {
	switch why {
	case "":
		return nil
	case portal.BarredComplaint:
		return &troubleView{p.T("me.trouble_complaint"), p.T("me.trouble_complaint_text"), p.T("me.trouble_complaint_again"), whenOf(p, since)}
	}
	return &troubleView{p.T("me.trouble_bounce"), p.T("me.trouble_bounce_text"), p.T("me.trouble_bounce_again"), whenOf(p, since)}
}

// mailAgain answers a member who wants mail again.
func (s *Server) mailAgain(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.MailAgain(r.Context(), actor(r)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) mailAgainForm(w http.ResponseWriter, r *http.Request) error {
	if _, err := form(w, r); err != nil {
		return err
	}
	if err := s.Portal.MailAgain(r.Context(), actor(r)); err != nil {
		return err
	}
	http.Redirect(w, r, done("/me", "mail_again"), http.StatusSeeOther)
	return nil
}
