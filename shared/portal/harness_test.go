package portal_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

// desk is a portal on an empty table, with a clock that stands still, seeded
// randomness, and the last sign-in code at hand.
type desk struct {
	*testing.T
	*portal.Portal
	table *local.Table
	clock *tabletest.Clock
	mails *mails
	drain func()
}

type mails struct {
	mu   sync.Mutex
	sent []portal.CodeMail
}

func (m *mails) SendCode(_ context.Context, c portal.CodeMail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, c)
	return nil
}

func (m *mails) last() portal.CodeMail { return m.sent[len(m.sent)-1] }

// seeded is a source that goroutines share, as crypto/rand's is.
type seeded struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func newSeeded(seed byte) *seeded { return &seeded{r: rand.NewChaCha8([32]byte{seed})} }

func (s *seeded) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.r.Read(b)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	tab, clock := tabletest.OpenLocal(t)
	s := &store.Store{Table: tab, Clock: clock.Now}
	d := &desk{T: t, table: tab, clock: clock, mails: &mails{}}
	d.Portal = &portal.Portal{Store: s, Mails: d.mails, Clock: clock.Now, IDs: portal.IDs{Rand: newSeeded(1)},
		Categories: portal.DefaultCategories(), Locales: []string{"en", "zh"}, TeamEmails: []string{"boss@example.com"}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	c := &projection.Consumer{Store: s, Clock: clock.Now}
	go func() {
		defer close(done)
		_ = tab.Follow(ctx, "projections", local.FollowOptions{}, func(ctx context.Context, b []table.Change) error { return c.Handle(ctx, b) })
	}()
	t.Cleanup(func() { cancel(); <-done })
	d.drain = func() {
		t.Helper()
		if err := tab.Drained(t.Context(), "projections"); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// signIn makes a member of the address and signs in as them.
func (d *desk) signIn(email string) portal.Actor {
	d.Helper()
	browser, err := d.RequestCode(d.Context(), portal.SignInRequest{Email: email, Address: "192.0.2.1", Locale: "en"})
	d.must(err)
	token, _, err := d.ConfirmCode(d.Context(), portal.Confirmation{Email: email, Code: d.mails.last().Code, Browser: browser, Address: "192.0.2.1"})
	d.must(err)
	a, err := d.Authenticate(d.Context(), token)
	d.must(err)
	if !a.SignedIn() {
		d.Fatalf("%s is not signed in", email)
	}
	return a
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) submit(a portal.Actor, title string) portal.Idea {
	d.Helper()
	i, _, err := d.SubmitIdea(d.Context(), a, portal.IdeaDraft{Title: title, Body: "because", Category: "food"})
	d.must(err)
	return i
}

// refused checks kind, code and, unless "", the field that an error names.
func refused(t *testing.T, err error, kind portal.Kind, code, field string) {
	t.Helper()
	var e *portal.Error
	if !errors.As(err, &e) {
		t.Errorf("error %v; want a portal.Error with code %s", err, code)
		return
	}
	got, name := e.Code, ""
	if len(e.Fields) > 0 {
		got, name = e.Fields[0].Code, e.Fields[0].Name
	}
	if e.Kind != kind || got != code || name != field {
		t.Errorf("kind %d, code %s, field %q; want %d, %s, %q (%v)", e.Kind, got, name, kind, code, field, err)
	}
}

func wait(d time.Duration) func(*desk) { return func(k *desk) { k.clock.Advance(d) } }
