package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

// life runs the program on the folder, asks it for ideas, ends it, and returns
// the titles and what it printed.
func life(t *testing.T, data string, args ...string) (titles []string, printed string) {
	t.Helper()
	var out strings.Builder
	p := program{Out: &out, Log: slog.New(slog.DiscardHandler)}
	if err := p.parse(append([]string{"-addr", "127.0.0.1:0", "-data", data}, args...)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	at, ended := make(chan net.Addr, 1), make(chan error, 1)
	p.ready = func(a net.Addr) { at <- a }
	go func() { ended <- p.Run(ctx) }()
	var list struct{ Ideas []struct{ Title string } }
	select {
	case err := <-ended:
		t.Fatalf("it ended at once: %v", err)
	case a := <-at:
		res, err := http.Get("http://" + a.String() + "/api/v1/ideas?limit=100")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || json.Unmarshal(b, &list) != nil {
			t.Fatalf("%v: %s", err, b)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	for _, i := range list.Ideas {
		titles = append(titles, i.Title)
	}
	return titles, out.String()
}

func TestDemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if titles, printed := life(t, data); len(titles) != 0 || strings.Contains(printed, "demo") {
		t.Errorf("without the flag there are ideas %q, and it says\n%s", titles, printed)
	}
	first, printed := life(t, data, "-demo")
	if len(first) < 60 {
		t.Errorf("there are %d ideas", len(first))
	}
	for _, want := range []string{"moved in: 63 ideas", " is at http://127.0.0.1:", "customer@example.com", "team@example.com", "/_local/mail"} {
		if !strings.Contains(printed, want) {
			t.Errorf("it does not say %q:\n%s", want, printed)
		}
	}
	again, printed := life(t, data, "-demo", "-team", "boss@example.com")
	if strings.Join(first, "\n") != strings.Join(again, "\n") {
		t.Errorf("the second time there are other ideas: %q", again)
	}
	if !strings.Contains(printed, "holds ideas already") || !strings.Contains(printed, "boss@example.com") {
		t.Errorf("the second time it says\n%s", printed)
	}
}
