package web

import (
	"net/http"
	"net/url"

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
		http.Redirect(w, r, "/sign-in/code?"+page.query(), http.StatusSeeOther)
		return nil
	}
	text, rest := signInProblem(p, r, err, "email")
	if rest != nil {
		return rest
	}
	if failureOf(r, err).Code == "resend" { // the code that is on its way goes in here
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

// pendingEmail is the address that this browser asked a code for. It comes from
// the store, so that it need not be in an address or a cookie.
func (s *Server) pendingEmail(r *http.Request) (string, error) {
	secret := browser(r)
	if secret == "" {
		return "", nil
	}
	c, err := s.Portal.Store.Code(r.Context(), portal.HashToken(secret))
	if portal.KindOf(err) == portal.NotFound {
		return "", nil
	}
	return c.Email, err
}

func (s *Server) codePage(w http.ResponseWriter, r *http.Request) error {
	page, err := s.signInView(r, r.URL.Query(), "/sign-in/code")
	if err != nil {
		return err
	}
	if page.Email, err = s.pendingEmail(r); err != nil {
		return err
	}
	switch {
	case actor(r).SignedIn():
		http.Redirect(w, r, page.Next, http.StatusSeeOther)
		return nil
	case page.Email == "":
		http.Redirect(w, r, page.Back, http.StatusSeeOther) // no code was asked for, or it is long gone
		return nil
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
	if page.Email, err = s.pendingEmail(r); err != nil {
		return err
	}
	if page.Email == "" {
		http.Redirect(w, r, page.Back, http.StatusSeeOther)
		return nil
	}
	m, err := s.confirmCode(w, r, page.Email, v.Get("code"))
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
