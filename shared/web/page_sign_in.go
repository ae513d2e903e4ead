package web

import (
	"context"
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
	Errand  errand // what the reader was about to do
	Back    string // to the first step
	Wait    int    // seconds until another code can be asked for
	Problem fieldProblem
}

// errand is what a reader wanted to do with an idea and has to sign in for; Do is ""
// if there is nothing of the kind.
type errand struct {
	Do    string // "vote" or "follow"
	Idea  string
	Title string
	Text  string // what comes of it once the reader has signed in
}

// errandOf finds the errand in the query or the form; that the idea can't be voted
// for or followed ends it.
func (s *Server) errandOf(r *http.Request, v url.Values) (e errand, err error) {
	p := s.printer(r)
	switch {
	case v.Has("vote"):
		e = errand{Do: "vote", Text: p.T("sign_in.for_vote")}
	case v.Has("follow"):
		e = errand{Do: "follow", Text: p.T("sign_in.for_follow")}
	}
	if e.Idea = v.Get(e.Do); !portal.ValidTimedID(e.Idea) {
		return errand{}, nil
	}
	c, err := s.Portal.Store.CardOf(r.Context(), e.Idea)
	if portal.KindOf(err) == portal.NotFound || err == nil && (c.MergedInto != "" || c.Hidden) {
		return errand{}, nil
	}
	e.Title = c.Title
	return e, err
}

// run does the errand, and returns the word for the notice. It may be too late for
// it, as when the idea was merged meanwhile: then its page says so.
func (s *Server) run(ctx context.Context, e errand, a portal.Actor) (what string, err error) {
	switch e.Do {
	case "vote":
		what = "voted"
		_, err = s.Portal.CastVote(ctx, a, e.Idea)
	case "follow":
		what = "followed"
		err = s.Portal.FollowIdea(ctx, a, e.Idea)
	}
	if err != nil && portal.KindOf(err) != portal.Internal {
		return "", nil
	}
	return what, err
}

// signInView takes its texts from the query or the form. An errand is named on the
// page: nobody votes by following a link.
func (s *Server) signInView(r *http.Request, v url.Values, path string) (signInView, error) {
	page := signInView{Next: local(v.Get("next"))}
	var err error
	if page.Errand, err = s.errandOf(r, v); err != nil {
		return page, err
	}
	page.base = s.base(r, "sign_in", path+"?"+page.query())
	page.Title = s.printer(r).T("sign_in.heading")
	page.Back = "/sign-in?" + page.query()
	page.SignIn = page.Back // not to this page and back
	return page, nil
}

func (v signInView) query() string {
	q := url.Values{"next": {v.Next}}
	if v.Errand.Do != "" {
		q.Set(v.Errand.Do, v.Errand.Idea)
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
	text, rest := signInProblem(w, r, p, err, "email")
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
func signInProblem(w http.ResponseWriter, r *http.Request, p *i18n.Printer, err error, field string) (string, error) {
	ps, rest := formErrors(p, err, nil)
	if rest == nil {
		return ps.of(field).Text, nil
	}
	switch portal.KindOf(rest) {
	case portal.TooMany, portal.Stale:
		return refusalText(w, r, p, rest), nil
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

// codeForm signs in, does the errand that was waiting, and goes back to where the
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
		text, rest := signInProblem(w, r, s.printer(r), err, "code")
		if rest != nil {
			return rest
		}
		page.Problem = fieldProblem{Field: "code", Text: text}
		return s.render(w, statusOf(err), "code", page)
	}
	to := page.Next
	what, err := s.run(r.Context(), page.Errand, portal.Actor{Member: m})
	if err != nil {
		return err
	}
	if what != "" {
		to = done(to, what)
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
