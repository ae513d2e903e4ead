package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/local"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// mailStore is a store in a file of its own whose clock stands at noon.
func mailStore(t *testing.T) *store.Store {
	t.Helper()
	clock := func() time.Time { return noon }
	tab, err := local.Open(filepath.Join(t.TempDir(), "db"), local.Options{NoSync: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.Close() })
	return &store.Store{Table: tab, Clock: clock}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), mailStore(t)
	d := store.Delivery{Subject: "idea1", Event: "launched", To: "member1", State: store.Sending, Attempts: 1,
		LeasedUntil: noon.Add(time.Minute), At: noon, Forget: noon.Add(time.Hour)}

	if _, err := s.Delivery(ctx, d.Subject, d.Event, d.To); portal.KindOf(err) != portal.NotFound {
		t.Errorf("before: %v, want NotFound", err)
	}
	v, err := s.PutDelivery(ctx, d, 0)
	if err != nil || v != 1 {
		t.Fatalf("first put: version %d, %v", v, err)
	}
	if _, err := s.PutDelivery(ctx, d, 0); portal.KindOf(err) != portal.Stale {
		t.Errorf("second claim: %v, want Stale", err)
	}
	d.State, d.MessageID, d.LeasedUntil = store.Sent, "id-1", time.Time{}
	d.Outcome = store.Outcome{What: store.Bounced, At: noon, Detail: "permanent"}
	if v, err = s.PutDelivery(ctx, d, 1); err != nil || v != 2 {
		t.Fatalf("record: version %d, %v", v, err)
	}
	if _, err := s.PutDelivery(ctx, d, 1); portal.KindOf(err) != portal.Stale {
		t.Errorf("record under an old version: %v, want Stale", err)
	}
	d.Version = 2
	got, err := s.Delivery(ctx, d.Subject, d.Event, d.To)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}

	other := store.Delivery{Subject: "idea1", Event: "launched", To: "member2", State: store.Skipped, Why: "no_address", At: noon}
	if other.Version, err = s.PutDelivery(ctx, other, 0); err != nil {
		t.Fatal(err)
	}
	first, next, err := s.Deliveries(ctx, "idea1", "", 1)
	if err != nil || next == "" {
		t.Fatalf("first page: next %q, %v", next, err)
	}
	second, _, err := s.Deliveries(ctx, "idea1", next, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.Delivery{d, other}, append(first, second...)); diff != "" {
		t.Errorf("log of the idea (-want +got):\n%s", diff)
	}
	if _, _, err := s.Deliveries(ctx, "idea2", next, 1); portal.KindOf(err) != portal.BadRequest {
		t.Errorf("another subject's cursor: %v, want BadRequest", err)
	}
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), mailStore(t)
	var want []store.OutboxMail
	for i, id := range []string{"a", "b", "c"} {
		m := store.OutboxMail{ID: id, From: "f@example.com", To: "t@example.com", Subject: "subject " + id, Text: "text", HTML: "<p>html",
			Headers: [][2]string{{"B", "1"}, {"A", "2"}}, At: noon.Add(time.Duration(i) * time.Second)}
		var err error
		if m.Key, err = s.PutOutbox(ctx, m); err != nil {
			t.Fatal(err)
		}
		want = append([]store.OutboxMail{m}, want...)
	}
	again := want[2]
	again.Subject, again.At = "another subject", noon.Add(time.Hour)
	if key, err := s.PutOutbox(ctx, again); err != nil || key != want[2].Key {
		t.Errorf("the same id again: key %q, %v; want %q", key, err, want[2].Key)
	}

	var got []store.OutboxMail
	for cursor := ""; ; {
		page, next, err := s.Outbox(ctx, cursor, 2)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, page...)
		if cursor = next; next == "" {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outbox, newest first (-want +got):\n%s", diff)
	}
	if m, err := s.OutboxMail(ctx, want[1].Key); err != nil || m.ID != "b" {
		t.Errorf("one mail: %q, %v", m.ID, err)
	}
	for _, key := range []string{"", "nothing", "\x00"} {
		if _, err := s.OutboxMail(ctx, key); portal.KindOf(err) != portal.NotFound {
			t.Errorf("mail %q: %v, want NotFound", key, err)
		}
	}
}
