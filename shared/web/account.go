package web

import (
	"net"
	"net/http"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/metric"
	"groundswell/shared/portal"
)

type memberAnswer struct {
	Member member `json:"member"`
}

// signIn answers the same whether or not the address belongs to a member.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	var email string
	if err := readJSON(w, r, field{"email", &email}); err != nil {
		return err
	}
	if err := s.requestCode(w, r, email, locale(r)); err != nil {
		return err
	}
	return sendJSON(w, http.StatusAccepted, struct {
		ExpiresIn   int `json:"expires_in"`
		ResendAfter int `json:"resend_after"`
	}{int(portal.CodeLife / time.Second), int(portal.ResendAfter / time.Second)})
}

// requestCode has a code sent and binds it to this browser.
func (s *Server) requestCode(w http.ResponseWriter, r *http.Request, email, locale string) error {
	secret, err := s.Portal.RequestCode(r.Context(), portal.SignInRequest{Email: email, Browser: browser(r), Address: address(r), Locale: locale})
	if err != nil {
		return err
	}
	setBrowser(w, r, secret)
	return nil
}

func (s *Server) confirmSignIn(w http.ResponseWriter, r *http.Request) error {
	var email, code string
	if err := readJSON(w, r, field{"email", &email}, field{"code", &code}); err != nil {
		return err
	}
	m, err := s.confirmCode(w, r, email, code)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, memberAnswer{memberOf(m)})
}

// confirmCode signs the browser in, always with a new session.
func (s *Server) confirmCode(w http.ResponseWriter, r *http.Request, email, code string) (portal.Member, error) {
	token, m, err := s.Portal.ConfirmCode(r.Context(), portal.Confirmation{Email: email, Code: code, Browser: browser(r),
		Address: address(r), Agent: r.UserAgent()})
	if k := portal.KindOf(err); k == portal.Invalid || k == portal.TooMany {
		s.count(metric.CodesRefused)
	}
	if err != nil {
		return portal.Member{}, err
	}
	setSession(w, r, token)
	return m, nil
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.SignOut(r.Context(), actor(r)); err != nil {
		return err
	}
	clearSession(w, r)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) getMe(w http.ResponseWriter, r *http.Request) error {
	why, since, err := s.Portal.MailTrouble(r.Context(), actor(r))
	if err != nil {
		return err
	}
	answer := meAnswer{memberAnswer: memberAnswer{memberOf(actor(r).Member)}}
	if why != "" {
		answer.Trouble = &mailTrouble{why, stamp(since)}
	}
	return sendJSON(w, http.StatusOK, answer)
}

func (s *Server) editMe(w http.ResponseWriter, r *http.Request) error {
	var e portal.ProfileEdit
	err := readJSON(w, r, field{"name", &e.Name}, field{"locale", &e.Locale},
		field{"mail", fields{{"own", &e.Mail.Own}, {"followed", &e.Mail.Followed}, {"voted", &e.Mail.Voted}, {"digest", &e.Mail.Digest}}})
	if err != nil {
		return err
	}
	m, err := s.Portal.EditProfile(r.Context(), actor(r), e)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, memberAnswer{memberOf(m)})
}

// locale is the language to speak: a member's own, else the one chosen in the
// pages' footer, else what the browser asks for.
func locale(r *http.Request) string {
	return i18n.Match(actor(r).Locale, readCookie(r, languageCookie, callOf(r).secure), r.Header.Get("Accept-Language"))
}

// address is where the request came from, as the connection says: forwarding
// headers can be invented by anybody.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
