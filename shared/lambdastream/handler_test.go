package lambdastream_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"groundswell/shared/lambdastream"
	"groundswell/shared/metric"
	"groundswell/shared/metric/emf"
	"groundswell/shared/table"
)

const arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/portal/stream/2026-11-01T00:00:00.000"

// invoke runs an event through c as Lambda does, JSON in and JSON out, and returns
// the identifiers of the failed items and the log.
func invoke(t *testing.T, c table.Consumer, event []byte) (failed []string, log string) {
	t.Helper()
	var buf bytes.Buffer
	h := lambda.NewHandler(lambdastream.Handler(c, lambdastream.Options{Name: "test", Log: slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{Level: slog.LevelWarn}))}))
	out, err := h.Invoke(t.Context(), event)
	if err != nil {
		t.Fatalf("the function failed: %v", err)
	}
	var resp events.DynamoDBEventResponse
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

func sample(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/votes.event.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodesSample(t *testing.T) {
	t.Parallel()
	var got []table.Change
	failed, log := invoke(t, func(_ context.Context, batch []table.Change) error {
		got = batch
		return nil
	}, sample(t))
	if failed != nil || log != "" {
		t.Errorf("failed %v, log %q", failed, log)
	}
	at := time.Unix(1793534400, 0).UTC()
	want := []table.Change{
		{
			Source: arn, Seq: "99999999999999999999", At: at,
			New: &table.Record{
				Key: table.Key{PK: "V#01k9#3", SK: "3fmember"}, Kind: "vote", Ver: 1,
				Idx:  [table.Indexes]table.IndexKey{2: {P: "U#3fmember#V", S: "01k9"}},
				Body: []byte(`{"at":1793534400123}`),
			},
		},
		{
			Source: arn, Seq: "100000000000000000000", At: at.Add(time.Second),
			Old: &table.Record{Key: table.Key{PK: "I#01k9", SK: "0B"}, Kind: "text", Ver: 1, Body: []byte(`{"title":"Tea"}`)},
			New: &table.Record{
				Key: table.Key{PK: "I#01k9", SK: "0B"}, Kind: "text", Ver: 2,
				Body: []byte(`{"a":"","big":12345678901234567890123456789012345678,"on":false,"tags":["a",1.50,null,[],{}],` +
					`"title":"Thé \"\u003c\u0026\u003e\" 😀"}`),
			},
		},
		{
			Source: arn, Seq: "100000000000000000001", At: at.Add(2500 * time.Millisecond),
			Old: &table.Record{Key: table.Key{PK: "S#abc", SK: "0"}, Kind: "session", TTL: 1793500000},
		},
	}
	if diff := cmp.Diff(want, got, cmp.Transformer("text", func(b []byte) string { return string(b) })); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

// seqError is a consumer's own error type, which knows nothing of this package.
type seqError string

func (e seqError) Error() string     { return "boom" }
func (e seqError) FailedSeq() string { return string(e) }

func TestFailures(t *testing.T) {
	t.Parallel()
	const lowest = "99999999999999999999" // shorter, so greater as text than the others
	boom := errors.New("boom")
	for _, tc := range []struct {
		name string
		err  error
		want []string
	}{
		{"none", nil, nil},
		{"whole batch", boom, []string{lowest}},
		{"from a change on", &lambdastream.ChangeError{Seq: "100000000000000000001", Err: boom}, []string{"100000000000000000001"}},
		{"wrapped", fmt.Errorf("refresh: %w", &lambdastream.ChangeError{Seq: "100000000000000000000", Err: boom}), []string{"100000000000000000000"}},
		{"any type with FailedSeq", seqError("100000000000000000000"), []string{"100000000000000000000"}},
		{"a change that is not in the batch", seqError("7"), []string{lowest}},
		{"no sequence number", seqError(""), []string{lowest}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			failed, log := invoke(t, func(context.Context, []table.Change) error { return tc.err }, sample(t))
			if diff := cmp.Diff(tc.want, failed); diff != "" {
				t.Errorf("failed items (-want +got):\n%s", diff)
			}
			if n := strings.Count(log, "stream batch failed"); n != len(tc.want) {
				t.Errorf("%d log entries: %s", n, log)
			}
		})
	}
	if err := error(&lambdastream.ChangeError{Seq: "1", Err: boom}); !errors.Is(err, boom) {
		t.Error("ChangeError hides its cause")
	}
}

func TestPanicIsAFailure(t *testing.T) {
	t.Parallel()
	failed, log := invoke(t, func(context.Context, []table.Change) error { panic("ann@example.com") }, sample(t))
	if len(failed) != 1 || !strings.Contains(log, "panicked with string") || strings.Contains(log, "ann@") {
		t.Errorf("failed %v, log %s", failed, log)
	}
}

// record is a stream record with that new image.
func record(seq, image string) string {
	return `{"eventSourceARN":"` + arn + `","dynamodb":{"SequenceNumber":"` + seq + `","NewImage":` + image + `}}`
}

const good = `{"pk":{"S":"good"},"sk":{"S":"x"}}`

// unreadable holds records that no Change can be made of.
var unreadable = []struct{ name, record string }{
	{"no object", `"ann@example.com"`},
	{"null", `null`},
	{"wrong types", `{"dynamodb":{"SequenceNumber":5}}`},
	{"no sequence number", `{"dynamodb":{"NewImage":` + good + `}}`},
	{"sequence number with letters", record("0x1", good)},
	{"no image", `{"dynamodb":{"SequenceNumber":"5","Keys":` + good + `}}`},
	{"no key", record("5", `{"sk":{"S":"ann@example.com"}}`)},
	{"empty key", record("5", `{"pk":{"S":""},"sk":{"S":"ann@example.com"}}`)},
	{"numeric key", record("5", `{"pk":{"N":"1"},"sk":{"S":"ann@example.com"}}`)},
	{"version that is no integer", record("5", `{"pk":{"S":"ann@example.com"},"sk":{"S":"x"},"v":{"N":"1.5"}}`)},
	{"version that is text", record("5", `{"pk":{"S":"ann@example.com"},"sk":{"S":"x"},"v":{"S":"1"}}`)},
	{"body that is no map", record("5", `{"pk":{"S":"ann@example.com"},"sk":{"S":"x"},"b":{"S":"{}"}}`)},
	{"binary in the body", record("5", `{"pk":{"S":"ann@example.com"},"sk":{"S":"x"},"b":{"M":{"x":{"B":"AA=="}}}}`)},
	{"unknown type", record("5", `{"pk":{"S":"ann@example.com"},"sk":{"S":"x"},"b":{"M":{"x":{"VEC":"AA=="}}}}`)},
	{"two types", record("5", `{"pk":{"S":"ann@example.com","N":"1"},"sk":{"S":"x"}}`)},
	{"number that is none", record("5", `{"pk":{"S":"ann@example.com"},"sk":{"S":"x"},"b":{"M":{"x":{"N":"null"}}}}`)},
	{"null where text belongs", record("5", `{"pk":{"S":null},"sk":{"S":"ann@example.com"}}`)},
	{"bottomless", record("5", `{"pk":{"S":"ann@example.com"},"sk":{"S":"x"},"b":{"M":{"x":`+strings.Repeat(`{"L":[`, 60)+strings.Repeat(`]}`, 60)+`}}}`)},
	{"images of two keys", `{"dynamodb":{"SequenceNumber":"5","NewImage":` + good + `,"OldImage":{"pk":{"S":"ann@example.com"},"sk":{"S":"x"}}}}`},
}

func TestUnreadableRecordsAreSkipped(t *testing.T) {
	t.Parallel()
	for _, tc := range unreadable {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			event := `{"Records":[` + tc.record + `,` + record("6", good) + `]}`
			var got []string
			failed, log := invoke(t, func(_ context.Context, batch []table.Change) error {
				for _, c := range batch {
					got = append(got, c.Key().PK+" "+c.Seq)
				}
				return nil
			}, []byte(event))
			if diff := cmp.Diff([]string{"good 6"}, got); diff != "" || failed != nil {
				t.Errorf("failed %v, changes (-want +got):\n%s", failed, diff)
			}
			if !strings.Contains(log, "stream record skipped") || strings.Contains(log, "ann@") {
				t.Errorf("log = %s", log)
			}
		})
	}
}

