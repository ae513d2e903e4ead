package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"time"

	"groundswell/shared/app/onefile"
	"groundswell/shared/portal"
)

// members is how many are signed in for the writing cases: enough that no limit
// on comments is met.
const members = 2000

// codes keeps the sign-in codes that a queue would mail.
type codes struct {
	mu sync.Mutex
	by map[string]string
}

func (c *codes) SendCode(_ context.Context, m portal.CodeMail) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by[m.Email] = m.Code
	return nil
}

func (c *codes) of(email string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.by[email]
}

// seeded is a data folder ready to be measured.
type seeded struct {
	dir    string
	tokens []string // of sessions
	ideas  []string
	pages  []string // the ideas' addresses
}

// seed makes a data folder with real ideas or made-up ones, and signs members in.
func (o options) seed(ctx context.Context, dir string, ideas int) (*seeded, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if ideas == 0 {
		if out, err := exec.CommandContext(ctx, "go", "run", "./infra/admin", "import", "-data", dir, "-preset", "my-starbucks-idea", o.csv).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("import: %w\n%s", err, out)
		}
	}
	one, err := onefile.Open(dir, onefile.Options{NoSync: true})
	if err != nil {
		return nil, err
	}
	defer one.Close()
	sent := &codes{by: map[string]string{}}
	one.Portal.Mails = sent
	s := &seeded{dir: dir}
	if ideas > 0 {
		if err := invent(ctx, one, ideas); err != nil {
			return nil, err
		}
	}
	if s.tokens, err = signIn(ctx, one.Portal, sent); err != nil {
		return nil, err
	}
	if err := one.CatchUp(ctx); err != nil {
		return nil, err
	}
	for q := (portal.ListQuery{Sort: portal.Top, Limit: portal.MaxLimit}); ; {
		page, err := one.Portal.Ideas(ctx, portal.Actor{}, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Cards {
			s.ideas = append(s.ideas, c.ID)
			s.pages = append(s.pages, "/ideas/"+c.ID+"/"+url.PathEscape(cmp.Or(portal.Slug(c.Title), "idea")))
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	return s, nil
}

func signIn(ctx context.Context, p *portal.Portal, sent *codes) ([]string, error) {
	tokens := make([]string, members)
	return tokens, parallel(members, func(i int) error {
		email := fmt.Sprintf("member%d@example.com", i)
		browser, err := p.RequestCode(ctx, portal.SignInRequest{Email: email, Address: "127.0.0.1"})
		if err != nil {
			return err
		}
		tokens[i], _, err = p.ConfirmCode(ctx, portal.Confirmation{Email: email, Code: sent.of(email), Browser: browser, Address: "127.0.0.1"})
		return err
	})
}

var subjects = []string{"coffee", "tea", "the queue", "the app", "breakfast", "the card", "music", "almond milk", "cups", "the lights", "opening hours", "gift cards"}
var wishes = []string{"More of", "Less of", "A better way to pay for", "Let us choose", "Please bring back", "A smaller size of", "Free", "A quieter place for"}

// invent makes ideas that look like a real portal's: titles of eight to sixty
// characters, a text of some sentences, eleven comments on average.
func invent(ctx context.Context, one *onefile.App, n int) error {
	cats := portal.DefaultCategories()
	born := time.Now().Add(-4 * 365 * 24 * time.Hour)
	return parallel(n, func(i int) error {
		r := rand.New(rand.NewPCG(uint64(i), 3))
		at := born.Add(time.Duration(i) * (3 * 365 * 24 * time.Hour) / time.Duration(n))
		id := portal.ImportedAt(at, "bench", fmt.Sprint(i))
		author := portal.ImportedMember("bench", fmt.Sprint(i%997))
		body := ""
		for range 2 + r.IntN(8) {
			body += wishes[r.IntN(len(wishes))] + " " + subjects[r.IntN(len(subjects))] + " would make my morning, and I am not the only one. "
		}
		status := portal.Statuses[0]
		if r.IntN(4) == 0 {
			status = portal.Statuses[r.IntN(len(portal.Statuses))]
		}
		idea := portal.Idea{ID: id, Title: fmt.Sprintf("%s %s, number %d", wishes[r.IntN(len(wishes))], subjects[r.IntN(len(subjects))], i),
			Excerpt: portal.Excerpt(body, 140), Category: cats[r.IntN(len(cats))].ID, Status: status, AuthorID: author,
			CreatedAt: at, UpdatedAt: at, Version: 1, BaseVotes: r.IntN(3000)}
		if err := one.Store.CreateIdea(ctx, portal.NewIdea{Idea: idea, Body: body, History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: at,
			To: status, By: portal.Author{ID: author, Name: "member"}, Imported: true}}); err != nil {
			return err
		}
		for k := range r.IntN(22) {
			t := at.Add(time.Duration(k) * time.Hour)
			c := portal.Comment{ID: portal.ImportedAt(t, id, fmt.Sprint(k)), IdeaID: id, Body: "I would like that very much, on weekdays too.",
				Author: portal.Author{ID: author, Name: "member"}, CreatedAt: t, Version: 1}
			if err := one.Store.PutComment(ctx, c, 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// parallel runs f for 0 to n-1 on 64 goroutines and returns one of the errors.
func parallel(n int, f func(int) error) error {
	var wg sync.WaitGroup
	next := make(chan int)
	errs := make(chan error, 1)
	for range 64 {
		wg.Go(func() {
			for i := range next {
				if err := f(i); err != nil {
					select {
					case errs <- err:
					default:
					}
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}
