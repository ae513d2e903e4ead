package rehearsal

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSmoke: the walk after a deployment goes through behind the gateway, with codes
// out of SES.
func TestSmoke(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	bin := filepath.Join(t.TempDir(), "smoke")
	if b, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "groundswell/infra/smoke").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, b)
	}
	const email = "smoke@example.com"
	s.hide(email)
	inbox := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		type line struct{ To, Text string }
		list := []line{}
		for _, m := range s.ses.SentTo(email) {
			if txt := parts(s, m)["text/plain"]; txt != "" {
				s.hide(sixDigits.FindString(txt))
				list = append(list, line{email, txt})
			}
		}
		slices.Reverse(list)                // the newest first
		_ = json.NewEncoder(w).Encode(list) // the client is gone or reads it
	}))
	t.Cleanup(inbox.Close)
	cmd := exec.CommandContext(t.Context(), bin, "-url", s.url, "-host", host, "-email", email, "-code-from", inbox.URL)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	done := make(chan struct{})
	var err error
	go func() {
		defer close(done)
		err = cmd.Run()
	}()
	s.during(done)
	if err != nil || !strings.Contains(out.String(), ", 0 failed") {
		t.Errorf("%v\n%s", err, &out)
	}
	s.settle()
}
