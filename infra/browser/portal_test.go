package browser

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"groundswell/shared/app/onefile"
	"groundswell/shared/demo"
	"groundswell/shared/mail/outbox"
)

// site is a running portal.
type site struct {
	url string
	one *onefile.App
}

// patience is how long anything may take before a test calls it missing. Nothing
// waits for it to pass.
const patience = time.Minute

// open runs the portal on an empty folder until the test ends; team are those who
// may sign in as its team.
func open(t *testing.T, team ...string) *site {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	one, err := onefile.Open(t.TempDir(), onefile.Options{BaseURL: server.URL, Team: team, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", one.Handler())
	for _, path := range []string{outbox.Path, outbox.Path + ".json", outbox.Path + "/"} {
		mux.Handle(path, one.Outbox())
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- one.Run(ctx) }()
	t.Cleanup(func() {
		server.Close()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the portal's work ended: %v", err)
		}
		if err := one.Close(); err != nil {
			t.Error(err)
		}
	})
	return &site{url: server.URL, one: one}
}

// settle moves the demo community in and waits until it is counted.
func (s *site) settle(t *testing.T, team string) {
	t.Helper()
	_, err := demo.Fill(t.Context(), demo.Options{Store: s.one.Store, Scan: s.one.Table, Categories: s.one.Portal.Categories,
		Now: time.Now(), TeamEmail: team})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.one.Table.Drained(t.Context(), onefile.Projections, onefile.Notifications); err != nil {
		t.Fatal(err)
	}
}

type letter struct{ ID, To, Subject, Text string }

// mail waits for a mail to the address whose text fits.
func (s *site) mail(t *testing.T, to string, fits func(letter) bool) letter {
	t.Helper()
	var found letter
	await(t, "a mail to "+to, func() bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+outbox.Path+".json?limit=100", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var all []letter
		if err := json.NewDecoder(res.Body).Decode(&all); err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			if l.To == to && fits(l) {
				found = l
				return true
			}
		}
		return false
	})
	return found
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code is the newest sign-in code that was sent to the address.
func (s *site) code(t *testing.T, to string) string {
	t.Helper()
	l := s.mail(t, to, func(l letter) bool { return sixDigits.MatchString(l.Text) })
	return sixDigits.FindString(l.Text)
}

// launched is the mail that tells the address that the idea is real now.
func (s *site) launched(t *testing.T, to, title string) letter {
	t.Helper()
	return s.mail(t, to, func(l letter) bool {
		return !sixDigits.MatchString(l.Subject) && strings.Contains(l.Subject, title)
	})
}

// await asks again and again until the answer is yes.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
		<-tick.C
	}
}

// listen takes the address again that a server had before.
func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
