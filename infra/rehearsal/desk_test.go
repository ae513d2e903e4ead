package rehearsal

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"groundswell/shared/portal"
)

// deskwork is what the team keeps about an idea: each kind of write that it makes.
func (s *stack) deskwork(boss *client, id string) {
	s.Helper()
	at := "/api/v1/team/ideas/" + id
	boss.want(http.StatusOK, "PATCH", at, `{"tags":["quick win"]}`, "If-Match", `"1"`)
	boss.want(http.StatusOK, "PATCH", at, `{"tags":["quick win","bug"]}`)
	boss.want(http.StatusOK, "PATCH", at, `{"tags":["bug"]}`)
	var noted struct{ Note struct{ ID string } }
	if err := json.Unmarshal([]byte(boss.want(http.StatusCreated, "POST", at+"/notes", `{"body":"Ask purchasing."}`).body), &noted); err != nil {
		s.Fatal(err)
	}
	boss.want(http.StatusNoContent, "DELETE", at+"/notes/"+noted.Note.ID, "")
	boss.want(http.StatusOK, "PUT", at+"/answer", `{"body":"It is there."}`)
	var all struct{ Tags []struct{ ID, Name string } }
	if err := json.Unmarshal([]byte(boss.want(http.StatusOK, "GET", "/api/v1/team/tags", "").body), &all); err != nil || len(all.Tags) != 2 {
		s.Fatalf("tags %+v, %v", all, err)
	}
	s.settle()
	if a := boss.want(http.StatusOK, "GET", "/api/v1/team/ideas?status=launched&tag="+all.Tags[0].ID, ""); !strings.Contains(a.body, id) {
		s.Errorf("the ideas with the tag %s: %s", all.Tags[0].Name, a.body)
	}
	boss.want(http.StatusOK, "GET", "/team/ideas", "")
	s.forCustomer(boss)
}

// forCustomer writes an idea down for a customer whose address a backup has brought back,
// although the account is gone; the mail leads to where they take it back.
func (s *stack) forCustomer(boss *client) {
	s.Helper()
	gone := portal.Member{ID: portal.ImportedMember("t", "gone"), Name: portal.FormerMember, Email: "cora@example.com", Role: portal.RoleMember, DeletedAt: time.Now(), Version: 1}
	if made, err := s.store.CreateMember(s.Context(), gone); err != nil || !made {
		s.Fatal(made, err)
	}
	told := `{"title":"Decaf after six","category":"coffee","email":"cora@example.com","name":"Cora","channel":"shop","agreed":true}`
	a := boss.want(http.StatusCreated, "POST", "/api/v1/team/ideas", told, "Idempotency-Key", "cora")
	if !strings.Contains(a.body, `"name":"Cora"`) {
		s.Errorf("entered: %s", a.body)
	}
	again := boss.want(http.StatusCreated, "POST", "/api/v1/team/ideas", told, "Idempotency-Key", "cora")
	if a.header.Get("Location") != again.header.Get("Location") {
		s.Errorf("twice: %s", again.body)
	}
}
