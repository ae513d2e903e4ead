package fakeaws_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/infra/rehearsal/fakeaws"
)

// bootstrap builds testdata/probe, a Lambda function that does as the payload
// says, once for all tests.
var bootstrap = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "probe")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "bootstrap")
	out, err := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", bin, "./testdata/probe").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return bin, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if bin, err := bootstrap(); err == nil {
		os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(code)
}

func probe(t *testing.T, cfg fakeaws.Config) *fakeaws.Function {
	t.Helper()
	bin, err := bootstrap()
	if err != nil {
		t.Fatalf("build probe: %v", err)
	}
	cfg.Name, cfg.Bootstrap = "probe", bin
	f := fakeaws.NewFunction(cfg)
	t.Cleanup(f.Close)
	return f
}

func call(t *testing.T, f *fakeaws.Function, payload string) map[string]any {
	t.Helper()
	out, err := f.Invoke(t.Context(), []byte(payload))
	if err != nil {
		t.Fatalf("Invoke(%s): %v", payload, err)
	}
	var m map[string]any
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatalf("Invoke(%s) = %s: %v", payload, out, err)
	}
	return m
}

func TestFunctionInvoke(t *testing.T) {
	t.Parallel()
	f := probe(t, fakeaws.Config{Env: map[string]string{"TABLE_NAME": "ideas"}, Timeout: time.Minute})

	m := call(t, f, `{"do":"env"}`)
	if m["TABLE_NAME"] != "ideas" || m["AWS_LAMBDA_FUNCTION_NAME"] != "probe" || m["HOME"] != "" {
		t.Errorf("environment = %v", m)
	}
	first := call(t, f, `{"do":"who"}`)
	second := call(t, f, `{"do":"who"}`)
	if first["pid"] != second["pid"] {
		t.Errorf("two calls in a row ran in processes %v and %v, want one", first["pid"], second["pid"])
	}
	if first["request_id"] == second["request_id"] || first["request_id"] == "" {
		t.Errorf("request ids %v and %v, want two", first["request_id"], second["request_id"])
	}
	if arn := first["arn"]; arn != "arn:aws:lambda:eu-west-1:123456789012:function:probe" {
		t.Errorf("arn = %v", arn)
	}
	if left := time.Duration(first["left_ms"].(float64)) * time.Millisecond; left <= 0 || left > time.Minute {
		t.Errorf("time left = %v, want at most a minute", left)
	}
	if starts := f.Starts(); len(starts) != 1 || starts[0] <= 0 {
		t.Errorf("Starts() = %v, want one", starts)
	}
	if !strings.Contains(f.Logs(), "probe says hello") {
		t.Errorf("Logs() = %q", f.Logs())
	}

	f.Recycle()
	if again := call(t, f, `{"do":"who"}`); again["pid"] == first["pid"] {
		t.Error("same process after Recycle")
	}
}

func TestFunctionFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, payload, typ, text string
	}{
		{"error", `{"do":"error"}`, "errorString", "probe error"},
		{"panic", `{"do":"panic"}`, "string", "probe panic"},
		{"exit", `{"do":"exit"}`, "Runtime.ExitError", "Runtime exited"},
		{"timeout", `{"do":"hang"}`, "Sandbox.Timedout", "timed out"},
		{"too much", `{"do":"big"}`, "Function.ResponseSizeTooLarge", "size"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := probe(t, fakeaws.Config{Timeout: 3 * time.Second})
			_, err := f.Invoke(t.Context(), []byte(tc.payload))
			var fe *fakeaws.FunctionError
			if !errors.As(err, &fe) || fe.Type != tc.typ || !strings.Contains(fe.Message, tc.text) {
				t.Fatalf("Invoke error = %v, want type %s with %q", err, tc.typ, tc.text)
			}
			call(t, f, `{"do":"who"}`) // the next one works
		})
	}
}

func TestFunctionKill(t *testing.T) {
	t.Parallel()
	f := probe(t, fakeaws.Config{})
	before := call(t, f, `{"do":"who"}`)

	failed := make(chan error, 1)
	go func() {
		_, err := f.Invoke(context.Background(), []byte(`{"do":"hang"}`))
		failed <- err
	}()
	waitFor(t, func() bool { return strings.Contains(f.Logs(), "probe hangs") })
	if n := f.Kill(); n != 1 {
		t.Errorf("Kill() = %d, want 1", n)
	}
	var fe *fakeaws.FunctionError
	if err := <-failed; !errors.As(err, &fe) || fe.Type != "Runtime.ExitError" {
		t.Errorf("Invoke error = %v, want Runtime.ExitError", err)
	}
	if after := call(t, f, `{"do":"who"}`); after["pid"] == before["pid"] {
		t.Error("the killed process answered")
	}
}

func TestFunctionConcurrency(t *testing.T) {
	t.Parallel()
	f := probe(t, fakeaws.Config{Concurrency: 3, NoQueue: true})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { f.Invoke(context.Background(), []byte(`{"do":"hang"}`)) })
	}
	waitFor(t, func() bool { return strings.Count(f.Logs(), "probe hangs") == 3 })
	if _, err := f.Invoke(t.Context(), []byte(`{}`)); !errors.Is(err, fakeaws.ErrThrottled) {
		t.Errorf("fourth Invoke: %v, want ErrThrottled", err)
	}
	if n := f.Kill(); n != 3 {
		t.Errorf("Kill() = %d, want 3", n)
	}
	wg.Wait()
}

func TestFunctionCannotStart(t *testing.T) {
	t.Parallel()
	f := probe(t, fakeaws.Config{Env: map[string]string{"PROBE_EXIT": "1"}})
	var fe *fakeaws.FunctionError
	if _, err := f.Invoke(t.Context(), []byte(`{}`)); !errors.As(err, &fe) || fe.Type != "Runtime.ExitError" {
		t.Errorf("Invoke error = %v, want Runtime.ExitError", err)
	}
}

func TestColdStart(t *testing.T) {
	t.Parallel()
	bin, err := bootstrap()
	if err != nil {
		t.Fatal(err)
	}
	d, err := fakeaws.ColdStart(t.Context(), fakeaws.Config{Name: "probe", Bootstrap: bin})
	if err != nil || d <= 0 {
		t.Errorf("ColdStart = %v, %v", d, err)
	}
	_, err = fakeaws.ColdStart(t.Context(), fakeaws.Config{Name: "probe", Bootstrap: bin, Env: map[string]string{"PROBE_EXIT": "1"}})
	if err == nil || !strings.Contains(err.Error(), "probe gives up") {
		t.Errorf("error = %v, want it to tell what the process wrote", err)
	}
}

// waitFor polls until ok, or fails the test after ten seconds.
func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("condition not met within ten seconds")
}
