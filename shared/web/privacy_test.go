package web_test

import (
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"groundswell/shared/store"
)

// An export has all that a member did, and is a file that nobody keeps on the way.
func TestExport(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		ada, team := s.member("ada@example.com"), s.member("team@example.com")
		ada.get("/me/export").want(200).is("ideas", []any{}).is("votes", []any{}).is("comments", []any{}).is("steps", []any{}).is("mails", []any{})

		me := ada.patch("/me", `{"name": "Ada"}`).want(200).str("member.id")
		id := ada.post("/ideas", `{"title": "Free wifi", "body": "Let me *read*.", "category": "places"}`).want(201).str("idea.id")
		ada.put("/ideas/" + id + "/vote").want(200)
		voted := s.clock.stamp()
		cid := ada.post("/ideas/"+id+"/comments", `{"body": "Please."}`).want(201).str("comment.id")
		team.post("/ideas/"+id+"/status", `{"status": "planned", "note": "Soon."}`).want(200)
		ledger := &store.Store{Table: s.table, Clock: s.clock.Now}
		if _, err := ledger.PutDelivery(t.Context(), store.Delivery{Subject: id, Event: "launched", To: me, State: store.Sent, At: s.clock.Now()}, 0); err != nil {
			t.Fatal(err)
		}

		got := ada.get("/me/export").want(200)
		got.is("exported_at", s.clock.stamp()).is("member.email", "ada@example.com").is("member.name", "Ada").
			is("sessions.#", 1).is("sessions.0.current", true).
			is("ideas.#", 1).is("ideas.0.id", id).is("ideas.0.body", "Let me *read*.").is("ideas.0.history.#", 2).
			is("ideas.0.history.1.note", "Soon.").is("ideas.0.url", base+"/ideas/"+id+"/free-wifi").
			is("votes", []any{map[string]string{"idea_id": id, "at": voted}}).
			is("comments.#", 1).is("comments.0.comment.id", cid).is("comments.0.idea_id", id).is("steps", []any{}).
			is("mails.0.event", "launched").is("mails.0.state", "sent").is("mails.0.idea_id", id)
		header(t, got, "Content-Disposition", `attachment; filename="my-data.json"`)
		header(t, got, "Cache-Control", "no-store")
		team.get("/me/export").want(200).is("steps.#", 1).is("steps.0.idea_id", id).is("steps.0.step.to", "planned").is("ideas", []any{})
	})
}

// Exports are dear: twenty an hour are enough.
func TestExportLimit(t *testing.T) {
	t.Parallel()
	ada := newSite(t, options{}).member("ada@example.com")
	for range 20 {
		ada.get("/me/export").want(200)
	}
	ada.get("/me/export").problem(429, "too_many_exports")
}

// Compressed, an export is the same.
func TestExportCompressed(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	ada := s.member("ada@example.com")
	ada.post("/ideas", `{"title": "Long", "body": "`+strings.Repeat("a long text ", 500)+`", "category": "tea"}`).want(201)
	r := httptest.NewRequest(http.MethodGet, base+api+"/me/export", nil)
	r.Header.Set("Accept-Encoding", "gzip, br")
	for name, value := range ada.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if e := w.Header().Get("Content-Encoding"); e != "gzip" || w.Body.Len() > 2000 {
		t.Fatalf("encoding %q, %d bytes", e, w.Body.Len())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Ideas []struct{ Title string } }
	if err := json.NewDecoder(z).Decode(&got); err != nil || len(got.Ideas) != 1 || got.Ideas[0].Title != "Long" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Deleting an account takes the own address to confirm, ends every session, and
// leaves what the member gave to others, without the name.
func TestDeleteAccount(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		ada, phone, bob := s.member("ada@example.com"), s.member("ada@example.com"), s.member("bob@example.com")
		me := ada.patch("/me", `{"name": "Ada Lovelace"}`).want(200).str("member.id")
		id := ada.post("/ideas", `{"title": "Free wifi", "category": "places"}`).want(201).str("idea.id")
		ada.put("/ideas/" + id + "/vote").want(200)
		ada.post("/ideas/"+id+"/comments", `{"body": "Please."}`).want(201)
		s.settle()

		for body, fields := range map[string]string{
			`{}`:                             "confirm",
			`{"confirm": " "}`:               "confirm",
			`{"confirm": "bob@example.com"}`: "confirm",
			`{"confirm": "nonsense"}`:        "confirm",
			`{"confirm": true}`:              "confirm",
			`{"confirm": "ada@example.com", "texts": "burn"}`:  "texts",
			`{"confirm": "ada@example.com", "why": "because"}`: "why",
		} {
			ada.do("DELETE", "/me", body).problem(422, "invalid", fields)
		}
		s.visitor().do("DELETE", "/me", `{"confirm": "ada@example.com"}`).problem(401, "sign_in_needed")
		ada.get("/me").want(200).is("member.name", "Ada Lovelace")

		gone := ada.do("DELETE", "/me", `{"confirm": " Ada@Example.com "}`).want(204)
		header(t, gone, "Cache-Control", "no-store")
		if len(gone.body) != 0 || ada.cookies["__Host-gs_session"] != "" {
			t.Errorf("body %q, cookies %v", gone.body, ada.cookies)
		}
		phone.get("/me").problem(401, "sign_in_needed")
		s.settle()
		former := map[string]any{"id": me, "name": "former member", "team": false}
		bob.get("/ideas/"+id).want(200).is("idea.author", former).is("idea.votes", 1).is("comments.0.author", former).
			is("comments.0.body", "Please.").is("history.0.by", former)
		bob.get("/ideas").want(200).is("ideas.0.author", former).is("ideas.0.votes", 1).is("ideas.0.comments", 1)

		anew := s.member("ada@example.com")
		if again := anew.get("/me").want(200).is("member.email", "ada@example.com").str("member.id"); again == me {
			t.Error("the same member came back")
		}
		anew.get("/me/export").want(200).is("ideas", []any{}).is("votes", []any{}).is("comments", []any{})
		anew.get("/ideas/"+id).is("idea.voted", false)
		anew.patch("/me", `{"name": "Former  Member"}`).problem(422, "invalid", "name")
	})
}

// Who takes their words along leaves ideas that are gone for everybody.
func TestDeleteEverything(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		ada, bob := s.member("ada@example.com"), s.member("bob@example.com")
		id := ada.post("/ideas", `{"title": "Free wifi", "category": "places"}`).want(201).str("idea.id")
		other := bob.post("/ideas", `{"title": "Softer seats", "category": "places"}`).want(201).str("idea.id")
		ada.post("/ideas/"+other+"/comments", `{"body": "Please."}`).want(201)
		s.settle()
		ada.do("DELETE", "/me", `{"confirm": "ada@example.com", "texts": "remove"}`).want(204)
		s.settle()
		bob.get("/ideas/"+id).problem(404, "no_idea")
		bob.get("/ideas").want(200).is("ideas.#", 1)
		bob.get("/ideas/"+other).want(200).is("idea.comments", 0)
	})
}
