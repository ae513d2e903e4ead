package transfer_test

import (
	"strings"
	"testing"

	"groundswell/shared/portal"
)

// TestKeysStay: what signs links in mails leaves no portal, and none takes another's.
func TestKeysStay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.live(1)
	k, err := portal.NewMailKey(strings.NewReader(strings.Repeat("secret..", 4)), 1, now)
	d.must(err)
	d.must(d.Store.PutMailKey(t.Context(), k, 0))
	export := d.export()
	if n := strings.Count(export, "\n"); n < 20 || strings.Contains(export, "W#mail") || strings.Contains(export, "mailkey") {
		t.Errorf("%d lines exported, a key among them: %t", n, strings.Contains(export, "W#mail"))
	}
}
