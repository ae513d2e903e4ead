package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

func TestSuppression(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), mailStore(t)
	const email = "ann@example.com"
	if got, err := s.Suppression(ctx, email); err != nil || got.Version != 0 {
		t.Fatalf("before: %+v, %v", got, err)
	}
	want := portal.Suppression{Bounce: noon, Arrived: noon.Add(-time.Hour), Lifted: noon.Add(-2 * time.Hour), Complaint: noon.Add(-3 * time.Hour),
		Tried: noon.Add(-time.Minute), TriedID: "code", Soft: []portal.SoftBounce{{Mail: "m", At: noon}}}
	must(t, s.PutSuppression(ctx, email, want, 0))
	if err := s.PutSuppression(ctx, email, want, 0); portal.KindOf(err) != portal.Stale {
		t.Errorf("put again as new: %v, want Stale", err)
	}
	got, err := s.Suppression(ctx, email)
	want.Version = 1
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	barred, _, err := s.Suppressed(ctx, "", 10)
	if diff := cmp.Diff([]store.Barred{{ID: store.AddressID(email), Why: portal.BarredBounce, Since: noon}}, barred); err != nil || diff != "" {
		t.Errorf("list %v (-want +got):\n%s", err, diff)
	}
	want.Lifted = noon.Add(time.Second)
	must(t, s.PutSuppression(ctx, email, want, 1))
	if barred, _, err = s.Suppressed(ctx, "", 10); err != nil || len(barred) != 0 {
		t.Errorf("list after lifting: %v, %v", barred, err)
	}
}

// TestSuppressionForgets: a member's complaint stands; all else ends, and what is
// known of an address goes with the account.
func TestSuppressionForgets(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), mailStore(t)
	ann := portal.Member{ID: portal.ImportedMember("t", "ann"), Email: "ann@example.com", Role: portal.RoleMember, Version: 1}
	must(t, second(s.CreateMember(ctx, ann)))
	row := func(email string) (table.Record, bool) {
		t.Helper()
		k := table.Key{PK: "B#" + store.AddressID(email), SK: "0"}
		recs, err := s.Table.BatchGet(ctx, []table.Key{k}, true)
		must(t, err)
		r, ok := recs[k]
		return r, ok
	}
	ends := noon.Add(portal.BounceMemory).Unix()
	for _, tc := range []struct {
		email string
		facts portal.Suppression
		ttl   int64
	}{
		{ann.Email, portal.Suppression{Bounce: noon}, ends},
		{ann.Email, portal.Suppression{Complaint: noon}, 0},
		{"nobody@example.com", portal.Suppression{Complaint: noon}, ends},
		{"nobody@example.com", portal.Suppression{Bounce: noon}, ends},
	} {
		if _, err := portal.Suppress(ctx, s, tc.email, tc.facts); err != nil {
			t.Fatal(err)
		}
		if r, ok := row(tc.email); !ok || r.TTL != tc.ttl {
			t.Errorf("%s, %+v: TTL %d, want %d", tc.email, tc.facts, r.TTL, tc.ttl)
		}
	}
	was := ann
	ann.Email, ann.Version = "", 2
	must(t, s.DeleteMember(ctx, was, ann))
	if r, ok := row(was.Email); ok {
		t.Errorf("after the account: %+v", r)
	}
	// A complaint that was on its way is nobody's now.
	if _, err := portal.Suppress(ctx, s, was.Email, portal.Suppression{Complaint: noon}); err != nil {
		t.Fatal(err)
	}
	if r, _ := row(was.Email); r.TTL != ends {
		t.Errorf("a late complaint has TTL %d, want %d", r.TTL, ends)
	}
}
