package lambdaevents_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"groundswell/shared/lambdaevents"
	"groundswell/shared/metric"
	"groundswell/shared/queue"
)

// event as EventBridge sends it; somebody's address is in it.
const event = `{"version":"0","id":"2c5ab1c3","detail-type":"Email Bounced","source":"aws.ses","time":"2026-11-26T09:30:07Z","resources":[],"detail":{"to":"ann@example.com"}}`

var noon = time.Date(2026, 11, 26, 9, 30, 10, 0, time.UTC)

// invoke runs the event through handle as Lambda does.
func invoke(t *testing.T, raw string, handle func(context.Context, []byte) error) (log string, values map[string]float64, err error) {
	t.Helper()
	var b bytes.Buffer
	m := meter{}
	h := lambdaevents.Handler(handle, lambdaevents.Options{Name: "feedback", Log: slog.New(slog.NewTextHandler(&b, nil)), Meter: m, Clock: func() time.Time { return noon }})
	_, err = lambda.NewHandler(h).Invoke(t.Context(), []byte(raw))
	return b.String(), m, err
}

type meter map[string]float64

func (m meter) Put(x metric.Metric, by string, v float64) { m[x.Name()+"/"+by] += v }

func TestHandler(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		handle func(context.Context, []byte) error
		again  bool // Lambda is told to try again
		logged string
		failed float64
	}{
		{"done", func(_ context.Context, raw []byte) error {
			if string(raw) != event {
				t.Errorf("got %s", raw)
			}
			return nil
		}, false, "msg=event ", 0},
		{"failed", func(context.Context, []byte) error { return errors.New("table down") }, true, `error="table down"`, 1},
		{"hopeless", func(context.Context, []byte) error { return fmt.Errorf("unreadable: %w", queue.ErrDead) }, false, "event let go", 1},
		{"panics", func(context.Context, []byte) error { panic("ann@example.com") }, true, "panicked with string", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			log, values, err := invoke(t, event, tc.handle)
			if (err != nil) != tc.again || err != nil && strings.Contains(err.Error(), "down") {
				t.Errorf("Lambda hears %v", err)
			}
			if !strings.Contains(log, tc.logged) || !strings.Contains(log, "lag_ms=3000") || !strings.Contains(log, `detail_type="Email Bounced"`) || strings.Contains(log, "ann@") {
				t.Errorf("log %s", log)
			}
			if values["Lag/feedback"] != 3 || values["Failed/feedback"] != tc.failed {
				t.Errorf("metrics %v", values)
			}
		})
	}
}

func TestTick(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, raw string
		want      time.Time
	}{
		{"a schedule", `{"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.events","time":"2026-11-23T08:00:00Z","resources":[],"detail":{}}`,
			time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)},
		{"by hand", `{}`, noon},
	} {
		var got time.Time
		h := lambdaevents.Tick(func(_ context.Context, due time.Time) error { got = due; return nil },
			lambdaevents.Options{Name: "digest", Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return noon }})
		if _, err := lambda.NewHandler(h).Invoke(t.Context(), []byte(tc.raw)); err != nil || !got.Equal(tc.want) {
			t.Errorf("%s: due %v, %v; want %v", tc.name, got, err, tc.want)
		}
	}
}
