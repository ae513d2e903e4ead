package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

const title = "Smoke test: please ignore"

// member signs in, does what members do, and cleans up.
func (w *walk) member(ctx context.Context) {
	var old string // a code that was there before, of an earlier walk
	if w.codeFrom != "" {
		old, _ = w.listed(ctx)
	}
	var me struct {
		Member struct{ ID, Role string }
	}
	if !w.step("ask for a sign-in code", func() error {
		_, err := w.want(ctx, http.StatusAccepted, "", http.MethodPost, "/api/v1/sign-in", fields("email", w.email))
		return err
	}) || !w.step("sign in with it", func() error {
		code, err := w.code(ctx, old)
		if err != nil {
			return err
		}
		a, err := w.want(ctx, http.StatusOK, `"member"`, http.MethodPost, "/api/v1/sign-in/confirm", fields("email", w.email, "code", code))
		if err != nil {
			return err
		}
		return a.json(&me)
	}) {
		return
	}
	team := me.Member.Role == "team" || me.Member.Role == "admin"
	w.use(ctx, team)
	if team {
		w.step("sign out", func() error {
			_, err := w.want(ctx, http.StatusNoContent, "", http.MethodPost, "/api/v1/sign-out", "")
			return err
		})
		w.note("the account stays: it is one of the team's")
		return
	}
	if w.step("delete the account", func() error {
		_, err := w.want(ctx, http.StatusNoContent, "", http.MethodDelete, "/api/v1/me", fields("confirm", w.email))
		return err
	}) {
		w.note("the account is gone; the idea %q stays, by a former member, until the team hides it", title)
	}
	w.step("it is signed out", func() error {
		_, err := w.want(ctx, http.StatusUnauthorized, "", http.MethodGet, "/api/v1/me", "")
		return err
	})
}

// use is a member's day.
func (w *walk) use(ctx context.Context, team bool) {
	var idea struct{ Idea struct{ ID string } }
	if !w.step("submit an idea", func() error {
		var list struct{ Categories []struct{ ID string } }
		a, err := w.want(ctx, http.StatusOK, "", http.MethodGet, "/api/v1/categories", "")
		if err == nil {
			err = a.json(&list)
		}
		if err == nil && len(list.Categories) == 0 {
			err = errors.New("there are no categories")
		}
		if err != nil {
			return err
		}
		a, err = w.want(ctx, http.StatusCreated, title, http.MethodPost, "/api/v1/ideas",
			fields("title", title, "body", "A check after a deployment.", "category", list.Categories[0].ID))
		if err != nil {
			return err
		}
		return a.json(&idea)
	}) {
		return
	}
	path := "/api/v1/ideas/" + idea.Idea.ID
	w.step("vote for it", func() error {
		_, err := w.want(ctx, http.StatusOK, `"voted":true`, http.MethodPut, path+"/vote", "")
		return err
	})
	w.step("the vote is counted", func() error {
		return w.until(ctx, func() error {
			_, err := w.want(ctx, http.StatusOK, `"votes":1,`, http.MethodGet, path, "")
			return err
		})
	})
	w.step("it is in the list of new ideas", func() error {
		return w.until(ctx, func() error {
			_, err := w.want(ctx, http.StatusOK, idea.Idea.ID, http.MethodGet, "/api/v1/ideas?sort=new", "")
			return err
		})
	})
	w.step("take the vote back", func() error {
		_, err := w.want(ctx, http.StatusOK, `"voted":false`, http.MethodDelete, path+"/vote", "")
		return err
	})
	w.step("comment on it, and delete that", func() error {
		var c struct{ Comment struct{ ID string } }
		a, err := w.want(ctx, http.StatusCreated, "", http.MethodPost, path+"/comments", fields("body", "It works."))
		if err == nil {
			err = a.json(&c)
		}
		if err == nil {
			_, err = w.want(ctx, http.StatusNoContent, "", http.MethodDelete, path+"/comments/"+c.Comment.ID, "")
		}
		return err
	})
	w.step("its page", func() error {
		a, err := w.call(ctx, http.MethodGet, "/ideas/"+idea.Idea.ID, "")
		if err == nil && a.status/100 == 3 { // to the address with its title
			_, rest, _ := strings.Cut(a.header.Get("Location"), "/ideas/")
			a, err = w.want(ctx, http.StatusOK, title, http.MethodGet, "/ideas/"+rest, "")
		}
		if err == nil && a.header.Get("Cache-Control") != "no-store" {
			err = fmt.Errorf("a member's page may be kept: %q", a.header.Get("Cache-Control"))
		}
		return err
	})
	change := fields("status", "declined", "note", "This was a check after a deployment.")
	if team {
		w.step("decline it", func() error {
			_, err := w.want(ctx, http.StatusOK, `"declined"`, http.MethodPost, path+"/status", change)
			return err
		})
		return
	}
	w.step("a member can't change its status", func() error {
		_, err := w.want(ctx, http.StatusForbidden, "", http.MethodPost, path+"/status", change)
		return err
	})
}

// until tries again for as long as counting may take, or the walk.
func (w *walk) until(ctx context.Context, f func() error) error {
	deadline := time.Now().Add(time.Minute)
	for {
		err := f()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(500 * time.Millisecond):
		}
	}
}

var digits = regexp.MustCompile(`\b\d{6}\b`)

// code is the code of the mail: from a list, from a command, or from whoever sits
// there.
func (w *walk) code(ctx context.Context, old string) (code string, err error) {
	switch {
	case w.codeFrom != "":
		err = w.until(ctx, func() (err error) {
			if code, err = w.listed(ctx); err == nil && code == old {
				err = errors.New("no new mail with a code")
			}
			return err
		})
	case w.codeCommand != "":
		err = w.until(ctx, func() error {
			out, err := exec.CommandContext(ctx, "sh", "-c", w.codeCommand).Output()
			if code = digits.FindString(string(out)); err == nil && code == "" {
				err = errors.New("the command printed no code")
			}
			return err
		})
	default:
		fmt.Fprintf(w.out, "the code that %s got: ", w.email)
		line, rerr := bufio.NewReader(w.in).ReadString('\n')
		if code = digits.FindString(line); code == "" {
			err = errors.Join(errors.New("no code"), rerr)
		}
	}
	return code, err
}

// listed is the newest code in the list of mails.
func (w *walk) listed(ctx context.Context) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.codeFrom, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var mails []struct{ To, Text string }
	if err := json.NewDecoder(res.Body).Decode(&mails); err != nil {
		return "", fmt.Errorf("read the list of mails: %w", err)
	}
	for _, m := range mails {
		if code := digits.FindString(m.Text); m.To == w.email && code != "" {
			return code, nil
		}
	}
	return "", errors.New("no mail with a code")
}

// fields is a JSON object of texts.
func fields(pairs ...string) string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic("smoke: " + err.Error()) // texts
	}
	return string(b)
}
