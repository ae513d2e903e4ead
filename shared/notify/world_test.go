package notify

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"html/template"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/mail"
	"groundswell/shared/mail/raw"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
)

// The files that the portal ships.
var templateFiles = os.DirFS("../../frontend/templates/mail")

func texts() *Texts {
	return &Texts{FS: templateFiles, Words: func(tag string) Words { return i18n.For(i18n.Match(tag)) }, Portal: "Groundswell", BaseURL: "https://ideas.example.com",
		Markdown: func(s string) template.HTML { return template.HTML("<p>" + template.HTMLEscapeString(s) + "</p>") }}
}

// clock is set by the test.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}
func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.ms.Add(int64(d / time.Millisecond)) }

// world is a portal's table and what happened in it.
type world struct {
	t     testing.TB
	clock *clock
	table *local.Table
	store *store.Store
}

const collector = "test"

func newWorld(t testing.TB) *world {
	t.Helper()
	c := newClock()
	tab, err := local.Open(filepath.Join(t.TempDir(), "db"), local.Options{NoSync: true, Clock: c.now, Consumers: []string{collector}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.Close() })
	return &world{t: t, clock: c, table: tab, store: &store.Store{Table: tab, Clock: c.now}}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// member makes a member; without an address it is an imported one.
func (w *world) member(name, email, locale string) portal.Member {
	w.t.Helper()
	m := portal.Member{ID: portal.ImportedMember("test", name), Name: name, Email: email, Locale: locale, Role: portal.RoleMember, Mail: portal.DefaultMail(), CreatedAt: w.clock.now(), Version: 1}
	_, err := w.store.CreateMember(context.Background(), m)
	w.must(err)
	return m
}

// idea makes an idea.
func (w *world) idea(title string, by portal.Member) portal.Idea {
	w.t.Helper()
	now := w.clock.now()
	i := portal.Idea{ID: portal.ImportedAt(now, "test", title), Title: title, Category: "tea", Status: portal.New, AuthorID: by.ID, CreatedAt: now, UpdatedAt: now, Version: 1}
	w.must(w.store.CreateIdea(context.Background(), portal.NewIdea{Idea: i, Body: "body",
		History: portal.HistoryEntry{IdeaID: i.ID, Ver: 1, At: now, To: portal.New, By: by.Author()}}))
	return i
}

// move changes the idea's status.
func (w *world) move(i *portal.Idea, to portal.Status, by portal.Member, change ...func(*portal.HistoryEntry)) portal.HistoryEntry {
	w.t.Helper()
	h := portal.HistoryEntry{IdeaID: i.ID, Ver: i.Version + 1, At: w.clock.now(), From: i.Status, To: to, By: by.Author(), Note: "Thank **you**"}
	for _, f := range change {
		f(&h)
	}
	prev := i.Version
	i.Version, i.Status = h.Ver, to
	w.must(w.store.UpdateIdea(context.Background(), portal.IdeaUpdate{Idea: *i, Prev: prev, History: &h}))
	return h
}

// follows makes the member follow the idea.
func (w *world) follows(m portal.Member, i portal.Idea, change ...func(*portal.Follow)) {
	w.t.Helper()
	f := portal.Follow{IdeaID: i.ID, MemberID: m.ID, At: w.clock.now(), Following: true, Version: 1}
	for _, c := range change {
		c(&f)
	}
	w.must(w.store.PutFollow(context.Background(), f, 0))
}

// votes makes the member vote for the idea.
func (w *world) votes(m portal.Member, i portal.Idea) {
	w.t.Helper()
	_, err := w.store.PutVote(context.Background(), portal.Vote{IdeaID: i.ID, MemberID: m.ID, At: w.clock.now()})
	w.must(err)
}

// wants changes the member's preferences.
func (w *world) wants(m portal.Member, change func(*portal.MailPrefs)) portal.Member {
	w.t.Helper()
	m, err := w.store.Member(context.Background(), m.ID)
	w.must(err)
	change(&m.Mail)
	m.Version++
	w.must(w.store.UpdateMember(context.Background(), m, m.Version-1))
	return m
}

// merge links dup into the idea.
func (w *world) merge(dup, into *portal.Idea, by portal.Member, change ...func(*portal.HistoryEntry)) {
	w.t.Helper()
	h := portal.HistoryEntry{IdeaID: dup.ID, Ver: dup.Version + 1, At: w.clock.now(), From: dup.Status, To: dup.Status, By: by.Author(), Merged: into.ID}
	for _, f := range change {
		f(&h)
	}
	dup.Version, dup.MergedInto, dup.MergedAt = dup.Version+1, into.ID, h.At
	into.Version, into.MergedFrom = into.Version+1, append(into.MergedFrom, dup.ID)
	w.must(w.store.UpdateIdea(context.Background(), portal.IdeaUpdate{Idea: *dup, Prev: dup.Version - 1, History: &h,
		Other: &portal.IdeaUpdate{Idea: *into, Prev: into.Version - 1}}))
}

// changes are all changes of the table so far, in order.
func (w *world) changes() (all []table.Change) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- w.table.Follow(ctx, collector, local.FollowOptions{}, func(_ context.Context, batch []table.Change) error {
			all = append(all, batch...)
			return nil
		})
	}()
	w.must(w.table.Drained(ctx, collector))
	cancel()
	w.must(<-done)
	return all
}

// worker is a Worker on the world's own table.
func (w *world) worker(s mail.Sender, log *slog.Logger) *Worker {
	return &Worker{Reads: w.store, Ledger: w.store, Linker: &portal.MailLinks{Store: w.store, Clock: w.clock.now, Rand: rand.Reader}, Sender: s, Texts: texts(), From: "ideas@example.com", Clock: w.clock.now, Log: log,
		pause: func(context.Context, int) {}}
}

// postOffice is a sender without idempotency, as SES is: it counts what went out.
type postOffice struct {
	fail func(m mail.Message) (took bool, err error) // nil: takes everything

	mu   sync.Mutex
	sent []mail.Message
}

func (p *postOffice) Send(ctx context.Context, m mail.Message) (string, error) {
	if _, err := raw.Of(m); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	took, err := true, error(nil)
	if p.fail != nil {
		took, err = p.fail(m)
	}
	if took {
		p.sent = append(p.sent, m)
	}
	return fmt.Sprintf("post-%d", len(p.sent)), err
}

// logged keeps the log.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logged) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// count is how many lines have all the words.
func (l *logged) count(words ...string) (n int) {
line:
	for s := range strings.Lines(l.String()) {
		for _, w := range words {
			if !strings.Contains(s, w) {
				continue line
			}
		}
		n++
	}
	return n
}

// mailbag is a queue.Queue that keeps what it gets.
type mailbag struct {
	fail   error
	bodies []string
}

func (m *mailbag) Send(_ context.Context, bodies ...string) error {
	if m.fail != nil {
		return m.fail
	}
	m.bodies = append(m.bodies, bodies...)
	return nil
}
