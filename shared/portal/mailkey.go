package portal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// MailKey signs links in mails, and when forms were drawn (stamp.go). The newest key signs; the ones before it go on
// verifying until their time is over, because mails are opened late.
type MailKey struct {
	ID      int64 // counts from 1
	Secret  []byte
	MadeAt  time.Time
	Until   time.Time // when it is forgotten; zero = never, it has not been replaced
	Version int64
}

// Sizes of keys and of what they make.
const (
	mailKeyBytes = 32
	mailMACBytes = 16 // HMAC-SHA256-128, as RFC 4868 cuts it
)

// MailKeyStore keeps the keys; shared/store does.
type MailKeyStore interface {
	// MailKeys are those that still verify, oldest first: one Query, a strong one.
	MailKeys(ctx context.Context) ([]MailKey, error)
	// PutMailKey stores the key under prev+1 if its stored version is prev; 0 = it is
	// new. Stale, and nothing written, if it is not.
	PutMailKey(ctx context.Context, k MailKey, prev int64) error
}

// MailLinks signs what a link in a mail may do, and reads it again. It keeps the keys
// in memory, so that a mail costs no read. The first key is made when first needed.
type MailLinks struct {
	Store MailKeyStore
	Clock func() time.Time
	Rand  io.Reader // a cryptographic one

	mu   sync.Mutex
	keys []MailKey
	read time.Time
}

// How long keys are believed: a replaced key signs for so long at most, and one that
// is not known is looked for that soon. The first has to be shorter than the time
// that a replaced key goes on verifying.
const (
	mailKeysFresh  = 10 * time.Minute
	mailKeysSought = 5 * time.Second
)

// Ticket is what a signed link allows: one kind of thing, for one member.
type Ticket struct {
	Purpose  Purpose
	MemberID string
	Scope    Scope
}

// Purpose is which kind of page a ticket opens. One for the one does not open the
// other.
type Purpose string

// The purposes.
const (
	ToUnsubscribe Purpose = "u"
	ToPreferences Purpose = "p"
	ToWithdraw    Purpose = "w" // an idea that the team wrote down for the member; its id is the scope
)

// Path is that of the page; the link's text stands in its query under "t", which no
// access log keeps.
func (p Purpose) Path() string {
	switch p {
	case ToUnsubscribe:
		return "/unsubscribe"
	case ToWithdraw:
		return "/withdraw"
	}
	return "/mail-preferences"
}

// Scope is which mails an unsubscribe link is about: an idea's id, or one of these.
type Scope string

// The scopes that are no idea.
const (
	ScopeAll    Scope = "all"
	ScopeOwn    Scope = "own"
	ScopeVoted  Scope = "voted"
	ScopeDigest Scope = "digest"
)

func (s Scope) valid() bool {
	switch s {
	case ScopeAll, ScopeOwn, ScopeVoted, ScopeDigest:
		return true
	}
	return ValidTimedID(string(s))
}

// errLink is for links that nobody signed, or whose key is forgotten.
var errLink = &Error{Kind: NotFound, Code: "bad_link", Msg: "This link is not whole, or too old. Sign in to change what we send you."}

// Sign makes the text of a link: letters, digits, dashes and dots, no more than 100.
func (l *MailLinks) Sign(ctx context.Context, t Ticket) (string, error) {
	k, err := l.newest(ctx)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%s.%d.%s.%s", t.Purpose, k.ID, t.MemberID, t.Scope)
	return text + "." + k.mac(text), nil
}

// Verify reads a link's text. NotFound, with the code bad_link, for anything that
// Sign has not made for this purpose.
func (l *MailLinks) Verify(ctx context.Context, purpose Purpose, link string) (Ticket, error) {
	i := strings.LastIndexByte(link, '.')
	if i < 0 || len(link) > 200 {
		return Ticket{}, errLink
	}
	text, mac := link[:i], link[i+1:]
	part := strings.Split(text, ".")
	if len(part) != 4 || part[0] != string(purpose) {
		return Ticket{}, errLink
	}
	t := Ticket{Purpose: purpose, MemberID: part[2], Scope: Scope(part[3])}
	id, err := strconv.ParseInt(part[1], 10, 64)
	if err != nil || !ValidMemberID(t.MemberID) || !t.Scope.valid() {
		return Ticket{}, errLink
	}
	k, err := l.key(ctx, id)
	if err != nil {
		return Ticket{}, err
	}
	if k.ID == 0 || !hmac.Equal([]byte(mac), []byte(k.mac(text))) {
		return Ticket{}, errLink
	}
	return t, nil
}

