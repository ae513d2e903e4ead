package portal

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Rules of sign-in codes and sessions; OWASP ASVS 5.0, 6.5, 6.6 and 7.3.
const (
	CodeLife     = 10 * time.Minute
	CodeTries    = 5
	ResendAfter  = 60 * time.Second
	SessionIdle  = 30 * 24 * time.Hour
	SessionLife  = 365 * 24 * time.Hour
	sessionTouch = 24 * time.Hour // how often use of a session is written down
)

// SignInCode is a pending sign-in. It is found by the hash of a secret that only
// the asking browser has, and Hash is keyed with that secret too: neither can be
// guessed from the store, although the code has six digits only.
type SignInCode struct {
	ID      string // hash of the browser's secret
	Email   string
	Hash    string // HMAC-SHA-256 of the code, keyed with the browser's secret
	Locale  string
	Sent    time.Time
	Expires time.Time
	Tries   int
	Version int64
}

// Session is a signed-in browser.
type Session struct {
	ID        string // hash of the token's secret part
	MemberID  string
	CreatedAt time.Time
	SeenAt    time.Time
	Agent     string // browser and system, as the browser said it
}

func (s Session) expires() time.Time {
	idle, life := s.SeenAt.Add(SessionIdle), s.CreatedAt.Add(SessionLife)
	if idle.Before(life) {
		return idle
	}
	return life
}

// Expires is when the session ends if it is not used again.
func (s Session) Expires() time.Time { return s.expires() }

// CodeMail asks the mail queue to send a sign-in code.
type CodeMail struct {
	ID      string // names this sending in the mail ledger
	Email   string
	Code    string
	Locale  string
	Expires time.Time
}

// SignInRequest asks for a code. Browser is the secret that an earlier request
// gave this browser, or ""; Address is where the request came from.
type SignInRequest struct {
	Email, Browser, Address, Locale string
}

// Email normalises an e-mail address: the domain in lower case, and the whole in
// lower case for looking members up. It takes the plain form of RFC 5322 addr-spec
// only: no display names, comments or address literals.
func Email(s string) (string, error) {
	s = strings.TrimSpace(s)
	var f fields
	f.text("email", s, 1, MaxEmail)
	if len(f) == 0 {
		a, err := mail.ParseAddress(s)
		local, domain, _ := strings.Cut(s, "@")
		if err != nil || a.Address != s || len(local) > 64 || !strings.Contains(domain, ".") || strings.ContainsAny(s, " \"<>()[],;:\\\n\t") {
			f.add("email", "not_an_email", 0, "Must be an e-mail address such as name@example.com.")
		}
	}
	return strings.ToLower(s), f.err()
}

// RequestCode sends a code to the address, whether or not it belongs to a member,
// and returns the secret that the browser has to bring back with the code.
func (p *Portal) RequestCode(ctx context.Context, r SignInRequest) (browser string, err error) {
	email, err := Email(r.Email)
	if err != nil {
		return "", err
	}
	if p.Screen.NoThrowaways && p.thrownAway(email) && !p.ofTeam(email) {
		return "", errThrowaway
	}
	now := p.now()
	if old, err := p.pendingCode(ctx, r.Browser); err != nil {
		return "", err
	} else if old.Email == email && now.Sub(old.Sent) < ResendAfter {
		return "", tooMany("resend", "A code is on its way.", ResendAfter-now.Sub(old.Sent))
	}
	if err := p.allowNetwork(ctx, FromAddress(r.Address), rateCodes); err != nil {
		return "", err
	}
	if err := p.take(ctx, rateCodes, rateCodes.Email, email, "too_many_"+rateCodes.Name); err != nil {
		return "", err
	}
	secret, err := p.secret(16)
	if err != nil {
		return "", err
	}
	n, err := rand.Int(p.IDs.Rand, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make sign-in code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	if !p.localeKnown(r.Locale) {
		r.Locale = p.Locales[0]
	}
	c := SignInCode{ID: HashToken(secret), Email: email, Hash: codeHash(secret, code), Locale: r.Locale,
		Sent: now, Expires: now.Add(CodeLife), Version: 1}
	if err := p.Store.PutCode(ctx, c, 0); err != nil {
		return "", err
	}
	return secret, p.Mails.SendCode(ctx, CodeMail{ID: c.ID, Email: email, Code: code, Locale: c.Locale, Expires: c.Expires})
}

func (p *Portal) pendingCode(ctx context.Context, browser string) (SignInCode, error) {
	if browser == "" {
		return SignInCode{}, nil
	}
	c, err := p.Store.Code(ctx, HashToken(browser))
	if KindOf(err) == NotFound {
		return SignInCode{}, nil
	}
	return c, err
}

// Confirmation brings the code back.
type Confirmation struct {
	Email, Code, Browser, Address, Agent string
}

// ConfirmCode signs the browser in. The token goes into its cookie; the store
// keeps only a hash. A code is good for one use, CodeTries tries and CodeLife, in
// the browser that asked for it.
func (p *Portal) ConfirmCode(ctx context.Context, r Confirmation) (token string, m Member, err error) {
	email, err := Email(r.Email)
	if err != nil {
		return "", Member{}, err
	}
	code := strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(r.Code))
	if code == "" {
		return "", Member{}, InvalidField("code", "required", 0, "Must not be empty.")
	}
	if err := p.allowNetwork(ctx, FromAddress(r.Address), rateConfirms); err != nil {
		return "", Member{}, err
	}
	bad := InvalidField("code", "wrong_code", 0, "This code is wrong, used or too old. Ask for a new one.")
	c, err := p.pendingCode(ctx, r.Browser)
	switch {
	case err != nil:
		return "", Member{}, err
	case c.ID == "" || c.Email != email || !c.Expires.After(p.now()):
		return "", Member{}, bad
	case c.Tries >= CodeTries:
		return "", Member{}, tooMany("code_tries", "Too many wrong codes. Ask for a new one.", max(ResendAfter-p.now().Sub(c.Sent), time.Second))
	}
	// The try is written down before the code is compared, under the version that
	// was read: guesses made at the same moment can't share one try.
	c.Tries++
	c.Version++
	if err := p.Store.PutCode(ctx, c, c.Version-1); err != nil {
		return "", Member{}, err
	}
	if subtle.ConstantTimeCompare([]byte(c.Hash), []byte(codeHash(r.Browser, code))) != 1 {
		return "", Member{}, bad
	}
	m, err = p.memberByEmail(ctx, email, c.Locale)
	if err != nil {
		return "", Member{}, err
	}
	if m, err = p.firstAdmin(ctx, m); err != nil {
		return "", Member{}, err
	}
	if m, err = p.markThrowaway(ctx, m); err != nil {
		return "", Member{}, err
	}
	secret, err := p.secret(32)
	if err != nil {
		return "", Member{}, err
	}
	now := p.now()
	s := Session{ID: HashToken(secret), MemberID: m.ID, CreatedAt: now, SeenAt: now, Agent: cutBytes(r.Agent, 200)}
	if err := p.Store.CreateSession(ctx, s, c); err != nil {
		return "", Member{}, err
	}
	return m.ID + "." + secret, m, nil
}

