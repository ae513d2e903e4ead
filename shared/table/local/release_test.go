package local_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"groundswell/shared/table"
	"groundswell/shared/table/local"
)

// TestRelease gives the mapped pages back while readers and writers are at work:
// nothing that they see changes.
func TestRelease(t *testing.T) {
	t.Parallel()
	tab, err := local.Open(filepath.Join(t.TempDir(), "t.db"), local.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	done := make(chan error, 1)
	go func() {
		for range 200 {
			if err := tab.Release(); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	body := []byte(`{"x":"` + strings.Repeat("y", 3000) + `"}`)
	for i := range 300 {
		k := table.Key{PK: "p", SK: fmt.Sprint(i)}
		if err := tab.Write(t.Context(), table.Op{Rec: table.Record{Key: k, Kind: "t", Ver: 1, Body: body}}); err != nil {
			t.Fatal(err)
		}
		if r, err := tab.Get(t.Context(), table.Key{PK: "p", SK: fmt.Sprint(i / 2)}, true); err != nil || string(r.Body) != string(body) {
			t.Fatalf("record %d: %d bytes, %v", i/2, len(r.Body), err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