func TestNothingToDo(t *testing.T) {
	t.Parallel()
	for _, event := range []string{`{}`, `{"Records":[]}`, `{"Records":null}`, `{"Records":[{}]}`} {
		failed, _ := invoke(t, func(context.Context, []table.Change) error {
			return errors.New("called without changes")
		}, []byte(event))
		if failed != nil {
			t.Errorf("%s: failed items %v", event, failed)
		}
	}
}

func FuzzEvent(f *testing.F) {
	b, err := os.ReadFile("testdata/votes.event.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"Records":[` + record("1", `{"pk":{"S":"a"},"sk":{"S":"b"},"v":{"N":"-0"},"b":{"M":{"x":{"N":"1E-130"}}}}`) + `]}`))
	for _, r := range unreadable {
		f.Add([]byte(`{"Records":[` + r.record + `,` + record("6", good) + `]}`))
	}
	quiet := slog.New(slog.DiscardHandler)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var ev lambdastream.Event
		if json.Unmarshal(raw, &ev) != nil {
			return
		}
		var seqs []string
		resp, err := lambdastream.Handler(func(_ context.Context, batch []table.Change) error {
			for _, c := range batch {
				for _, r := range []*table.Record{c.Old, c.New} {
					if r != nil && r.Body != nil && (!json.Valid(r.Body) || r.Body[0] != '{') {
						t.Errorf("body %q is no JSON object", r.Body)
					}
				}
				if c.Key().PK == "" || c.Key().SK == "" {
					t.Errorf("change without a key: %+v", c)
				}
				seqs = append(seqs, c.Seq)
			}
			return errors.New("again")
		}, lambdastream.Options{Log: quiet})(t.Context(), ev)
		if err != nil || len(resp.BatchItemFailures) > 1 || (len(seqs) > 0) != (len(resp.BatchItemFailures) == 1) {
			t.Fatalf("%d changes, answer %+v, %v", len(seqs), resp, err)
		}
		for _, s := range seqs {
			if table.CompareSeq(resp.BatchItemFailures[0].ItemIdentifier, s) > 0 {
				t.Errorf("%s is before the restart at %s", s, resp.BatchItemFailures[0].ItemIdentifier)
			}
		}
	})
}

