package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"

	"groundswell/shared/table"
)

// script answers requests in turn; the last answer repeats. An empty one is an
// answer that got lost.
type script struct {
	answers  []string // status and body, "400 {...}"
	requests []string // bodies
}

func (s *script) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	a := s.answers[min(len(s.requests), len(s.answers)-1)]
	s.requests = append(s.requests, string(body))
	if a == "" {
		return nil, errors.New("connection reset by peer")
	}
	status, text, _ := strings.Cut(a, " ")
	code := 0
	fmt.Sscan(status, &code)
	return &http.Response{StatusCode: code, Status: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)), Request: r}, nil
}

func (s *script) table() *Table {
	return New(Options{Table: "t", Config: aws.Config{Region: "eu-west-1", HTTPClient: s,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		})}})
}

func exception(name string, more ...string) string {
	return `400 {"__type":"com.amazonaws.dynamodb.v20120810#` + name + `","message":"m"` + strings.Join(more, "") + `}`
}

func canceled(codes ...string) string {
	var reasons []string
	for _, c := range codes {
		reasons = append(reasons, `{"Code":"`+c+`"}`)
	}
	return exception("TransactionCanceledException", `,"CancellationReasons":[`+strings.Join(reasons, ",")+`]`)
}

const (
	ok       = "200 {}"
	lost     = ""
	failure  = `500 {"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}`
	stored   = `,"Item":{"pk":{"S":"p"},"sk":{"S":"s"},"v":{"N":"2"},"b":{"M":{"a":{"N":"1.50"}}}}`
	replaced = `,"Item":{"pk":{"S":"p"},"sk":{"S":"s"},"v":{"N":"3"}}`
)

func TestWriteOutcomes(t *testing.T) {
	t.Parallel()
	condFailed := func(item string) string { return exception("ConditionalCheckFailedException", item) }
	conflict, throttled := exception("TransactionConflictException"), exception("ProvisionedThroughputExceededException")
	put := table.Op{Rec: table.Record{Key: table.Key{PK: "p", SK: "s"}, Ver: 2, Body: []byte(`{"a":1.50}`)}, Cond: table.VerEq, N: 1}
	del := table.Op{Mut: table.Delete, Rec: put.Rec, Cond: table.VerEq, N: 2}
	other := table.Op{Rec: table.Record{Key: table.Key{PK: "p", SK: "t"}}}
	for name, tc := range map[string]struct {
		ops      []table.Op
		answers  []string
		want     string // ok, cond N, conflict, invalid, unknown
		requests int
	}{
		"at once":                           {[]table.Op{put}, []string{ok}, "ok", 1},
		"condition":                         {[]table.Op{put}, []string{condFailed("")}, "cond 0", 1},
		"lost, had been done":               {[]table.Op{put}, []string{lost, condFailed(stored)}, "ok", 2},
		"server error, had been done":       {[]table.Op{put}, []string{failure, condFailed(stored)}, "ok", 2},
		"lost, someone else's now":          {[]table.Op{put}, []string{lost, condFailed(replaced)}, "unknown", 2},
		"lost, nothing there":               {[]table.Op{put}, []string{lost, condFailed("")}, "unknown", 2},
		"lost, done again":                  {[]table.Op{put}, []string{lost, ok}, "ok", 2},
		"lost for good":                     {[]table.Op{put}, []string{lost}, "unknown", maxTries},
		"lost, then in conflict":            {[]table.Op{put}, []string{lost, conflict}, "unknown", maxTries},
		"lost, then refused":                {[]table.Op{put}, []string{lost, exception("AccessDeniedException")}, "unknown", 2},
		"delete lost, had been done":        {[]table.Op{del}, []string{lost, condFailed("")}, "ok", 2},
		"delete lost, another there":        {[]table.Op{del}, []string{lost, condFailed(replaced)}, "unknown", 2},
		"conflict twice":                    {[]table.Op{put}, []string{conflict, conflict, ok}, "ok", 3},
		"conflict for good":                 {[]table.Op{put}, []string{conflict}, "conflict", maxTries},
		"conflict, then the condition":      {[]table.Op{put}, []string{conflict, condFailed("")}, "cond 0", 2},
		"throttled":                         {[]table.Op{del}, []string{throttled, ok}, "ok", 2},
		"throttled for good":                {[]table.Op{put}, []string{throttled}, "conflict", maxTries},
		"invalid":                           {[]table.Op{put}, []string{exception("ValidationException")}, "invalid", 1},
		"forbidden":                         {[]table.Op{put}, []string{exception("AccessDeniedException")}, "unknown", 1},
		"transaction":                       {[]table.Op{put, other}, []string{ok}, "ok", 1},
		"transaction, condition":            {[]table.Op{other, put}, []string{canceled("None", "ConditionalCheckFailed")}, "cond 1", 1},
		"transaction, condition, conflict":  {[]table.Op{other, put}, []string{canceled("TransactionConflict", "ConditionalCheckFailed")}, "cond 1", 1},
		"transaction, conflict":             {[]table.Op{other, put}, []string{canceled("TransactionConflict", "None"), ok}, "ok", 2},
		"transaction, throttled for good":   {[]table.Op{other, put}, []string{canceled("None", "ThrottlingError")}, "conflict", maxTries},
		"transaction, too big":              {[]table.Op{other, put}, []string{canceled("None", "ValidationError")}, "unknown", 1},
		"transaction, in progress, then ok": {[]table.Op{other, put}, []string{exception("TransactionInProgressException"), ok}, "ok", 2},
		"transaction lost":                  {[]table.Op{other, put}, []string{lost, ok}, "ok", 2},
		"transaction lost for good":         {[]table.Op{other, put}, []string{failure}, "unknown", maxTries},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // waits pass at once
				s := &script{answers: tc.answers}
				err := s.table().Write(t.Context(), tc.ops...)
				if got := outcome(err); got != tc.want || len(s.requests) != tc.requests {
					t.Errorf("%s after %d requests (%v); want %s after %d", got, len(s.requests), err, tc.want, tc.requests)
				}
				if len(tc.ops) > 1 && token(t, s.requests[0]) != token(t, s.requests[len(s.requests)-1]) {
					t.Error("another try of a transaction carried another token")
				}
			})
		})
	}
}

