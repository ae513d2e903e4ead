package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

// Whatever is wrong with a request gets its own problem, which names the field;
// never a 500. The same on the way through Lambda events.
func TestBadInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	const bin = "\xff\xfe"
	tests := []struct {
		name   string
		by     string // "", "member" or "team"
		do     string // METHOD /path; {idea}, {comment} and {other} stand for ids
		body   string
		header []string
		status int
		code   string
		fields string
	}{
		{"empty title", "member", "POST /ideas", `{"title": " ", "body": "b", "category": "tea"}`, nil, 422, "invalid", "title"},
		{"short title", "member", "POST /ideas", `{"title": "ab", "category": "tea"}`, nil, 422, "invalid", "title"},
		{"title too long", "member", "POST /ideas", `{"title": "` + long + `", "category": "tea"}`, nil, 422, "invalid", "title"},
		{"body too long", "member", "POST /ideas", `{"title": "Tea", "body": "` + strings.Repeat("é", 32_001) + `", "category": "tea"}`, nil, 422, "invalid", "body"},
		{"everything wrong", "member", "POST /ideas", `{"title": "", "body": "` + strings.Repeat("x", 32_001) + `", "category": "beer"}`, nil, 422, "invalid", "title body category"},
		{"no field at all", "member", "POST /ideas", `{}`, nil, 422, "invalid", "title category"},
		{"unknown category", "member", "POST /ideas", `{"title": "Tea", "category": "beer"}`, nil, 422, "invalid", "category"},
		{"key too long", "member", "POST /ideas", `{"title": "Tea", "category": "tea"}`, []string{"Idempotency-Key", long}, 422, "invalid", "Idempotency-Key"},
		{"number for a string", "member", "POST /ideas", `{"title": 7, "category": "tea"}`, nil, 422, "invalid", "title"},
		{"null for a string", "member", "POST /ideas", `{"title": null, "category": "tea"}`, nil, 422, "invalid", "title"},
		{"object for a string", "member", "POST /ideas", `{"title": {"a": 1}, "category": []}`, nil, 422, "invalid", "title category"},
		{"unknown field", "member", "POST /ideas", `{"title": "Tea", "category": "tea", "votes": 99}`, nil, 422, "invalid", "votes"},
		{"field in capitals", "member", "POST /ideas", `{"Title": "Tea", "category": "tea"}`, nil, 422, "invalid", "Title"},
		{"field twice", "member", "POST /ideas", `{"title": "Tea", "title": "Tee", "category": "tea"}`, nil, 422, "invalid", "title"},
		{"half a character", "member", "POST /ideas", `{"title": "Tea \ud83c", "category": "tea"}`, nil, 422, "invalid", "title"},
		{"control character", "member", "POST /ideas", `{"title": "Te\u0007a", "category": "tea"}`, nil, 422, "invalid", "title"},
		{"NUL", "member", "POST /ideas", `{"title": "Tea", "body": "\u0000", "category": "tea"}`, nil, 422, "invalid", "body"},
		{"text direction", "member", "POST /ideas", `{"title": "Tea \u202e", "category": "tea"}`, nil, 422, "invalid", "title"},
		{"raw control character", "member", "POST /ideas", "{\"title\": \"Te\x07a\"}", nil, 400, "broken_json", ""},
		{"not UTF-8", "member", "POST /ideas", `{"title": "` + bin + `", "category": "tea"}`, nil, 400, "not_utf8", ""},
		{"broken JSON", "member", "POST /ideas", `{"title": "Tea"`, nil, 400, "broken_json", ""},
		{"something behind it", "member", "POST /ideas", `{"title": "Tea", "category": "tea"} {}`, nil, 400, "broken_json", ""},
		{"an array", "member", "POST /ideas", `[{"title": "Tea"}]`, nil, 400, "not_an_object", ""},
		{"null", "member", "POST /ideas", `null`, nil, 400, "not_an_object", ""},
		{"nothing", "member", "POST /ideas", "", []string{"Content-Type", "application/json"}, 400, "broken_json", ""},
		{"blanks", "member", "POST /ideas", "  \n", nil, 400, "broken_json", ""},
		{"nesting bomb", "member", "POST /ideas", `{"title": ` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, nil, 400, "broken_json", ""},
		{"deep but valid", "member", "POST /ideas", `{"title": ` + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + `, "category": "tea"}`, nil, 422, "invalid", "title"},
		{"a form", "member", "POST /ideas", `title=Tea`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "media_type", "Content-Type"},
		{"text", "member", "POST /ideas", `{"title": "Tea"}`, []string{"Content-Type", "text/plain"}, 415, "media_type", "Content-Type"},
		{"no media type", "member", "POST /ideas", `{"title": "Tea"}`, []string{"Content-Type", ""}, 415, "media_type", "Content-Type"},
		{"over 256 KB", "member", "POST /ideas", `{"title": "` + strings.Repeat("x", 256<<10) + `"}`, nil, 413, "too_large", "Content-Length"},
		{"5 MB", "member", "POST /ideas", strings.Repeat("x", 5<<20), nil, 413, "too_large", "Content-Length"},

		{"edit: wrong type", "member", "PATCH /ideas/{idea}", `{"body": false}`, nil, 422, "invalid", "body"},
		{"edit: unknown idea", "member", "PATCH /ideas/00000000000000000", `{"body": "b"}`, nil, 404, "no_idea", ""},
		{"edit: another's", "member", "PATCH /ideas/{other}", `{"body": "b"}`, nil, 403, "not_author", ""},
		{"edit: stale", "member", "PATCH /ideas/{idea}", `{"body": "b"}`, []string{"If-Match", `"7"`}, 412, "stale", "If-Match"},
		{"edit: weak tag", "member", "PATCH /ideas/{idea}", `{"body": "b"}`, []string{"If-Match", `W/"1"`}, 412, "stale", "If-Match"},
		{"edit: another's tag", "member", "PATCH /ideas/{idea}", `{"body": "b"}`, []string{"If-Match", `"abc"`}, 412, "stale", "If-Match"},
		{"edit: version 0", "member", "PATCH /ideas/{idea}", `{"body": "b"}`, []string{"If-Match", `"0"`}, 412, "stale", "If-Match"},
		{"edit: no quotes", "member", "PATCH /ideas/{idea}", `{"body": "b"}`, []string{"If-Match", `1`}, 400, "malformed", "If-Match"},
		{"edit: half a quote", "member", "PATCH /ideas/{idea}", `{"body": "b"}`, []string{"If-Match", `"1`}, 400, "malformed", "If-Match"},
		{"edit: two tags", "member", "PATCH /ideas/{idea}", `{"body": "b"}`, []string{"If-Match", `"1", "2"`}, 400, "malformed", "If-Match"},

		{"unknown idea", "", "GET /ideas/00000000000000000", "", nil, 404, "no_idea", ""},
		{"no idea's id", "", "GET /ideas/hello", "", nil, 404, "no_idea", ""},
		{"an id with a key's characters", "", "GET /ideas/%23%00..", "", nil, 404, "no_idea", ""},
		{"unknown idea's comments", "", "GET /ideas/00000000000000000/comments", "", nil, 404, "no_idea", ""},
		{"vote for nothing", "member", "PUT /ideas/00000000000000000/vote", "", nil, 404, "no_idea", ""},
		{"withdraw from nothing", "member", "DELETE /ideas/nothing/vote", "", nil, 404, "no_idea", ""},
		{"nothing here", "", "GET /nothing", "", nil, 404, "no_page", ""},
		{"wrong method", "", "PUT /ideas", "", nil, 405, "method_not_allowed", ""},

		{"list: sort", "", "GET /ideas?sort=best", "", nil, 422, "invalid", "sort"},
		{"list: status", "", "GET /ideas?status=gone", "", nil, 422, "invalid", "status"},
		{"list: category", "", "GET /ideas?category=beer", "", nil, 422, "invalid", "category"},
		{"list: all of them", "", "GET /ideas?sort=best&status=gone&category=beer", "", nil, 422, "invalid", "sort category status"},
		{"list: limit 0", "", "GET /ideas?limit=0", "", nil, 422, "invalid", "limit"},
		{"list: limit 101", "", "GET /ideas?limit=101", "", nil, 422, "invalid", "limit"},
		{"list: limit of words", "", "GET /ideas?limit=ten", "", nil, 422, "invalid", "limit"},
		{"list: huge limit", "", "GET /ideas?limit=99999999999999999999", "", nil, 422, "invalid", "limit"},
		{"list: cursor", "", "GET /ideas?cursor=nonsense", "", nil, 400, "bad_cursor", "cursor"},
		{"list: cursor and words", "", "GET /ideas?q=tea&cursor=nonsense", "", nil, 400, "bad_cursor", "cursor"},
		{"list: broken query", "", "GET /ideas?sort=%zz", "", nil, 400, "broken_query", ""},
		{"list: words not UTF-8", "", "GET /ideas?q=%ff", "", nil, 422, "invalid", "q"},
		{"list: too many words", "", "GET /ideas?q=" + long, "", nil, 422, "invalid", "q"},
		{"similar: title too long", "", "GET /ideas/similar?title=" + long, "", nil, 422, "invalid", "title"},
		{"comments: cursor", "", "GET /ideas/{idea}/comments?cursor=AAAA", "", nil, 400, "bad_cursor", "cursor"},
		{"comments: limit", "", "GET /ideas/{idea}/comments?limit=-1", "", nil, 422, "invalid", "limit"},

		{"comment: empty", "member", "POST /ideas/{idea}/comments", `{"body": "\n"}`, nil, 422, "invalid", "body"},
		{"comment: too long", "member", "POST /ideas/{idea}/comments", `{"body": "` + strings.Repeat("x", 4_001) + `"}`, nil, 422, "invalid", "body"},
		{"comment: unknown parent", "member", "POST /ideas/{idea}/comments", `{"body": "b", "parent": "00000000000000000"}`, nil, 422, "invalid", "parent"},
		{"comment: number as parent", "member", "POST /ideas/{idea}/comments", `{"body": "b", "parent": 1}`, nil, 422, "invalid", "parent"},
		{"comment: another's", "member", "PATCH /ideas/{other}/comments/{comment}", `{"body": "b"}`, nil, 403, "not_author", ""},
		{"comment: delete another's", "member", "DELETE /ideas/{other}/comments/{comment}", "", nil, 403, "not_author", ""},
		{"comment: unknown", "member", "DELETE /ideas/{other}/comments/00000000000000000", "", nil, 404, "no_comment", ""},

		{"visitor submits", "", "POST /ideas", `{broken`, nil, 401, "sign_in_needed", ""},
		{"visitor votes", "", "PUT /ideas/{idea}/vote", "", nil, 401, "sign_in_needed", ""},
		{"visitor comments", "", "POST /ideas/{idea}/comments", `{"body": "b"}`, nil, 401, "sign_in_needed", ""},
		{"visitor's profile", "", "PATCH /me", `{}`, nil, 401, "sign_in_needed", ""},
		{"visitor as team", "", "POST /ideas/{idea}/status", `{"status": "planned"}`, nil, 401, "sign_in_needed", ""},
		{"member as team: status", "member", "POST /ideas/{idea}/status", `{"status": "planned"}`, nil, 403, "team_only", ""},
		{"member as team: before the body is read", "member", "POST /ideas/{idea}/status", `{broken`, nil, 403, "team_only", ""},
		{"member as team: merge", "member", "POST /ideas/{idea}/merge", `{"into": "{other}"}`, nil, 403, "team_only", ""},
		{"member as team: unmerge", "member", "DELETE /ideas/{idea}/merge", "", nil, 403, "team_only", ""},

		{"status: unknown", "team", "POST /ideas/{idea}/status", `{"status": "gone"}`, nil, 422, "invalid", "status"},
		{"status: none", "team", "POST /ideas/{idea}/status", `{}`, nil, 422, "invalid", "status"},
		{"status: the same", "team", "POST /ideas/{idea}/status", `{"status": "new"}`, nil, 409, "same_status", "status"},
		{"status: declined in silence", "team", "POST /ideas/{idea}/status", `{"status": "declined"}`, nil, 422, "invalid", "note"},
		{"status: offered nowhere", "team", "POST /ideas/{idea}/status", `{"status": "already_offered", "link": null}`, nil, 422, "invalid", "note"},
		{"status: link", "team", "POST /ideas/{idea}/status", `{"status": "already_offered", "link": "javascript:alert(1)"}`, nil, 422, "invalid", "link"},
		{"status: note too long", "team", "POST /ideas/{idea}/status", `{"status": "planned", "note": "` + strings.Repeat("x", 4_001) + `"}`, nil, 422, "invalid", "note"},
		{"status: wrong types", "team", "POST /ideas/{idea}/status", `{"status": 1, "silent": "yes"}`, nil, 422, "invalid", "status silent"},
		{"status: stale", "team", "POST /ideas/{idea}/status", `{"status": "planned"}`, []string{"If-Match", `"9"`}, 412, "stale", "If-Match"},
		{"status: malformed", "team", "POST /ideas/{idea}/status", `{"status": "planned"}`, []string{"If-Match", `W/9`}, 400, "malformed", "If-Match"},
		{"merge: into nothing", "team", "POST /ideas/{idea}/merge", `{"into": "00000000000000000"}`, nil, 422, "invalid", "into"},
		{"merge: into itself", "team", "POST /ideas/{idea}/merge", `{"into": "{idea}"}`, nil, 422, "invalid", "into"},
		{"merge: stale", "team", "POST /ideas/{idea}/merge", `{"into": "{other}"}`, []string{"If-Match", `"9"`}, 412, "stale", "If-Match"},
		{"unmerge: not merged", "team", "DELETE /ideas/{idea}/merge", "", nil, 409, "not_merged", ""},

		{"sign-in: empty", "", "POST /sign-in", `{"email": ""}`, nil, 422, "invalid", "email"},
		{"sign-in: no address", "", "POST /sign-in", `{"email": "ada"}`, nil, 422, "invalid", "email"},
		{"sign-in: a header", "", "POST /sign-in", `{"email": "a@example.com\r\nBcc: b@example.com"}`, nil, 422, "invalid", "email"},
		{"sign-in: two addresses", "", "POST /sign-in", `{"email": "a@example.com, b@example.com"}`, nil, 422, "invalid", "email"},
		{"sign-in: too long", "", "POST /sign-in", `{"email": "` + long + `@example.com"}`, nil, 422, "invalid", "email"},
		{"confirm: no code", "", "POST /sign-in/confirm", `{"email": "ada@example.com"}`, nil, 422, "invalid", "code"},
		{"confirm: nothing was asked", "", "POST /sign-in/confirm", `{"email": "ada@example.com", "code": "123456"}`, nil, 422, "invalid", "code"},
		{"confirm: number", "", "POST /sign-in/confirm", `{"email": "ada@example.com", "code": 123456}`, nil, 422, "invalid", "code"},
		{"me: name", "member", "PATCH /me", `{"name": ""}`, nil, 422, "invalid", "name"},
		{"me: long name", "member", "PATCH /me", `{"name": "` + long + `"}`, nil, 422, "invalid", "name"},
		{"me: locale", "member", "PATCH /me", `{"locale": "tlh"}`, nil, 422, "invalid", "locale"},
		{"me: role", "member", "PATCH /me", `{"role": "admin"}`, nil, 422, "invalid", "role"},
		{"me: mail's members", "member", "PATCH /me", `{"mail": {"voted": 1, "spam": true}}`, nil, 422, "invalid", "mail.voted mail.spam"},
		{"me: mail", "member", "PATCH /me", `{"mail": "all"}`, nil, 422, "invalid", "mail"},
	}
	eachWay(t, func(t *testing.T, s *site) {
		who := map[string]*browser{"": s.visitor(), "member": s.member("ada@example.com"), "team": s.member("team@example.com")}
		id := who["member"].post("/ideas", `{"title": "One", "category": "tea"}`).want(201).str("idea.id")
		other := who["team"].post("/ideas", `{"title": "Two", "category": "tea"}`).want(201).str("idea.id")
		comment := who["team"].post("/ideas/"+other+"/comments", `{"body": "b"}`).want(201).str("comment.id")
		ids := strings.NewReplacer("{idea}", id, "{other}", other, "{comment}", comment)
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				method, path, _ := strings.Cut(ids.Replace(tt.do), " ")
				who[tt.by].on(t).do(method, path, ids.Replace(tt.body), tt.header...).problem(tt.status, tt.code, strings.Fields(tt.fields)...)
			})
		}
		if log := s.log.String(); strings.Contains(log, `"status":5`) {
			t.Errorf("a bad request was answered with a 500:\n%s", log)
		}
	})
}

