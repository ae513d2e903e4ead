package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

const team = "team@example.com"

// portal is a running local program.
type portal struct {
	url    string
	cmd    *exec.Cmd
	client *http.Client
}

// start fills a folder and serves it.
func start(ctx context.Context, dir, ideas string) (*portal, error) {
	data, bin := filepath.Join(dir, "data"), filepath.Join(dir, "local")
	if err := command(ctx, "go", "build", "-o", bin, "./infra/local"); err != nil {
		return nil, err
	}
	args := []string{"-data", data, "-team", team}
	if ideas == "" {
		args = append(args, "-demo")
	} else if err := command(ctx, "go", "run", "./infra/admin", "import", "-data", data, "-preset", "my-starbucks-idea", ideas); err != nil {
		return nil, err
	}
	free, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	jar, _ := cookiejar.New(nil) // its error is always nil
	p := &portal{url: "http://" + addr, client: &http.Client{Jar: jar, Timeout: 10 * time.Second}}
	p.cmd = exec.CommandContext(ctx, bin, append(args, "-addr", addr)...)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if err = p.call(ctx, http.MethodGet, "/api/v1/categories", nil, nil); err == nil {
			return p, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("the portal does not answer: %w", err)
}

func (p *portal) stop() {
	_ = p.cmd.Process.Kill() // its folder goes too
	_ = p.cmd.Wait()
}

// call sends in as JSON and reads the answer into out; either may be nil.
func (p *portal) call(ctx context.Context, method, path string, in, out any, header ...string) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s %s", method, path, answer.Status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

type listed struct {
	Ideas []struct {
		ID, URL string
		Version int64
	}
}

// pages are the paths to judge. An imported community has launched nothing yet: the
// ten ideas with most votes are launched for it.
func (p *portal) pages(ctx context.Context) ([]string, error) {
	var top, done listed
	if err := p.call(ctx, http.MethodGet, "/api/v1/ideas?sort=top&limit=11", nil, &top); err != nil {
		return nil, err
	}
	if len(top.Ideas) == 0 {
		return nil, fmt.Errorf("there are no ideas")
	}
	if err := p.call(ctx, http.MethodGet, "/api/v1/ideas?status=launched&sort=new", nil, &done); err != nil {
		return nil, err
	}
	if len(done.Ideas) == 0 {
		if err := p.signIn(ctx); err != nil {
			return nil, err
		}
		for _, i := range top.Ideas[1:] {
			if err := p.call(ctx, http.MethodPost, "/api/v1/ideas/"+i.ID+"/status", map[string]string{"status": "launched", "note": "It is in every shop from today."}, nil,
				"If-Match", fmt.Sprintf("%q", fmt.Sprint(i.Version))); err != nil {
				return nil, err
			}
		}
	}
	u, err := url.Parse(top.Ideas[0].URL)
	if err != nil {
		return nil, err
	}
	return []string{"/", u.EscapedPath(), "/in-action"}, nil
}

var code = regexp.MustCompile(`\b\d{6}\b`)

func (p *portal) signIn(ctx context.Context) error {
	if err := p.call(ctx, http.MethodPost, "/api/v1/sign-in", map[string]string{"email": team}, nil); err != nil {
		return err
	}
	for range 100 {
		var mails []struct{ Text string }
		if err := p.call(ctx, http.MethodGet, "/_local/mail.json", nil, &mails); err != nil {
			return err
		}
		if len(mails) > 0 {
			return p.call(ctx, http.MethodPost, "/api/v1/sign-in/confirm", map[string]string{"email": team, "code": code.FindString(mails[0].Text)}, nil)
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("the code does not come")
}