func outcome(err error) string {
	op, failed := table.FailedCond(err)
	switch {
	case err == nil:
		return "ok"
	case failed:
		return fmt.Sprint("cond ", op)
	case errors.Is(err, table.ErrConflict):
		return "conflict"
	case errors.Is(err, table.ErrInvalid):
		return "invalid"
	}
	return "unknown"
}

func token(t *testing.T, request string) string {
	t.Helper()
	var r struct{ ClientRequestToken string }
	if err := json.Unmarshal([]byte(request), &r); err != nil || r.ClientRequestToken == "" {
		t.Fatalf("no token in %s: %v", request, err)
	}
	return r.ClientRequestToken
}

func TestReadsTryAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []string{lost, failure, exception("ThrottlingException"), `200 {"Item":{"pk":{"S":"p"},"sk":{"S":"s"}}}`}}
		if _, err := s.table().Get(t.Context(), table.Key{PK: "p", SK: "s"}, true); err != nil || len(s.requests) != 4 {
			t.Errorf("Get = %v after %d requests; want success after 4", err, len(s.requests))
		}
		s = &script{answers: []string{lost}}
		if _, err := s.table().Query(t.Context(), table.Query{PK: "p"}); err == nil || len(s.requests) != maxTries {
			t.Errorf("Query = %v after %d requests; want an error after %d", err, len(s.requests), maxTries)
		}
	})
}

func TestUnprocessedKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		left := `200 {"Responses":{"t":[{"pk":{"S":"p"},"sk":{"S":"a"}}]},"UnprocessedKeys":{"t":{"Keys":[{"pk":{"S":"p"},"sk":{"S":"b"}}]}}}`
		s := &script{answers: []string{left, `200 {"Responses":{"t":[{"pk":{"S":"p"},"sk":{"S":"b"}}]}}`}}
		keys := []table.Key{{PK: "p", SK: "a"}, {PK: "p", SK: "b"}, {PK: "p", SK: "a"}}
		got, err := s.table().BatchGet(t.Context(), keys, false)
		if err != nil || len(got) != 2 || len(s.requests) != 2 {
			t.Errorf("BatchGet = %v, %v after %d requests; want 2 records after 2", got, err, len(s.requests))
		}
		if strings.Contains(s.requests[1], `"a"`) {
			t.Errorf("second request asks again for what was answered: %s", s.requests[1])
		}
	})
}

func TestCancelledWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &script{answers: []string{exception("TransactionConflictException")}}
		done := make(chan error)
		go func() {
			done <- s.table().Write(ctx, table.Op{Rec: table.Record{Key: table.Key{PK: "p", SK: "s"}}})
		}()
		synctest.Wait() // until it waits for its next try
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Write = %v; want context.Canceled", err)
		}
	})
}
