package roots_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"testing"
	"time"
)

// The roots and their SHA-256 fingerprints, from Amazon Trust Services' repository.
var want = map[string]string{
	"Amazon Root CA 1": "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
	"Amazon Root CA 2": "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
	"Amazon Root CA 3": "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
	"Amazon Root CA 4": "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
	"Starfield Services Root Certificate Authority - G2": "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
}

func TestRoots(t *testing.T) {
	t.Parallel()
	rest, err := os.ReadFile("amazon.pem")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		name := c.Subject.CommonName
		sum := sha256.Sum256(c.Raw)
		if got := hex.EncodeToString(sum[:]); got != want[name] {
			t.Errorf("%s: fingerprint %s, want %q", name, got, want[name])
		}
		if year := time.Now().AddDate(1, 0, 0); c.NotAfter.Before(year) {
			t.Errorf("%s expires on %s: replace it", name, c.NotAfter)
		}
		if err := c.CheckSignatureFrom(c); err != nil {
			t.Errorf("%s is no root: %v", name, err)
		}
		seen[name] = true
	}
	if len(seen) != len(want) {
		t.Errorf("%d roots, want %d", len(seen), len(want))
	}
	if rest = bytes.TrimSpace(rest); len(rest) > 0 {
		t.Errorf("%d bytes behind the last root", len(rest))
	}
}
