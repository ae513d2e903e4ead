package fakeaws

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

const initTimeout = 10 * time.Second // AWS Lambda Developer Guide, "Init phase"

// instance is one process and the Runtime API that it alone talks to (AWS Lambda
// Developer Guide, "Using the Lambda runtime API for custom runtimes").
type instance struct {
	arn     string
	cmd     *exec.Cmd
	server  *http.Server
	startup time.Duration // from exec to the first poll

	polled chan time.Time // one value: the first poll
	jobs   chan *job
	exited chan struct{} // closed after the process is gone

	mu      sync.Mutex
	current *job
	initErr error
}

// job is one invocation.
type job struct {
	id       string
	payload  []byte
	deadline time.Time
	done     chan result // one value
}

type result struct {
	body []byte
	err  error
}

// start runs the bootstrap and returns once it polls for work.
func start(ctx context.Context, cfg Config, n int, out io.Writer) (*instance, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the runtime: %w", err)
	}
	in := &instance{
		arn:    "arn:aws:lambda:eu-west-1:" + AccountID + ":function:" + cfg.Name,
		polled: make(chan time.Time, 1),
		jobs:   make(chan *job),
		exited: make(chan struct{}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", in.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", in.respond)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", in.respondError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", in.initError)
	in.server = &http.Server{Handler: mux}
	go in.server.Serve(l) //nolint:errcheck // ends with the process

	in.cmd = exec.Command(cfg.Bootstrap)
	in.cmd.Dir = filepath.Dir(cfg.Bootstrap)
	in.cmd.Env = environment(cfg, l.Addr().String(), n)
	in.cmd.Stdout, in.cmd.Stderr = out, out
	in.cmd.WaitDelay = time.Second
	began := time.Now()
	if err := in.cmd.Start(); err != nil {
		in.server.Close()
		return nil, fmt.Errorf("start %s: %w", cfg.Name, err)
	}
	go func() {
		in.cmd.Wait() //nolint:errcheck // how it ended is told by what it left undone
		in.server.Close()
		close(in.exited)
	}()

	timer := time.NewTimer(initTimeout)
	defer timer.Stop()
	select {
	case at := <-in.polled:
		in.startup = at.Sub(began)
		return in, nil
	case <-in.exited:
		err = in.failure("Runtime.ExitError", "exited before its first poll")
	case <-timer.C:
		err = &FunctionError{"Sandbox.Timedout", "no poll within " + initTimeout.String()}
	case <-ctx.Done():
		err = ctx.Err()
	}
	in.kill()
	return nil, fmt.Errorf("start %s: %w", cfg.Name, err)
}

// errGone is returned for a process that was gone before it took the job, as one
// is that reported a panic: the job is as good as new.
var errGone = errors.New("fakeaws: instance is gone")

// invoke hands the process one job and waits for the answer, the process's death
// or the timeout, which kills it as it does on Lambda.
func (in *instance) invoke(id string, payload []byte, timeout time.Duration) ([]byte, error) {
	j := &job{id: id, payload: payload, deadline: time.Now().Add(timeout), done: make(chan result, 1)}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	jobs := in.jobs
	for {
		select {
		case jobs <- j:
			jobs = nil
		case r := <-j.done:
			return r.body, r.err
		case <-in.exited:
			select {
			case r := <-j.done: // answered before it died
				return r.body, r.err
			default:
				if jobs != nil {
					return nil, errGone
				}
				return nil, in.failure("Runtime.ExitError", "RequestId: "+id+" Error: Runtime exited without providing a reason")
			}
		case <-timer.C:
			in.kill()
			return nil, &FunctionError{"Sandbox.Timedout", "RequestId: " + id + " Error: Task timed out after " + timeout.String()}
		}
	}
}

func (in *instance) failure(typ, text string) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.initErr != nil {
		return in.initErr
	}
	return &FunctionError{typ, text}
}

func (in *instance) next(w http.ResponseWriter, r *http.Request) {
	select {
	case in.polled <- time.Now():
	default:
	}
	var j *job
	select {
	case j = <-in.jobs:
	case <-r.Context().Done():
		return
	}
	in.mu.Lock()
	in.current = j
	in.mu.Unlock()
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", j.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(j.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", in.arn)
	h.Set("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
	w.Write(j.payload) //nolint:errcheck // a runtime that is gone is noticed by its exit
}

// take ends the current job, if it has that id.
func (in *instance) take(id string) *job {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.current == nil || in.current.id != id {
		return nil
	}
	j := in.current
	in.current = nil
	return j
}

func (in *instance) respond(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload+1))
	j := in.take(r.PathValue("id"))
	switch {
	case j == nil:
		apiError(w, http.StatusBadRequest, "InvalidRequestID")
		return
	case err != nil:
		j.done <- result{err: &FunctionError{"Runtime.TruncatedResponse", err.Error()}}
		apiError(w, http.StatusBadRequest, "TruncatedResponse")
		return
	case len(body) > MaxPayload:
		j.done <- result{err: &FunctionError{"Function.ResponseSizeTooLarge", "response payload size exceeded the maximum allowed"}}
		apiError(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge")
		return
	}
	j.done <- result{body: body}
	accepted(w)
}

func (in *instance) respondError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	j := in.take(r.PathValue("id"))
	if j == nil {
		apiError(w, http.StatusBadRequest, "InvalidRequestID")
		return
	}
	j.done <- result{err: parseFunctionError(body)}
	accepted(w)
}

func (in *instance) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	in.mu.Lock()
	in.initErr = parseFunctionError(body)
	in.mu.Unlock()
	accepted(w)
}

func accepted(w http.ResponseWriter) {
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, `{"status":"OK"}`) //nolint:errcheck // as above
}

func apiError(w http.ResponseWriter, status int, typ string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errorType":%q,"errorMessage":%q}`, typ, strings.ToLower(typ))
}

func (in *instance) dead() bool {
	select {
	case <-in.exited:
		return true
	default:
		return false
	}
}

// kill ends the process at once and waits until it is gone.
func (in *instance) kill() {
	if in.cmd.Process != nil {
		in.cmd.Process.Kill() //nolint:errcheck // it may be gone already
	}
	<-in.exited
}

// ColdStart runs one fresh instance up to its first poll, ends it, and returns
// how long that took.
func ColdStart(ctx context.Context, cfg Config) (time.Duration, error) {
	if cfg.Bootstrap == "" {
		return 0, errors.New("fakeaws: no bootstrap")
	}
	var out bytes.Buffer
	in, err := start(ctx, cfg, 0, &out)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, &out) // the process is gone, so nothing writes any more
	}
	in.kill()
	return in.startup, nil
}
