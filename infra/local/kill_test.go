package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/shared/app/onefile"
	"groundswell/shared/portal"
)

const team = "team@example.com"

// killed is a portal whose process is killed again and again, and what it
// acknowledged in its lives.
type killed struct {
	*testing.T
	bin, data string

	mu       sync.Mutex
	members  []*member
	ideas    map[string]string   // title by id
	author   map[string]string   // address by id
	votes    map[[2]string]*bool // by member and idea: stands or not; nil = not known
	comments map[[2]string]bool  // by idea and comment
	launched map[string]bool     // ideas
}

type member struct{ email, id, cookie string }

// TestKilledUnderLoad kills the program with SIGKILL fifty times at random moments
// under load. In the end every acknowledged write is there, every count equals a
// recount, and every mail that was due has been sent once.
func TestKilledUnderLoad(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 5
	}
	k := &killed{T: t, bin: filepath.Join(t.TempDir(), "local"), data: t.TempDir(), ideas: map[string]string{}, author: map[string]string{},
		votes: map[[2]string]*bool{}, comments: map[[2]string]bool{}, launched: map[string]bool{}}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", k.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for life := range kills {
		url, kill := k.start()
		if life == 0 {
			for i := range 6 {
				k.signIn(url, fmt.Sprintf("m%d@example.com", i))
			}
			k.signIn(url, team)
			k.submit(url, k.members[0], rand.New(rand.NewPCG(1, 1)))
		}
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for hand := range 8 {
			r := rand.New(rand.NewPCG(uint64(life), uint64(hand)))
			wg.Go(func() {
				for ctx.Err() == nil {
					if !k.act(url, r) {
						return // the program is dead
					}
				}
			})
		}
		// The moment is what this test is about; nothing waits for this to pass.
		moment := time.Duration(rand.Int64N(int64(300 * time.Millisecond)))
		<-time.After(moment)
		kill()
		stop()
		wg.Wait()
	}
	url, kill := k.start()
	k.awaitMails(url)
	kill()
	launches := 0
	for _, yes := range k.launched {
		if yes {
			launches++
		}
	}
	t.Logf("acknowledged in %d lives: %d ideas, %d votes or withdrawals, %d comments; %d ideas launched",
		kills, len(k.ideas), len(k.votes), len(k.comments), launches)
	k.compare()
}

func (k *killed) start() (url string, kill func()) {
	k.Helper()
	cmd := exec.Command(k.bin, "-addr", "127.0.0.1:0", "-data", k.data, "-team", team, "-log", "error")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		k.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		k.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), " is at "); ok {
			return url, func() {
				_ = cmd.Process.Kill()
				_, _ = io.Copy(io.Discard, out)
				_ = cmd.Wait()
			}
		}
	}
	k.Fatal("the program did not start")
	return "", nil
}

// call sends a request; ok is false when no answer came.
func (k *killed) call(m *member, method, url, body string, header ...string) (status int, answer []byte, cookies []*http.Cookie, ok bool) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		k.Error(err)
		return 0, nil, nil, false
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if m != nil {
		req.Header.Set("Cookie", m.cookie)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, nil, false
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil, nil, false
	}
	if res.StatusCode >= 500 {
		k.Errorf("%s %s: %d %s", method, url, res.StatusCode, b)
	}
	return res.StatusCode, b, res.Cookies(), true
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

func (k *killed) signIn(url, email string) {
	k.Helper()
	status, b, cookies, _ := k.call(nil, "POST", url+"/api/v1/sign-in", `{"email":"`+email+`"}`)
	if status != http.StatusAccepted || len(cookies) == 0 {
		k.Fatalf("sign-in: %d %s", status, b)
	}
	code := ""
	for deadline := time.Now().Add(20 * time.Second); code == "" && time.Now().Before(deadline); {
		for _, m := range k.outbox(url) {
			if m.To == email {
				code = sixDigits.FindString(m.Text)
				break
			}
		}
	}
	m := &member{email: email, cookie: cookies[0].Name + "=" + cookies[0].Value}
	status, b, cookies, _ = k.call(m, "POST", url+"/api/v1/sign-in/confirm", `{"email":"`+email+`","code":"`+code+`"}`)
	if status != http.StatusOK {
		k.Fatalf("confirm: %d %s", status, b)
	}
	for _, c := range cookies {
		if strings.HasSuffix(c.Name, "gs_session") {
			m.cookie = c.Name + "=" + c.Value
			m.id, _, _ = strings.Cut(c.Value, ".")
		}
	}
	k.members = append(k.members, m)
}

type outboxMail struct{ To, Subject, Text string }

func (k *killed) outbox(url string) (mails []outboxMail) {
	_, b, _, ok := k.call(nil, "GET", url+"/_local/mail.json?limit=1000", "")
	if ok {
		if err := json.Unmarshal(b, &mails); err != nil {
			k.Fatalf("outbox: %v", err)
		}
	}
	return mails
}

