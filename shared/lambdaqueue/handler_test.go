package lambdaqueue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"groundswell/shared/lambdaqueue"
	"groundswell/shared/metric"
	"groundswell/shared/metric/emf"
)

const (
	firstID  = "059f36b4-87a3-44ab-83d2-661975830a7d"
	secondID = "2e1424d4-f796-459a-8184-9c92662be6da"
)

// invoke runs the sample event through handle as Lambda does and returns the ids
// of the failed messages and the log.
func invoke(t *testing.T, ctx context.Context, handle func(context.Context, string) error) (failed []string, log string) {
	t.Helper()
	event, err := os.ReadFile("testdata/mail.event.json")
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	out, err := lambda.NewHandler(lambdaqueue.Handler(handle, lambdaqueue.Options{Name: "test", Log: slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{Level: slog.LevelWarn}))})).Invoke(ctx, event)
	if err != nil {
		t.Fatalf("the function failed: %v", err)
	}
	var resp events.SQSEventResponse
	if err := json.Unmarshal(out, &resp); err != nil {
		t.Fatal(err)
	}
	if resp.BatchItemFailures == nil {
		t.Errorf("answer %s lacks batchItemFailures", out)
	}
	for _, f := range resp.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed, buf.String()
}

func TestHandler(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for _, tc := range []struct {
		name   string
		handle func(body string) error
		want   []string
		logged string
	}{
		{"all done", func(string) error { return nil }, nil, ""},
		{"all fail", func(string) error { return down }, []string{firstID, secondID}, "error=down"},
		{"first fails alone", func(b string) error {
			if b == "first" {
				return down
			}
			return nil
		}, []string{firstID}, "message_id=" + firstID},
		{"second panics", func(b string) error {
			if b == "second" {
				panic("ann@example.com")
			}
			return nil
		}, []string{secondID}, "receive_count=3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var seen []string
			failed, log := invoke(t, t.Context(), func(_ context.Context, body string) error {
				seen = append(seen, body)
				return tc.handle(body)
			})
			if diff := cmp.Diff([]string{"first", "second"}, seen); diff != "" {
				t.Errorf("bodies (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.want, failed); diff != "" {
				t.Errorf("failed messages (-want +got):\n%s", diff)
			}
			if !strings.Contains(log, tc.logged) || strings.Contains(log, "ann@") || tc.want == nil && log != "" {
				t.Errorf("log = %s", log)
			}
		})
	}
}

func TestOutOfTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	failed, _ := invoke(t, ctx, func(context.Context, string) error {
		calls++
		cancel()
		return nil
	})
	if diff := cmp.Diff([]string{secondID}, failed); diff != "" || calls != 1 {
		t.Errorf("%d calls, failed messages (-want +got):\n%s", calls, diff)
	}
}

func TestNoMessages(t *testing.T) {
	t.Parallel()
	h := lambdaqueue.Handler(func(context.Context, string) error { return errors.New("called") }, lambdaqueue.Options{Log: slog.New(slog.DiscardHandler)})
	resp, err := h(t.Context(), events.SQSEvent{})
	if err != nil || resp.BatchItemFailures == nil || len(resp.BatchItemFailures) != 0 {
		t.Errorf("answer %+v, %v", resp, err)
	}
}

// TestLine: one line and one age for each batch, with the invocation's trace.
func TestLine(t *testing.T) {
	t.Parallel()
	var ev events.SQSEvent
	b, err := os.ReadFile("testdata/mail.event.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &ev); err != nil {
		t.Fatal(err)
	}
	var log, metrics bytes.Buffer
	h := lambdaqueue.Handler(func(_ context.Context, body string) error {
		if body == "first" {
			return errors.New("down")
		}
		return nil
	}, lambdaqueue.Options{Name: "mail", Log: slog.New(slog.NewJSONHandler(&log, nil)), Meter: metric.New(metric.Options{Out: &metrics, Deployment: "portal"}),
		Clock: func() time.Time { return time.Unix(1793534410, 0) }})
	//lint:ignore SA1029 the key is aws-lambda-go's
	ctx := context.WithValue(t.Context(), "x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678") //nolint:revive // as above
	if _, err := h(ctx, ev); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 { // the failed message's own
		t.Fatalf("%d lines: %s", len(lines), &log)
	}
	for _, w := range []string{`"msg":"queue batch"`, `"consumer":"mail"`, `"messages":2`, `"failed":1`, `"lag_ms":10000`,
		`"trace_id":"1-67891233-abcdef012345678912345678"`} {
		if !strings.Contains(lines[1], w) {
			t.Errorf("the line lacks %s: %s", w, lines[1])
		}
	}
	got := map[string]float64{}
	for line := range bytes.Lines(metrics.Bytes()) {
		points, err := emf.Parse(line)
		if err != nil || points[0].Dimensions["Consumer"] != "mail" {
			t.Fatalf("%v: %s", err, line)
		}
		got[points[0].Name] = points[0].Value
	}
	if d := cmp.Diff(map[string]float64{"Lag": 10, "Records": 2, "Failed": 1}, got); d != "" {
		t.Errorf("metrics (-want +got):\n%s", d)
	}
}