// What keys are used for: what was signed for the one does not verify for the other.
const (
	mailLink  = "groundswell mail link 1\x00"
	formStamp = "groundswell form stamp 1\x00"
)

func (k MailKey) mac(text string) string { return k.macFor(mailLink, text) }

func (k MailKey) macFor(purpose, text string) string {
	h := hmac.New(sha256.New, k.Secret)
	_, _ = io.WriteString(h, purpose+text)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:mailMACBytes])
}

// newest is the key that signs.
func (l *MailLinks) newest(ctx context.Context) (MailKey, error) {
	keys, err := l.current(ctx, false)
	if err == nil && len(keys) == 0 {
		keys, err = l.first(ctx)
	}
	if err != nil {
		return MailKey{}, err
	}
	return keys[len(keys)-1], nil
}

// key is the key with the id, if it may still verify.
func (l *MailLinks) key(ctx context.Context, id int64) (MailKey, error) {
	for _, seek := range []bool{false, true} { // a key may be younger than what is in memory
		keys, err := l.current(ctx, seek)
		if err != nil {
			return MailKey{}, err
		}
		for _, k := range keys {
			if k.ID == id && (k.Until.IsZero() || k.Until.After(l.Clock())) {
				return k, nil
			}
		}
	}
	return MailKey{}, nil
}

func (l *MailLinks) current(ctx context.Context, seek bool) ([]MailKey, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, fresh := l.Clock(), mailKeysFresh
	if seek {
		fresh = mailKeysSought
	}
	if len(l.keys) > 0 && now.Sub(l.read) < fresh {
		return l.keys, nil
	}
	keys, err := l.Store.MailKeys(ctx)
	if err != nil {
		return nil, err
	}
	l.keys, l.read = keys, now
	return keys, nil
}

// first makes the first key, unless somebody else is faster.
func (l *MailLinks) first(ctx context.Context) ([]MailKey, error) {
	k, err := NewMailKey(l.Rand, 1, l.Clock())
	if err != nil {
		return nil, err
	}
	if err := l.Store.PutMailKey(ctx, k, 0); err != nil && KindOf(err) != Stale {
		return nil, err
	}
	keys, err := l.current(ctx, true)
	if err == nil && len(keys) == 0 {
		err = fmt.Errorf("there is no key for mail links although one was made")
	}
	return keys, err
}

// NewMailKey makes a key of 32 random bytes.
func NewMailKey(r io.Reader, id int64, now time.Time) (MailKey, error) {
	k := MailKey{ID: id, Secret: make([]byte, mailKeyBytes), MadeAt: now, Version: 1}
	_, err := io.ReadFull(r, k.Secret)
	return k, err
}

// RotateMailKey makes a new key, which signs from now on, and lets the ones before it
// verify for keep. It is the operator's.
func RotateMailKey(ctx context.Context, s MailKeyStore, r io.Reader, now time.Time, keep time.Duration) (MailKey, error) {
	if keep < 2*mailKeysFresh {
		return MailKey{}, InvalidField("keep", "too_short", 0, "Must be at least 20 minutes: others may still sign with the key before.")
	}
	keys, err := s.MailKeys(ctx)
	if err != nil {
		return MailKey{}, err
	}
	id := int64(1)
	if n := len(keys); n > 0 {
		id = keys[n-1].ID + 1
	}
	k, err := NewMailKey(r, id, now)
	if err != nil {
		return MailKey{}, err
	}
	if err := s.PutMailKey(ctx, k, 0); err != nil {
		return MailKey{}, err
	}
	for _, old := range keys {
		if until := now.Add(keep); old.Until.IsZero() || old.Until.After(until) {
			old.Until, old.Version = until, old.Version+1
			if err := s.PutMailKey(ctx, old, old.Version-1); err != nil {
				return k, err
			}
		}
	}
	return k, nil
}
