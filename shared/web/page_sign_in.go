package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// signInView is both steps of signing in: the address, then the code.
type signInView struct {
	base
	Email   string
	Next    string // where the reader was
	Vote    string // the idea that the reader was about to vote for, or ""
	For     string // its title
	Back    string // to the first step
	Wait    int    // seconds until another code can be asked for
	Problem fieldProblem
}

// signInView takes its texts from the query or the form. A vote that waits for
// its voter is named on the page: nobody votes by following a link.
func (s *Server) signInView(r *http.Request, v url.Values, path string) (signInView, error) {
	page := signInView{Next: local(v.Get("next"))}
	if id := v.Get("vote"); portal.ValidTimedID(id) {
		c, err := s.Portal.Store.CardOf(r.Context(), id)
		switch {
		case err == nil && c.MergedInto == "":
			page.Vote, page.For = id, c.Title
		case err != nil && portal.KindOf(err) != portal.NotFound:
			return page, err
		}
	}
	page.base = s.base(r, "sign_in", path+"?"+page.query())
	page.Title = s.printer(r).T("sign_in.heading")
	page.Back = "/sign-in?" + page.query()
	page.SignIn = page.Back // not to this page and back
	return page, nil
}

func (v signInView) query() string {
	q := url.Values{"next": {v.Next}}
	if v.Vote != "" {
		q.Set("vote", v.Vote)
	}
	return q.Encode()
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) error {
	page, err := s.signInView(r, r.URL.Query(), "/sign-in")
	if err != nil {
		return err
	}
	if actor(r).SignedIn() {
		http.Redirect(w, r, page.Next, http.StatusSeeOther)
		return nil
	}
	return s.render(w, http.StatusOK, "sign_in", page)
}

// signInForm sends a code. The answer is the same whether or not the address
// belongs to a member.
func (s *Server) signInForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	page, err := s.signInView(r, v, "/sign-in")
	if err != nil {
		return err
	}
	p := s.printer(r)
	page.Email = v.Get("email")
	err = s.requestCode(w, r, page.Email, p.Locale())
	if err == nil {
		to := "/sign-in/code?" + page.query()
		if v.Get("again") != "" {
			to += "&again=1"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	text, rest := signInProblem(p, r, err, "email")
	if rest != nil {
		return rest
	}
	if f := failureOf(r, err); f.Code == "resend" { // the code that is on its way goes in here
		page.Wait = seconds(f.RetryAfter)
		page.Problem = fieldProblem{Field: "code", Text: text}
		return s.render(w, statusOf(err), "code", page)
	}
	page.Problem = fieldProblem{Field: "email", Text: text}
	return s.render(w, statusOf(err), "sign_in", page)
}

// signInProblem is what to say beside the field; other errors come back.
func signInProblem(p *i18n.Printer, r *http.Request, err error, field string) (string, error) {
	ps, rest := formErrors(p, err, nil)
	if rest == nil {
		return ps.of(field).Text, nil
	}
	switch portal.KindOf(rest) {
	case portal.TooMany, portal.Stale:
		f := failureOf(r, rest)
		return errorText(p, f.Code, f.Detail), nil
	}
	return "", rest
}

// seconds are whole ones, rounded up; none are left of a time that has passed.
func seconds(d time.Duration) int { return int(max(0, d+time.Second-1) / time.Second) }

// pending fills in what this browser asked a code for. It comes from the store,
// so that the address need not be in a link or a cookie. Email stays "" if no code
// was asked for, or it is long gone.
func (s *Server) pending(r *http.Request, page *signInView) error {
	secret := browser(r)
	if secret == "" {
		return nil
	}
	c, err := s.Portal.Store.Code(r.Context(), portal.HashToken(secret))
	switch {
	case portal.KindOf(err) == portal.NotFound:
		return nil
	case err != nil:
		return err
	}
	page.Email, page.Wait = c.Email, seconds(portal.ResendAfter-s.Portal.Clock().Sub(c.Sent))
	return nil
}

// codeDigits takes a code as people type and paste it: with blanks and dashes, in
// the wide digits of a Chinese keyboard, or with the words around it. What has no
// digit in it stays as it is.
func codeDigits(s string) string {
	digits := strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9':
			return r
		case '\uff10' <= r && r <= '\uff19':
			return r - '\uff10' + '0'
		}
		return -1
	}, s)
	if digits == "" {
		return s
	}
	return digits
}

func (s *Server) codePage(w http.ResponseWriter, r *http.Request) error {
	page, err := s.signInView(r, r.URL.Query(), "/sign-in/code")
	if err != nil {
		return err
	}
	if err := s.pending(r, &page); err != nil {
		return err
	}
	switch {
	case actor(r).SignedIn():
		http.Redirect(w, r, page.Next, http.StatusSeeOther)
		return nil
	case page.Email == "":
		http.Redirect(w, r, page.Back, http.StatusSeeOther)
		return nil
	}
	if readQuery(r, "again") != "" {
		page.Notice = s.printer(r).T("code.sent_again")
	}
	return s.render(w, http.StatusOK, "code", page)
}

// codeForm signs in, casts the vote that was waiting, and goes back to where the
// reader was.
func (s *Server) codeForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	page, err := s.signInView(r, v, "/sign-in/code")
	if err != nil {
		return err
	}
	if err := s.pending(r, &page); err != nil {
		return err
	}
	if page.Email == "" {
		http.Redirect(w, r, page.Back, http.StatusSeeOther)
		return nil
	}
	m, err := s.confirmCode(w, r, page.Email, codeDigits(v.Get("code")))
	if err != nil {
		text, rest := signInProblem(s.printer(r), r, err, "code")
		if rest != nil {
			return rest
		}
		page.Problem = fieldProblem{Field: "code", Text: text}
		return s.render(w, statusOf(err), "code", page)
	}
	to := page.Next
	if page.Vote != "" {
		// The idea may have been merged meanwhile: then the page says so.
		if _, err := s.Portal.CastVote(r.Context(), portal.Actor{Member: m}, page.Vote); err == nil {
			to = done(to, "voted")
		} else if portal.KindOf(err) == portal.Internal {
			return err
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *Server) signOutForm(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.SignOut(r.Context(), actor(r)); err != nil {
		return err
	}
	clearSession(w, r)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
