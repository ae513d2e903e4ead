package feedback

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/store"
)

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestParse reads an event of each kind as EventBridge delivers it, and the same as
// SES writes it elsewhere.
func TestParse(t *testing.T) {
	t.Parallel()
	at := func(clock string) time.Time {
		v, err := time.Parse("15:04:05.000", clock)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 11, 26, v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC)
	}
	for _, tc := range []struct {
		name string
		want Event
	}{
		{"bounced", Event{What: store.Bounced, Detail: "Permanent/General 5.1.1", At: at("09:30:06.512")}},
		{"soft_bounced", Event{What: store.SoftBounce, Detail: "Transient/MailboxFull 4.2.2", At: at("21:30:06.512"), Dead: true}},
		{"complained", Event{What: store.Complained, Detail: "abuse", At: at("10:02:00.000")}},
		{"delivered", Event{What: store.Delivered, At: at("09:30:03.100")}},
		{"delayed", Event{What: store.Delayed, Detail: "MailboxFull 4.2.2", At: at("09:35:00.000")}},
		{"rejected", Event{What: store.Refused, Detail: "content", At: at("09:30:07.000")}},           // EventBridge's time
		{"rendering_failed", Event{What: store.Refused, Detail: "rendering", At: at("09:30:07.000")}}, // the same
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.want.MessageID = "0107018f3a2b4c5d-11111111-2222-3333-4444-555555555555-000000"
			tc.want.Subject, tc.want.Name, tc.want.To = "1kd6v2xq8m3x7r9ca", "launched", "7c4k2m9x1a8d5f3g6h0j"
			tc.want.Addresses = []string{"ann@example.org"}
			raw := sample(t, tc.name)
			got, heard, err := Parse([]byte(raw))
			if diff := cmp.Diff(tc.want, got); err != nil || !heard || diff != "" {
				t.Errorf("heard %t, %v (-want +got):\n%s", heard, err, diff)
			}
			var env struct{ Detail json.RawMessage }
			if err := json.Unmarshal([]byte(raw), &env); err != nil {
				t.Fatal(err)
			}
			for _, bare := range []string{string(env.Detail), strings.Replace(string(env.Detail), `"eventType"`, `"notificationType"`, 1)} {
				got, heard, err := Parse([]byte(bare))
				if tc.want.What == store.Refused {
					tc.want.At = at("09:30:01.250") // nothing else says when
				}
				if diff := cmp.Diff(tc.want, got); err != nil || !heard || diff != "" {
					t.Errorf("without EventBridge: heard %t, %v (-want +got):\n%s", heard, err, diff)
				}
			}
		})
	}
}

