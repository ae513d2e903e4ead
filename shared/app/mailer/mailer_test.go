package mailer_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"groundswell/shared/app"
	"groundswell/shared/app/mailer"
	"groundswell/shared/mail"
	"groundswell/shared/notify"
	"groundswell/shared/portal"
	"groundswell/shared/table/local"
)

func TestMailer(t *testing.T) {
	t.Parallel()
	db, err := local.Open(filepath.Join(t.TempDir(), "ideas.db"), local.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	var sent postbox
	parts := mailer.Parts{Config: app.Config{PortalName: "Our Ideas", MailFrom: "ideas@example.com", BaseURL: "https://ideas.example.com",
		Brand: `{"accent": {"light": "#7a1f3d", "dark": "#e58aa8"}}`},
		Table: db, Sender: &sent, Log: slog.New(slog.DiscardHandler)}
	worker, err := mailer.New(parts)
	if err != nil {
		t.Fatal(err)
	}
	var jobs slip
	code := portal.CodeMail{ID: "id", Email: "ada@example.com", Code: "123456", Locale: "en", Expires: time.Now().Add(time.Minute)}
	if err := (notify.Mails{Queue: &jobs}).SendCode(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing left to do
		if err := worker.Handle(t.Context(), jobs.body); err != nil {
			t.Fatal(err)
		}
	}
	if len(sent) != 1 {
		t.Fatalf("%d mails, want 1", len(sent))
	}
	m := sent[0]
	if _, dark, _ := strings.Cut(m.HTML, "prefers-color-scheme: dark"); !strings.Contains(dark, "{ color: #e58aa8 !important; }") {
		t.Error("the dark colours are not the brand's own")
	}
	if m.To != code.Email || !strings.Contains(m.From, "ideas@example.com") || !strings.Contains(m.From, "Our Ideas") || !strings.Contains(m.Text, code.Code) {
		t.Errorf("from %s to %s:\n%s", m.From, m.To, m.Text)
	}
}

func TestMailerNeedsAddress(t *testing.T) {
	t.Parallel()
	if _, err := mailer.New(mailer.Parts{Config: app.Config{MailFrom: "ideas@example.com"}}); err == nil || !strings.Contains(err.Error(), "BASE_URL") {
		t.Errorf("error %v, want one about BASE_URL", err)
	}
}

// postbox is a sender that keeps what it is given.
type postbox []mail.Message

func (p *postbox) Send(_ context.Context, m mail.Message) (string, error) {
	*p = append(*p, m)
	return "1", nil
}

// slip is a queue of one job.
type slip struct{ body string }

func (s *slip) Send(_ context.Context, bodies ...string) error {
	if len(bodies) != 1 || s.body != "" {
		return errors.New("one job only")
	}
	s.body = bodies[0]
	return nil
}