// TestLine: one line and one lag for each batch, with the invocation's trace.
func TestLine(t *testing.T) {
	t.Parallel()
	var ev lambdastream.Event
	if err := json.Unmarshal(sample(t), &ev); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		err    error
		level  string
		lines  []string
		points map[string]float64
	}{
		{"taken", nil, "INFO", []string{`"msg":"stream batch"`, `"records":3`, `"lag_ms":60000`}, map[string]float64{"Lag": 60, "Records": 3}},
		{"failed", errors.New("down"), "ERROR", []string{`"msg":"stream batch failed"`, `"restart_seq":"99999999999999999999"`, `"error":"down"`},
			map[string]float64{"Lag": 60, "Records": 3, "Failed": 3}},
	} {
		var log, metrics bytes.Buffer
		h := lambdastream.Handler(func(context.Context, []table.Change) error { return c.err }, lambdastream.Options{
			Name: "projections", Log: slog.New(slog.NewJSONHandler(&log, nil)), Meter: metric.New(metric.Options{Out: &metrics, Deployment: "portal"}),
			Clock: func() time.Time { return time.Unix(1793534460, 0) }})
		//lint:ignore SA1029 the key is aws-lambda-go's
		ctx := context.WithValue(t.Context(), "x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678;Sampled=0") //nolint:revive // as above
		if _, err := h(ctx, ev); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(log.String(), "\n"); n != 1 {
			t.Errorf("%s: %d lines: %s", c.name, n, &log)
		}
		for _, w := range append(c.lines, `"level":"`+c.level+`"`, `"consumer":"projections"`, `"trace_id":"1-67891233-abcdef012345678912345678"`) {
			if !strings.Contains(log.String(), w) {
				t.Errorf("%s: the line lacks %s: %s", c.name, w, &log)
			}
		}
		got := map[string]float64{}
		for line := range bytes.Lines(metrics.Bytes()) {
			points, err := emf.Parse(line)
			if err != nil || points[0].Dimensions["Consumer"] != "projections" {
				t.Fatalf("%s: %v: %s", c.name, err, line)
			}
			got[points[0].Name] = points[0].Value
		}
		if d := cmp.Diff(c.points, got); d != "" {
			t.Errorf("%s: metrics (-want +got):\n%s", c.name, d)
		}
	}
}