// A cursor that was cut, changed or taken from another list is a 400.
func TestForgedCursors(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	ada := s.member("ada@example.com")
	var id string
	for i := range 3 {
		id = ada.post("/ideas", fmt.Sprintf(`{"title": "Idea %d", "category": "tea"}`, i)).want(201).str("idea.id")
		ada.post("/ideas/"+id+"/comments", `{"body": "b"}`).want(201)
	}
	ada.post("/ideas/"+id+"/comments", `{"body": "b"}`).want(201)
	s.settle()
	lists := map[string]string{}
	for _, list := range []string{"/ideas?limit=1&sort=top", "/ideas?limit=1&sort=new", "/ideas?limit=1&sort=new&category=tea", "/ideas/" + id + "/comments?limit=1"} {
		lists[list] = s.visitor().get(list).want(200).str("next")
	}
	for list, cursor := range lists {
		bad := []string{cursor[:len(cursor)-1], cursor[:len(cursor)/2], cursor[:1], cursor + "A", cursor + "=", " " + cursor, strings.ToUpper(cursor), "A" + cursor}
		for other, c := range lists {
			if other != list {
				bad = append(bad, c)
			}
		}
		for i := range cursor {
			bad = append(bad, cursor[:i]+string(cursor[i]^1)+cursor[i+1:])
		}
		for _, c := range bad {
			a := s.visitor().get(list + "&cursor=" + strings.NewReplacer("+", "%2B", "=", "%3D", " ", "%20", "\x7f", "%7F").Replace(c))
			a.problem(400, "bad_cursor", "cursor")
		}
		s.visitor().get(list + "&cursor=" + cursor).want(200)
	}
}

