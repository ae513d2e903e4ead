package notify

import (
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// TestDeletedMemberIsNotMailed: the ledger says why.
func TestDeletedMemberIsNotMailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, ann, body := launchedJob(w)
	w.must(w.store.DeleteMember(t.Context(), ann, portal.Member{ID: ann.ID, Name: portal.FormerMember, Role: ann.Role,
		DeletedAt: w.clock.now(), Version: ann.Version + 1}))
	var p postOffice
	var log logged
	if err := w.worker(&p, log.logger()).Handle(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	if d := line(t, w, i, ann); d.State != store.Skipped || d.Why != "deleted" || len(p.sent) != 0 {
		t.Errorf("%d mails, ledger %+v", len(p.sent), d)
	}
}