// firstAdmin makes the members admins whose addresses the configuration names.
func (p *Portal) firstAdmin(ctx context.Context, m Member) (Member, error) {
	if m.Role == RoleMember && p.ofTeam(m.Email) {
		return p.putRole(ctx, m, RoleAdmin)
	}
	return m, nil
}

// ofTeam reports whether the configuration names the address.
func (p *Portal) ofTeam(email string) bool {
	return slices.ContainsFunc(p.TeamEmails, func(e string) bool { return strings.EqualFold(strings.TrimSpace(e), email) })
}

var errThrowaway = InvalidField("email", "throwaway", 0, "Mailboxes that are thrown away don't work here. Use an address that you keep.")

func (p *Portal) thrownAway(email string) bool { return p.Throwaway != nil && p.Throwaway(email) }

// markThrowaway writes down what is known today of the member's address. It is a fact
// of the member, and not reckoned where it is shown: so one function has the list and
// all others a bit, and a newer list reaches whoever comes back. Who is faster, wins: the next sign-in
// says it again.
func (p *Portal) markThrowaway(ctx context.Context, m Member) (Member, error) {
	if p.Throwaway == nil || m.Throwaway == p.thrownAway(m.Email) {
		return m, nil
	}
	next := m
	next.Throwaway = !m.Throwaway
	next.Version++
	err := p.Store.UpdateMember(ctx, next, m.Version)
	if KindOf(err) == Stale {
		return m, nil
	}
	return next, err
}

// Authenticate is who the token's bearer is: the zero Actor where it is nobody's,
// expired or revoked. The role is the member's current one.
func (p *Portal) Authenticate(ctx context.Context, token string) (Actor, error) {
	memberID, secret, ok := strings.Cut(token, ".")
	if !ok || !ValidMemberID(memberID) || len(secret) > 64 {
		return Actor{}, nil
	}
	s, m, err := p.Store.Session(ctx, memberID, HashToken(secret))
	if KindOf(err) == NotFound {
		return Actor{}, nil
	}
	if err != nil {
		return Actor{}, err
	}
	now := p.now()
	if m.Deleted() || !s.expires().After(now) {
		return Actor{}, nil
	}
	if now.Sub(s.SeenAt) > sessionTouch {
		s.SeenAt = now
		if err := p.Store.TouchSession(ctx, s); err != nil && KindOf(err) != NotFound {
			return Actor{}, err
		}
	}
	return Actor{Member: m, SessionID: s.ID}, nil
}

// SignOut ends the actor's session on the server.
func (p *Portal) SignOut(ctx context.Context, a Actor) error {
	if !a.SignedIn() {
		return nil
	}
	return p.Store.DeleteSession(ctx, a.ID, a.SessionID)
}

// Sessions are the actor's signed-in browsers.
func (p *Portal) Sessions(ctx context.Context, a Actor) ([]Session, error) {
	if err := a.needMember(); err != nil {
		return nil, err
	}
	return p.Store.Sessions(ctx, a.ID)
}

// RevokeSession ends one of the actor's sessions.
func (p *Portal) RevokeSession(ctx context.Context, a Actor, id string) error {
	if err := a.needMember(); err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateProfile); err != nil {
		return err
	}
	return p.Store.DeleteSession(ctx, a.ID, id)
}

// HashToken is what the store keeps of a secret.
func HashToken(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:16])
}

func codeHash(secret, code string) string {
	h := hmac.New(sha256.New, []byte(secret))
	io.WriteString(h, code)
	return hex.EncodeToString(h.Sum(nil))
}

func (p *Portal) secret(bytes int) (string, error) {
	b := make([]byte, bytes)
	if _, err := io.ReadFull(p.IDs.Rand, b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

func cutBytes(s string, n int) string {
	s = strings.ToValidUTF8(line(s), "")
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}
