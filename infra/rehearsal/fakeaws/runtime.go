package fakeaws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

// MaxPayload is the largest event or answer of a synchronous invocation, in bytes
// (AWS Lambda Developer Guide, "Lambda quotas").
const MaxPayload = 6 << 20

// ErrThrottled is returned when every instance that Concurrency allows is busy
// and the function's queue is switched off.
var ErrThrottled = errors.New("fakeaws: function is throttled")

var errClosed = errors.New("fakeaws: function is closed")

// FunctionError is a failed invocation: what the function reported, or what Lambda
// would report of it (type Runtime.ExitError, Sandbox.Timedout).
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

func (e *FunctionError) Error() string {
	return fmt.Sprintf("function error %s: %s", e.Type, e.Message)
}

// Config describes one function.
type Config struct {
	Name      string
	Bootstrap string            // path of the binary
	Env       map[string]string // on top of what Lambda itself sets

	Timeout     time.Duration // of one invocation; 0 means 30 s
	Concurrency int           // most instances at once; 0 means 10
	NoQueue     bool          // ErrThrottled instead of waiting for an instance
	Output      io.Writer     // also gets what instances write, if set
}

// Function runs instances of one Lambda function as Lambda would: one invocation
// at a time each, a new instance when none is idle, the old one for as long as it
// lives. Close ends them all.
type Function struct {
	cfg   Config
	slots chan struct{} // one for each instance allowed

	mu          sync.Mutex
	idle        []*instance
	busy        map[*instance]bool
	starts      []time.Duration
	serial      int // of the last instance
	invocations int
	closed      bool

	logMu sync.Mutex
	log   bytes.Buffer
}

// NewFunction prepares a function. Nothing is started before the first Invoke.
func NewFunction(cfg Config) *Function {
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Concurrency == 0 {
		cfg.Concurrency = 10
	}
	return &Function{cfg: cfg, slots: make(chan struct{}, cfg.Concurrency), busy: map[*instance]bool{}}
}

// Invoke runs the function with payload and returns its answer. The error is a
// *FunctionError if the function failed, died or ran out of time; the next Invoke
// then gets another instance where this one is gone. When ctx ends first, Invoke
// returns and the function goes on to its end, as on Lambda.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("fakeaws: payload of %d bytes exceeds %d", len(payload), MaxPayload)
	}
	if err := f.take(ctx); err != nil {
		return nil, err
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-f.slots }()
		for {
			in, id, err := f.instance(context.WithoutCancel(ctx))
			if err != nil {
				done <- result{err: err}
				return
			}
			out, err := in.invoke(id, payload, f.cfg.Timeout)
			f.release(in)
			if err != errGone {
				done <- result{out, err}
				return
			}
		}
	}()
	select {
	case r := <-done:
		return r.body, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (f *Function) take(ctx context.Context) error {
	select {
	case f.slots <- struct{}{}:
		return nil
	default:
	}
	if f.cfg.NoQueue {
		return ErrThrottled
	}
	select {
	case f.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// instance returns an idle instance that still lives, or starts one, and marks it
// busy. The id is the invocation's.
func (f *Function) instance(ctx context.Context) (*instance, string, error) {
	f.mu.Lock()
	f.invocations++
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", f.invocations)
	for len(f.idle) > 0 {
		in := f.idle[len(f.idle)-1]
		f.idle = f.idle[:len(f.idle)-1]
		if !in.dead() {
			f.busy[in] = true
			f.mu.Unlock()
			return in, id, nil
		}
	}
	if f.closed {
		f.mu.Unlock()
		return nil, "", errClosed
	}
	f.serial++
	n := f.serial
	f.mu.Unlock()

	in, err := start(ctx, f.cfg, n, writerFunc(f.write))
	if err != nil {
		return nil, "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.starts = append(f.starts, in.startup)
	if f.closed {
		in.kill()
		return nil, "", errClosed
	}
	f.busy[in] = true
	return in, id, nil
}

func (f *Function) release(in *instance) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.busy, in)
	if f.closed {
		in.kill()
	} else if !in.dead() {
		f.idle = append(f.idle, in)
	}
}

// Kill sends SIGKILL to every instance in mid-invocation and returns their
// number; their Invokes return an error.
func (f *Function) Kill() int {
	f.mu.Lock()
	victims := slices.Collect(maps.Keys(f.busy))
	f.mu.Unlock()
	for _, in := range victims {
		in.kill()
	}
	return len(victims)
}

// Recycle ends the idle instances, as Lambda does with those nobody needs, so
// that the next Invoke is a cold start.
func (f *Function) Recycle() {
	f.mu.Lock()
	idle := f.idle
	f.idle = nil
	f.mu.Unlock()
	for _, in := range idle {
		in.kill()
	}
}

// Close ends all instances.
func (f *Function) Close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.Kill()
	f.Recycle()
}

// Starts returns, for each instance so far, the time from starting the process
// to its first request for an invocation: the part of a cold start that the
// function's own code decides.
func (f *Function) Starts() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.starts)
}

// Logs returns all that instances have written to stdout and stderr.
func (f *Function) Logs() string {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	return f.log.String()
}

func (f *Function) write(p []byte) (int, error) {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	f.log.Write(p)
	if f.cfg.Output != nil {
		return f.cfg.Output.Write(p)
	}
	return len(p), nil
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }

// environment is what Lambda sets in an instance of a custom runtime, then the
// function's own (AWS Lambda Developer Guide, "Defined runtime environment
// variables"). Nothing of this process leaks in but PATH and TMPDIR.
func environment(cfg Config, api string, n int) []string {
	env := map[string]string{
		"AWS_LAMBDA_RUNTIME_API":          api,
		"AWS_LAMBDA_FUNCTION_NAME":        cfg.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_FORMAT":           "JSON",
		"AWS_LAMBDA_LOG_LEVEL":            "INFO",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + cfg.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      fmt.Sprintf("rehearsal/%d", n),
		"AWS_EXECUTION_ENV":               "AWS_Lambda_provided.al2023",
		"AWS_REGION":                      "eu-west-1",
		"AWS_DEFAULT_REGION":              "eu-west-1",
		"AWS_ACCESS_KEY_ID":               "AKIDREHEARSAL",
		"AWS_SECRET_ACCESS_KEY":           "rehearsal",
		"AWS_SESSION_TOKEN":               "rehearsal",
		"LAMBDA_TASK_ROOT":                "/var/task",
		"_HANDLER":                        "bootstrap",
		"TZ":                              ":UTC",
		"PATH":                            os.Getenv("PATH"),
		"TMPDIR":                          os.TempDir(),
	}
	maps.Copy(env, cfg.Env)
	out := make([]string, 0, len(env))
	for name, value := range env {
		out = append(out, name+"="+value)
	}
	slices.Sort(out)
	return out
}

func parseFunctionError(body []byte) error {
	var e FunctionError
	if json.Unmarshal(body, &e) != nil || e.Message == "" && e.Type == "" {
		e = FunctionError{Type: "Runtime.Unknown", Message: string(body)}
	}
	return &e
}