func (k *killed) submit(url string, m *member, r *rand.Rand) bool {
	title := fmt.Sprintf("Idea <%08x> & more", r.Uint32())
	status, b, _, ok := k.call(m, "POST", url+"/api/v1/ideas", fmt.Sprintf(`{"title":%q,"body":"because","category":"food"}`, title))
	if !ok {
		return false
	}
	if status == http.StatusTooManyRequests {
		return true
	}
	var a struct{ Idea struct{ ID string } }
	if err := json.Unmarshal(b, &a); err != nil || status != http.StatusCreated {
		k.Errorf("submit: %d %s", status, b)
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ideas[a.Idea.ID], k.author[a.Idea.ID] = title, m.email
	return true
}

// act does one random thing over HTTP and writes down what was acknowledged; false
// means that the program no longer answers.
func (k *killed) act(url string, r *rand.Rand) bool {
	m := k.members[r.IntN(len(k.members)-1)]
	idea := ""
	k.mu.Lock()
	for id := range k.ideas {
		if idea = id; r.IntN(3) == 0 {
			break
		}
	}
	k.mu.Unlock()
	path := url + "/api/v1/ideas/" + idea
	switch n := r.IntN(100); {
	case n < 10:
		return k.submit(url, m, r)
	case n < 65:
		return k.vote(m, path, idea, n%4 != 0)
	case n < 95:
		status, b, _, ok := k.call(m, "POST", path+"/comments", `{"body":"so do I"}`)
		var a struct{ Comment struct{ ID string } }
		if ok && status == http.StatusCreated && json.Unmarshal(b, &a) == nil {
			k.mu.Lock()
			k.comments[[2]string{idea, a.Comment.ID}] = true
			k.mu.Unlock()
		}
		return ok
	default:
		status, b, _, ok := k.call(k.members[len(k.members)-1], "POST", path+"/status", `{"status":"launched","note":"There it is."}`)
		if ok && status != http.StatusOK && status != http.StatusConflict && status != http.StatusPreconditionFailed {
			k.Errorf("launch: %d %s", status, b)
		}
		return ok
	}
}

// vote casts or withdraws. Two hands of one member at once make the outcome
// unknown, so each pair of member and idea is used by one hand at a time.
func (k *killed) vote(m *member, path, idea string, cast bool) bool {
	key := [2]string{m.id, idea}
	k.mu.Lock()
	before, known := k.votes[key]
	if known && before == nil {
		k.mu.Unlock()
		return true // in another hand, or it died with the program
	}
	k.votes[key] = nil
	k.mu.Unlock()
	method := "PUT"
	if !cast {
		method = "DELETE"
	}
	status, b, _, ok := k.call(m, method, path+"/vote", "")
	if !ok {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case status == http.StatusOK:
		k.votes[key] = &cast
	case status == http.StatusTooManyRequests: // a quick machine: nothing has happened
		if k.votes[key] = before; !known {
			delete(k.votes, key)
		}
	default:
		k.Errorf("vote: %d %s", status, b)
	}
	return true
}

// awaitMails waits until every launched idea's submitter has a mail.
func (k *killed) awaitMails(url string) {
	k.Helper()
	for id := range k.ideas {
		var a struct{ Idea struct{ Status string } }
		_, b, _, _ := k.call(nil, "GET", url+"/api/v1/ideas/"+id, "")
		if err := json.Unmarshal(b, &a); err != nil {
			k.Fatalf("idea: %s", b)
		}
		k.launched[id] = a.Idea.Status == "launched"
	}
	deadline := time.Now().Add(2 * time.Minute) // a claim of a killed process has to run out first
	for {
		got := k.launchMails(url)
		missing := 0
		for id, launched := range k.launched {
			if launched && got[id] == 0 {
				missing++
			}
		}
		if missing == 0 {
			for id, n := range got {
				if n != 1 || !k.launched[id] {
					k.Errorf("idea %s, launched %v, got %d mails", id, k.launched[id], n)
				}
			}
			return
		}
		if time.Now().After(deadline) {
			k.Fatalf("%d Launched mails are missing", missing)
		}
		<-time.After(100 * time.Millisecond)
	}
}

func (k *killed) launchMails(url string) map[string]int {
	got := map[string]int{}
	for _, m := range k.outbox(url) {
		for id := range k.ideas {
			if strings.Contains(m.Text, "/ideas/"+id) {
				got[id]++
				if m.To != k.author[id] {
					k.Errorf("mail about %s went to %s", id, m.To)
				}
			}
		}
	}
	return got
}

// compare opens the folder, as an operator would, and looks for everything.
func (k *killed) compare() {
	one, err := onefile.Open(k.data, onefile.Options{})
	if err != nil {
		k.Fatal(err)
	}
	defer one.Close()
	ctx := k.Context()
	if err := one.CatchUp(ctx); err != nil {
		k.Fatal(err)
	}
	for key, stands := range k.votes {
		_, found, err := one.Store.Vote(ctx, key[1], key[0])
		if err != nil || (stands != nil && found != *stands) {
			k.Errorf("vote %v: acknowledged %v, found %v, %v", key, stands, found, err)
		}
	}
	for key := range k.comments {
		if _, err := one.Store.Comment(ctx, key[0], key[1]); err != nil {
			k.Errorf("comment %v: %v", key, err)
		}
	}
	for id, title := range k.ideas {
		before, err := one.Store.CardOf(ctx, id)
		if err != nil || before.Title != title {
			k.Errorf("idea %s is %q, %v", id, before.Title, err)
			continue
		}
		votes := 0
		for _, m := range k.members {
			if _, found, _ := one.Store.Vote(ctx, id, m.id); found {
				votes++
			}
		}
		page, err := one.Portal.Idea(ctx, portal.Actor{}, portal.IdeaQuery{ID: id, Comments: portal.MaxLimit})
		if err != nil {
			k.Errorf("idea %s: %v", id, err)
		}
		comments := len(page.Comments)
		for next := page.Next; next != ""; {
			var more []portal.Comment
			if more, next, err = one.Portal.Comments(ctx, portal.Actor{}, id, next, portal.MaxLimit); err != nil {
				k.Fatal(err)
			}
			comments += len(more)
		}
		if before.Votes != votes || before.Comments != comments {
			k.Errorf("idea %s counts %d votes and %d comments; there are %d and %d", id, before.Votes, before.Comments, votes, comments)
		}
	}
}