// Codes: bound to the browser that asked, ten minutes, five tries, one use.
func TestSignInCodes(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		const email = "ada@example.com"
		ask := func(b *browser) *answer { return b.post("/sign-in", `{"email": "`+email+`"}`) }
		confirm := func(b *browser, code string) *answer {
			return b.post("/sign-in/confirm", `{"email": "`+email+`", "code": "`+code+`"}`)
		}
		wrong := func() string {
			if s.mails.code(email) == "000000" {
				return "000001"
			}
			return "000000"
		}

		ada, eve := s.visitor(), s.visitor()
		ask(ada).want(202)
		confirm(eve, s.mails.code(email)).problem(422, "invalid", "code")
		ask(ada).problem(429, "resend")
		header(t, ask(ada), "Retry-After", "60")
		pending := ada.cookies["__Host-gs_signin"]
		confirm(ada, s.mails.code(email)).want(200)
		ada.cookies["__Host-gs_signin"] = pending
		confirm(ada, s.mails.code(email)).problem(422, "invalid", "code") // used

		late := s.visitor()
		ask(late).want(202)
		s.clock.pass(portal.CodeLife)
		confirm(late, s.mails.code(email)).problem(422, "invalid", "code")

		guess := s.visitor()
		ask(guess).want(202)
		for range portal.CodeTries {
			confirm(guess, wrong()).problem(422, "invalid", "code")
		}
		stop := confirm(guess, s.mails.code(email)).problem(429, "code_tries")
		if stop.header.Get("Retry-After") == "" {
			t.Error("429 without Retry-After")
		}
		guess.get("/me").want(401)
	})
}

