package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// testCase is one kind of request.
type testCase struct {
	name    string
	request func(s *seeded, r *rand.Rand) []byte
}

func get(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: bench\r\nAccept-Language: en\r\n\r\n")
}

func send(method, path, token, body string) []byte {
	return fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: bench\r\nCookie: gs_session=%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, path, token, len(body), body)
}

func pick(r *rand.Rand, s []string) string { return s[r.IntN(len(s))] }

var testCases = []testCase{
	{"home HTML", func(*seeded, *rand.Rand) []byte { return get("/") }},
	{"list JSON", func(*seeded, *rand.Rand) []byte { return get("/api/v1/ideas") }},
	{"idea page", func(s *seeded, r *rand.Rand) []byte { return get(pick(r, s.pages)) }},
	{"vote, one idea", func(s *seeded, r *rand.Rand) []byte {
		return send("PUT", "/api/v1/ideas/"+s.ideas[0]+"/vote", pick(r, s.tokens), "")
	}},
	{"vote, spread", func(s *seeded, r *rand.Rand) []byte {
		return send("PUT", "/api/v1/ideas/"+pick(r, s.ideas)+"/vote", pick(r, s.tokens), "")
	}},
	{"comment", func(s *seeded, r *rand.Rand) []byte {
		return send("POST", "/api/v1/ideas/"+pick(r, s.ideas)+"/comments", pick(r, s.tokens), fmt.Sprintf(`{"body":"I would like that very much, %d times."}`, r.Uint32()))
	}},
}

func (o options) run(ctx context.Context) error {
	tmp, err := os.MkdirTemp("", "groundswell-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	portal, self := filepath.Join(tmp, "portal"), filepath.Join(tmp, "bench")
	for out, pkg := range map[string]string{portal: "./infra/local", self: "./infra/bench"} {
		if b, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", out, pkg).CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", pkg, err, b)
		}
	}
	sizes := []int{1500, o.ideas}
	if o.csv != "" {
		sizes[0] = 0
	}
	var base map[string]result
	for i, n := range sizes {
		if i > 0 && n == 0 {
			break
		}
		s, err := o.seed(ctx, filepath.Join(tmp, fmt.Sprint("data", i)), n)
		if err != nil {
			return err
		}
		got, err := o.measure(ctx, portal, self, s)
		if err != nil {
			return err
		}
		if base == nil {
			base = got
			continue
		}
		fmt.Printf("\nThe portal with %d ideas against the portal with the smaller number, at 32 connections:\n", len(s.ideas))
		for _, c := range testCases {
			if b, ok := base[c.name]; ok {
				fmt.Printf("  %-15s %5.2f\n", c.name, got[c.name].perSecond/b.perSecond)
			}
		}
	}
	return nil
}

// measure runs every case against both servers in turns and prints a line each. It
// returns what the portal did at 32 connections.
func (o options) measure(ctx context.Context, portal, self string, s *seeded) (map[string]result, error) {
	twin := s.dir + "-bare"
	if err := os.CopyFS(twin, os.DirFS(s.dir)); err != nil {
		return nil, err
	}
	syscall.Sync() // or the first writes wait for the disk to take what seeding left
	started := time.Now()
	p, err := start(ctx, portal, "-addr", "127.0.0.1:0", "-data", s.dir)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	if err := firstPage(p.addr); err != nil {
		return nil, err
	}
	firstPage := time.Since(started)
	b, err := start(ctx, self, "-bare", twin)
	if err != nil {
		return nil, err
	}
	defer b.stop()
	fmt.Printf("\n%d ideas: start to first page %v, resident memory then %s\n", len(s.ideas), firstPage.Round(time.Millisecond), p.memory())
	fmt.Printf("%-15s %5s  %22s  %22s  %s\n", "", "conns", "portal: req/s p50 p99", "bare: req/s p50 p99", "ratio")
	at32 := map[string]result{}
	for _, c := range testCases {
		if o.only != "" && c.name != o.only {
			continue
		}
		for _, conns := range []int{1, 32} {
			var ours, bare []result
			for round := range o.rounds {
				for _, side := range []struct {
					server *server
					into   *[]result
				}{{p, &ours}, {b, &bare}} {
					rnds := make([]*rand.Rand, conns)
					for i := range rnds {
						rnds[i] = rand.New(rand.NewPCG(uint64(i), uint64(round)))
					}
					got, err := load(side.server.addr, conns, o.length(), func(conn, _ int) []byte { return c.request(s, rnds[conn]) })
					if err != nil {
						return nil, fmt.Errorf("%s: %w", c.name, err)
					}
					*side.into = append(*side.into, got)
				}
			}
			a, z := median(ours), median(bare)
			fmt.Printf("%-15s %5d  %9.0f %6s %6s  %9.0f %6s %6s  %.2f\n", c.name, conns, a.perSecond, short(a.p50), short(a.p99),
				z.perSecond, short(z.p50), short(z.p99), a.perSecond/z.perSecond)
			at32[c.name] = a
		}
	}
	fmt.Printf("resident memory after all that: %s\n", p.memory())
	return at32, nil
}

func median(rs []result) result {
	slices.SortFunc(rs, func(a, b result) int { return int(a.perSecond - b.perSecond) })
	return rs[len(rs)/2]
}

func short(d time.Duration) string {
	if d < time.Millisecond {
		return fmt.Sprintf("%dus", d.Microseconds())
	}
	return fmt.Sprintf("%.1fms", float64(d.Microseconds())/1000)
}

// server is a running program that said where it is.
type server struct {
	cmd  *exec.Cmd
	addr string
}

func start(ctx context.Context, bin string, args ...string) (*server, error) {
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, addr, ok := strings.Cut(lines.Text(), " is at http://"); ok {
			go func() {
				for lines.Scan() { // what else it says is for people
				}
			}()
			return &server{cmd, addr}, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s did not start", bin), cmd.Wait())
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// memory is the process's resident memory: what the Go program uses, and the file's
// pages that the system keeps for it and can take back.
func (s *server) memory() string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return "unknown here"
	}
	var parts []string
	for l := range strings.Lines(string(b)) {
		for name, label := range map[string]string{"VmRSS:": "total", "RssAnon:": "own", "RssFile:": "files'"} {
			if rest, ok := strings.CutPrefix(l, name); ok {
				var kb int
				_, _ = fmt.Sscan(rest, &kb)
				parts = append(parts, fmt.Sprintf("%s %d MB", label, kb>>10))
			}
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func firstPage(addr string) error {
	r, err := http.Get("http://" + addr + "/")
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("first page: %s", r.Status)
	}
	return nil
}
