package sqs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

// fake plays SQS: it takes messages unless refuse says otherwise.
type fake struct {
	refuse func(call int, body string) (code string, senderFault bool)

	mu    sync.Mutex
	calls int
	sizes []int // entries a call
	got   []string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	var in struct {
		QueueUrl string
		Entries  []struct{ Id, MessageBody string }
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("X-Amz-Target") != "AmazonSQS.SendMessageBatch" || !strings.HasSuffix(in.QueueUrl, "/mail") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	f.sizes = append(f.sizes, len(in.Entries))
	type entry struct {
		Id, MessageId, Code string
		SenderFault         bool
	}
	var out struct{ Successful, Failed []entry }
	for _, e := range in.Entries {
		if f.refuse != nil {
			if code, fault := f.refuse(f.calls, e.MessageBody); code != "" {
				out.Failed = append(out.Failed, entry{Id: e.Id, Code: code, SenderFault: fault})
				continue
			}
		}
		f.got = append(f.got, e.MessageBody)
		out.Successful = append(out.Successful, entry{Id: e.Id, MessageId: "m"})
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	json.NewEncoder(w).Encode(out)
}

func open(t *testing.T, f *fake) *Queue {
	t.Helper()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	q := New(aws.Config{Region: "eu-west-1", BaseEndpoint: &srv.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		})}, srv.URL+"/1/mail")
	q.pause = func(ctx context.Context, _ int) error { return ctx.Err() }
	return q
}

func bodies(n int) []string {
	b := make([]string, n)
	for i := range b {
		b[i] = fmt.Sprintf(`{"n":%03d}`, i)
	}
	return b
}

func TestSend(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		bodies []string
		calls  []int
	}{
		{"none", nil, nil},
		{"one", bodies(1), []int{1}},
		{"a full call", bodies(10), []int{10}},
		{"several calls", bodies(25), []int{10, 10, 5}},
		{"big ones", []string{strings.Repeat("a", 200<<10), strings.Repeat("b", 100<<10), "c"}, []int{1, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			if err := open(t, f).Send(t.Context(), tc.bodies...); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.calls, f.sizes); diff != "" {
				t.Errorf("entries a call (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.bodies, f.got); diff != "" {
				t.Errorf("bodies (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusedEntriesAreSentAgain(t *testing.T) {
	t.Parallel()
	f := &fake{refuse: func(call int, body string) (string, bool) {
		if call < 3 && (body == `{"n":002}` || body == `{"n":007}`) {
			return "InternalError", false
		}
		return "", false
	}}
	if err := open(t, f).Send(t.Context(), bodies(12)...); err != nil {
		t.Fatal(err)
	}
	slices.Sort(f.got)
	if diff := cmp.Diff(bodies(12), f.got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{10, 2, 2, 2}, f.sizes); diff != "" {
		t.Errorf("entries a call (-want +got):\n%s", diff)
	}
}

func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		fault bool
		calls int
	}{{"by the moment", false, tries}, {"by the job itself", true, 1}} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{refuse: func(_ int, body string) (string, bool) { return "Refused", tc.fault }}
			err := open(t, f).Send(t.Context(), "secret body")
			if !errors.Is(err, errRefused) || errors.Is(err, errFault) != tc.fault {
				t.Errorf("error %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error holds the body: %v", err)
			}
			if f.calls != tc.calls {
				t.Errorf("%d calls, want %d", f.calls, tc.calls)
			}
		})
	}
}

func TestSendStopsWithItsContext(t *testing.T) {
	t.Parallel()
	f := &fake{refuse: func(int, string) (string, bool) { return "InternalError", false }}
	q := open(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	q.pause = func(ctx context.Context, try int) error { cancel(); return pause(ctx, try) }
	if err := q.Send(ctx, "a"); !errors.Is(err, context.Canceled) || f.calls != 1 {
		t.Errorf("error %v after %d calls", err, f.calls)
	}
}
