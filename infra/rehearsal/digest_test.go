package rehearsal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"groundswell/infra/rehearsal/fakeaws"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// tick invokes the summaries' function as EventBridge does at the time.
func (s *stack) tick(at time.Time) {
	s.Helper()
	event, err := os.ReadFile("../../functions/digest/event.json")
	if err != nil {
		s.Fatal(err)
	}
	var e map[string]any
	if err := json.Unmarshal(event, &e); err != nil {
		s.Fatal(err)
	}
	e["time"] = at.Format(time.RFC3339)
	if event, err = json.Marshal(e); err != nil {
		s.Fatal(err)
	}
	if _, err := s.invoke(s.Context(), "digest", event); err != nil {
		s.Fatal(err)
	}
}

// digests are the weekly summaries so far, by address.
func (s *stack) digests() map[string][]fakeaws.Mail {
	by := map[string][]fakeaws.Mail{}
	for _, m := range s.ses.Sent() {
		if m.Tags[store.TagEvent] == "digest" {
			by[m.Destinations[0]] = append(by[m.Destinations[0]], m)
		}
	}
	return by
}

// TestDigest: on Monday morning, and whenever EventBridge says again that it is, who
// chose the weekly summary hears once what happened in the week before; who did not
// hears nothing, and who clicks its link no more. Batches come twice on the way.
func TestDigest(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	week := portal.DigestWeekOf(time.Now())
	monday := week.Start().Add(8*time.Hour + 5*time.Minute)
	ann, bob, eve := s.client("ann@example.com").signIn(), s.client("bob@example.com").signIn(), s.client("eve@example.com").signIn()
	const others = 30 // more than a page
	for _, c := range []*client{ann, bob} {
		c.want(http.StatusOK, "PATCH", "/api/v1/me", `{"mail":{"digest":true}}`)
	}
	for i := range others {
		m := portal.Member{ID: portal.ImportedMember("reader", fmt.Sprint(i)), Name: fmt.Sprint("Reader ", i), Email: fmt.Sprintf("reader%d@example.com", i),
			Locale: "zh", Role: portal.RoleMember, Mail: portal.MailPrefs{Digest: true}, CreatedAt: time.Now().UTC(), Version: 1}
		s.hide(m.Email)
		if _, err := s.store.CreateMember(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	s.lastWeek(ann, "Oat milk for everybody", portal.Launched)
	s.lastWeek(ann, "A wish that nobody looked at", portal.New)
	loved := s.lastWeek(eve, "Wish of the week", portal.New)
	bob.want(http.StatusOK, "PUT", "/api/v1/ideas/"+loved+"/vote", "")
	s.settle()

	s.tick(monday.Add(-time.Hour))
	s.settle()
	if n := len(s.digests()); n != 0 {
		t.Errorf("%d summaries before Monday's eight o'clock", n)
	}
	s.faults = faults{twice: 0.1}
	s.unleash(rand.New(rand.NewPCG(13, 14)))
	for range 2 {
		s.tick(monday)
	}
	s.settle()
	s.tick(monday.Add(time.Hour))
	s.settle()
	got := s.digests()
	if len(got) != others+2 {
		t.Errorf("%d have a summary, want %d", len(got), others+2)
	}
	for to, mails := range got {
		if len(mails) != 1 || to == eve.email {
			t.Errorf("%d summaries to %.3s", len(mails), to)
		}
	}
	for _, c := range []struct {
		to         *client
		has, lacks []string
	}{{ann, []string{"Oat milk for everybody", "Wish of the week"}, []string{"nobody looked at"}},
		{bob, []string{"Oat milk for everybody", "Wish of the week", "https://" + host + "/ideas/" + loved}, []string{"nobody looked at"}}} {
		if len(got[c.to.email]) == 0 {
			t.Fatal("no summary to look at")
		}
		txt := parts(s, got[c.to.email][0])["text/plain"]
		for _, w := range c.has {
			if !strings.Contains(txt, w) {
				t.Errorf("a summary lacks %q:\n%s", w, txt)
			}
		}
		for _, w := range c.lacks {
			if strings.Contains(txt, w) {
				t.Errorf("a summary has %q:\n%s", w, txt)
			}
		}
	}
	if n := strings.Count(s.functions["digest"].Logs(), `"trace_id"`); n != 4 {
		t.Errorf("%d lines of ticks", n)
	}

	link := strings.Trim(got[ann.email][0].Header.Get("List-Unsubscribe"), "<>")
	path, ok := strings.CutPrefix(link, "https://"+host)
	if !ok {
		t.Fatal("the summary's link leads elsewhere")
	}
	s.hide(path[strings.IndexByte(path, '?')+1:])
	// A mail program has no session, and posts a form.
	if a := s.client("").call("POST", path, "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded"); a.status/100 != 2 {
		t.Errorf("one click: %d %.200s", a.status, a.body)
	}
	for c, want := range map[*client]string{ann: `"digest":false`, bob: `"digest":true`} {
		if a := c.want(http.StatusOK, "GET", "/api/v1/me", ""); !bytes.Contains([]byte(a.body), []byte(want)) {
			t.Errorf("after one click, want %s in %s", want, a.body)
		}
	}
}

// lastWeek makes an idea of the week before, which has come to the status in it.
func (s *stack) lastWeek(by *client, title string, to portal.Status) (id string) {
	s.Helper()
	var me struct{ Member portal.Author }
	if err := by.want(http.StatusOK, "GET", "/api/v1/me", "").json(&me); err != nil || me.Member.ID == "" {
		s.Fatalf("who is %.3s: %+v, %v", by.email, me, err)
	}
	at := portal.DigestWeekOf(time.Now()).Before().Start().Add(50 * time.Hour)
	i := portal.Idea{ID: portal.ImportedAt(at, "rehearsal", title), Title: title, Category: "food", Status: portal.New, AuthorID: me.Member.ID, CreatedAt: at, UpdatedAt: at, Version: 1}
	h := portal.HistoryEntry{IdeaID: i.ID, Ver: 1, At: at, To: portal.New, By: me.Member}
	if err := s.store.CreateIdea(s.Context(), portal.NewIdea{Idea: i, Body: "Because.", History: h}); err != nil {
		s.Fatal(err)
	}
	if to == portal.New {
		return i.ID
	}
	h = portal.HistoryEntry{IdeaID: i.ID, Ver: 2, At: at.Add(time.Hour), From: portal.New, To: to, By: portal.Author{ID: portal.ImportedMember("rehearsal", "boss"), Name: "Boss"}}
	i.Status, i.UpdatedAt, i.Version = to, h.At, 2
	if err := s.store.UpdateIdea(s.Context(), portal.IdeaUpdate{Idea: i, Prev: 1, History: &h}); err != nil {
		s.Fatal(err)
	}
	return i.ID
}