func TestParseIsLiberal(t *testing.T) {
	t.Parallel()
	bounced := sample(t, "bounced")
	for _, tc := range []struct {
		name     string
		raw      string
		heard    bool
		what     store.OutcomeKind
		dead     bool
		tagged   bool
		address  string
		detailIs string
	}{
		{"the detail type alone", strings.Replace(bounced, `"eventType": "Bounce",`, ``, 1), true, store.Bounced, false, true, "ann@example.org", "Permanent/General 5.1.1"},
		{"a bounce of an unknown type is not for good", strings.Replace(bounced, `"Permanent"`, `"Undetermined"`, 1), true, store.SoftBounce, true, true, "ann@example.org", "Undetermined/General 5.1.1"},
		{"an automatic answer", strings.Replace(strings.Replace(bounced, `"Permanent"`, `"Transient"`, 1), `"action": "failed",`, ``, 1), true, store.SoftBounce, false, true, "ann@example.org", "Transient/General 5.1.1"},
		{"too large a mail", strings.NewReplacer(`"Permanent"`, `"Transient"`, `"General"`, `"MessageTooLarge"`).Replace(bounced), true, store.SoftBounce, false, true, "ann@example.org", "Transient/MessageTooLarge 5.1.1"},
		{"no recipients", strings.Replace(bounced, `"bouncedRecipients"`, `"others"`, 1), true, store.Bounced, false, true, "ann@example.org", "Permanent/General"},
		{"a name before the address", strings.Replace(bounced, `"emailAddress": "ann@example.org"`, `"emailAddress": "Ann <Ann@Example.org>"`, 1), true, store.Bounced, false, true, "ann@example.org", "Permanent/General 5.1.1"},
		{"no tags", strings.Replace(bounced, `"tags"`, `"labels"`, 1), true, store.Bounced, false, false, "ann@example.org", "Permanent/General 5.1.1"},
		{"a reason that somebody wrote", strings.Replace(bounced, `"bounceSubType": "General"`, `"bounceSubType": "ann@example.org is gone"`, 1), true, store.Bounced, false, true, "ann@example.org", "Permanent 5.1.1"},
		{"a status that somebody wrote", strings.Replace(bounced, `"status": "5.1.1"`, `"status": "5.1.1 ann"`, 1), true, store.Bounced, false, true, "ann@example.org", "Permanent/General"},
		{"not spam after all", strings.Replace(sample(t, "complained"), `"abuse"`, `"not-spam"`, 1), false, "", false, false, "", ""},
		{"sent", `{"detail-type":"Email Sent","detail":{"eventType":"Send","mail":{"messageId":"1"}}}`, false, "", false, false, "", ""},
		{"something of tomorrow", `{"detail-type":"Email Framed","detail":{"eventType":"Frame"}}`, false, "", false, false, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e, heard, err := Parse([]byte(tc.raw))
			if err != nil || heard != tc.heard || e.What != tc.what || e.Dead != tc.dead || (e.Name != "") != tc.tagged || strings.Join(e.Addresses, " ") != tc.address || e.Detail != tc.detailIs {
				t.Errorf("%+v, heard %t, %v", e, heard, err)
			}
		})
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"nothing":     ``,
		"no JSON":     `ann@example.org`,
		"a list":      `["ann@example.org"]`,
		"no event":    `{"detail":{}}`,
		"no message":  `{"detail-type":"Email Bounced","detail":{"eventType":"Bounce","mail":{"timestamp":"2026-11-26T09:30:01Z"}}}`,
		"no time":     `{"detail-type":"Email Bounced","detail":{"eventType":"Bounce","mail":{"messageId":"1","destination":["ann@example.org"]}}}`,
		"other types": `{"detail-type":"Email Bounced","detail":{"eventType":7}}`,
	} {
		if _, _, err := Parse([]byte(raw)); !errors.Is(err, ErrUnreadable) || strings.Contains(err.Error(), "ann") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSpellings: a member typed the domain as people write it, SES has it as mail
// servers do.
func TestSpellings(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Ann@Example.org":              "ann@example.org",
		"ann@xn--bcher-kva.example":    "ann@xn--bcher-kva.example ann@bücher.example",
		"<ann@example.org>":            "ann@example.org",
		"ann@example.org, bob@b.org":   "",
		"nobody":                       "",
		"Ann <ann@xn--fsq.xn--0zwm56d": "",
	} {
		if got := strings.Join(spellings(in), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzParse: whatever comes, what is kept of it are ids, codes and times; never a
// sentence of somebody's.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"bounced", "soft_bounced", "complained", "delivered", "delayed", "rejected", "rendering_failed"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, raw string) {
		e, heard, err := Parse([]byte(raw))
		switch {
		case err != nil && (heard || !errors.Is(err, ErrUnreadable) || len(err.Error()) > 100):
			t.Errorf("heard %t, %v", heard, err)
		case heard && (e.What.Rank() == 0 || e.At.IsZero() || e.MessageID == ""):
			t.Errorf("heard %+v", e)
		case strings.ContainsAny(e.Detail, "@<>\"'\n") || len(e.Detail) > 100:
			t.Errorf("detail %q", e.Detail)
		}
	})
}