// What is too much gets a 429 that says when to come back; a repeated request is
// not counted.
func TestTooMany(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{noCount: true})
	ada := s.member("ada@example.com")
	const idea = `{"title": "Tea", "category": "tea"}`
	for i := range 20 {
		for range 2 {
			ada.post("/ideas", idea, "Idempotency-Key", fmt.Sprint(i)).want(201)
		}
	}
	a := ada.post("/ideas", idea).problem(429, "too_many_ideas")
	after, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil || after < 1 || after > 3600 {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	ada.post("/ideas", idea, "Idempotency-Key", "7").want(201)
	s.clock.pass(time.Duration(after) * time.Second)
	ada.post("/ideas", idea).want(201)
}

// The answer to a sign-in does not tell whether the address is a member's.
func TestSignInTellsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	s.member("ada@example.com")
	s.clock.pass(time.Hour)
	known := s.visitor().post("/sign-in", `{"email": "ada@example.com"}`)
	unknown := s.visitor().post("/sign-in", `{"email": "eve@example.com"}`)
	if known.status != unknown.status || !bytes.Equal(known.body, unknown.body) {
		t.Errorf("known: %d %s\nunknown: %d %s", known.status, known.body, unknown.status, unknown.body)
	}
}

// Neither a made-up session nor a mix of two people's works.
func TestAnothersSession(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		const cookie = "__Host-gs_session"
		ada, eve := s.member("ada@example.com"), s.member("eve@example.com")
		adaID, adaSecret, _ := strings.Cut(ada.cookies[cookie], ".")
		eveID, eveSecret, _ := strings.Cut(eve.cookies[cookie], ".")
		for _, token := range []string{"x", ".", adaID, adaID + ".", adaID + "." + eveSecret, eveID + "." + adaSecret, adaID + "." + strings.Repeat("a", 100),
			strings.ToUpper(adaID) + "." + adaSecret, "U#" + adaID + "." + adaSecret} {
			b := s.visitor()
			b.cookies[cookie] = token
			b.get("/me").problem(401, "sign_in_needed")
			b.get("/ideas").want(200)
		}
		plain := s.visitor()
		plain.cookies["gs_session"] = ada.cookies[cookie] // the name that http has
		plain.get("/me").problem(401, "sign_in_needed")
		s.clock.pass(portal.SessionIdle)
		ada.get("/me").problem(401, "sign_in_needed")
	})
}

// Nobody reads 10 MB to refuse them: announced ones not at all, and others only up
// to the limit. (Through Lambda they don't get this far: an event has 6 MB.)
func TestHugeBody(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	ada := s.member("ada@example.com")
	for announced, most := range map[int64]int{10 << 20: 0, -1: 600 << 10} {
		body := &countingReader{}
		r := httptest.NewRequest(http.MethodPost, base+api+"/ideas", body)
		r.ContentLength = announced
		r.Header.Set("Content-Type", "application/json")
		ada.send(r, nil).problem(413, "too_large", "Content-Length")
		if body.n > most {
			t.Errorf("read %d bytes of a body that may have 256 KB", body.n)
		}
	}
}

type countingReader struct{ n int }

func (r *countingReader) Read(b []byte) (int, error) {
	if r.n >= 10<<20 {
		return 0, io.EOF
	}
	for i := range b {
		b[i] = 'x'
	}
	r.n += len(b)
	return len(b), nil
}
