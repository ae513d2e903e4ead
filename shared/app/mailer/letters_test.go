package mailer_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/app"
	"groundswell/shared/app/mailer"
	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/local"
)

// What the team reads beforehand is what goes out, to the letter and in the
// submitter's language.
func TestLettersAreWhatIsSent(t *testing.T) {
	t.Parallel()
	db, err := local.Open(filepath.Join(t.TempDir(), "ideas.db"), local.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s, now := &store.Store{Table: db, Clock: time.Now}, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	p := &portal.Portal{Store: s, Clock: func() time.Time { return now }, IDs: portal.IDs{Rand: rand.Reader}, Categories: portal.DefaultCategories(), Locales: []string{"en", "zh"}}
	cfg := app.Config{PortalName: "Our Ideas", MailFrom: "ideas@example.com", BaseURL: "https://ideas.example.com", Brand: `{"accent": {"light": "#7a1f3d"}}`}
	for i, locale := range []string{"en", "zh"} {
		var sent postbox
		worker, err := mailer.New(mailer.Parts{Config: cfg, Table: db, Sender: &sent, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		ids := portal.IDs{Rand: rand.Reader}
		member := func(role portal.Role) portal.Actor {
			id, err := ids.Member()
			if err != nil {
				t.Fatal(err)
			}
			m := portal.Member{ID: id, Name: "Ann", Email: id + "@example.com", Locale: locale, Role: role, Mail: portal.DefaultMail(), CreatedAt: now, Version: 1}
			if _, err := s.CreateMember(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			return portal.Actor{Member: m}
		}
		ann, boss := member(portal.RoleMember), member(portal.RoleTeam)
		idea, _, err := p.SubmitIdea(t.Context(), ann, portal.IdeaDraft{Title: fmt.Sprint("Tea for two ", i), Category: "tea"})
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(50 * time.Hour)
		change := portal.StatusChange{To: portal.Launched, Note: "In **every** shop, see [here](/ideas/1).", Link: "https://tea.example.com/two"}
		preview, err := p.PreviewLaunch(t.Context(), boss, idea.ID, ann.ID, change)
		if err != nil {
			t.Fatal(err)
		}
		letter, err := mailer.NewLetters(app.Config{PortalName: cfg.PortalName, Brand: cfg.Brand}).Launched(cfg.BaseURL, preview)
		if err != nil {
			t.Fatal(err)
		}
		if len(sent) != 0 {
			t.Fatal("looking at a mail sends it")
		}
		launched, err := p.ChangeStatus(t.Context(), boss, idea.ID, change)
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Handle(t.Context(), fmt.Sprintf(`{"kind":"launched","idea":%q,"ver":%d,"to":%q}`, idea.ID, launched.Version, ann.ID)); err != nil {
			t.Fatal(err)
		}
		if len(sent) != 1 {
			t.Fatalf("%d mails", len(sent))
		}
		unsigned := regexp.MustCompile(`\?t=[\w.-]+`).ReplaceAllString // nobody unsubscribes from what was never sent
		got := mail.Message{Subject: letter.Subject, Text: unsigned(letter.Text, "?t="), HTML: unsigned(letter.HTML, "?t=")}
		if d := cmp.Diff(mail.Message{Subject: sent[0].Subject, Text: unsigned(sent[0].Text, "?t="), HTML: unsigned(sent[0].HTML, "?t=")}, got); d != "" {
			t.Errorf("%s: what is shown is not what is sent:\n%s", locale, d)
		}
	}
}
