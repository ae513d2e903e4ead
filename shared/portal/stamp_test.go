package portal_test

import (
	"testing"
	"time"

	"groundswell/shared/portal"
)

// TestStamp: a stamp says when the form was drawn while its key lasts; what it does not
// say is not known, which is no reason to hold anything. A stamp opens no link in a mail.
func TestStamp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.MailLinks = d.links(1)
	took := func(stamp string) time.Duration {
		t.Helper()
		f, err := d.ReadForm(t.Context(), "", stamp)
		d.must(err)
		return f.Took
	}
	stamp, err := d.StampForm(t.Context())
	d.must(err)
	if got := took(stamp); got != time.Millisecond {
		t.Errorf("sent in the moment in which it was drawn: %s", got)
	}
	d.clock.Advance(90 * time.Second)
	if got := took(stamp); got != 90*time.Second {
		t.Errorf("after 90 s: %s", got)
	}
	_, err = d.MailLinks.Verify(t.Context(), portal.ToUnsubscribe, stamp)
	refused(t, err, portal.NotFound, "bad_link", "")

	d.must(func() error {
		_, err := portal.RotateMailKey(t.Context(), d.Store.(portal.MailKeyStore), newSeeded(9), d.clock.Now(), time.Hour)
		return err
	}())
	d.clock.Advance(30 * time.Minute)
	if got := took(stamp); got != 30*time.Minute+90*time.Second {
		t.Errorf("the key was replaced and still verifies: %s", got)
	}
	if newer, err := d.StampForm(t.Context()); err != nil || newer[:2] != "2." {
		t.Errorf("stamped %q, %v", newer, err)
	}
	d.clock.Advance(time.Hour)
	d.MailLinks = d.links(1) // another process
	for _, s := range []string{stamp, "", ".", "1.2.3", "1..", "x.y.z", stamp + "A", "9" + stamp} {
		if got := took(s); got != 0 {
			t.Errorf("%q says %s", s, got)
		}
	}
}
