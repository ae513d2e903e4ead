package local_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	tab, err := local.Open(path, local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	if _, err := local.Open(path, local.Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("second Open = %v; want an error that names the file", err)
	}
}

func TestOpenRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, newer := filepath.Join(dir, "text"), filepath.Join(dir, "newer.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("no table\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(newer, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucket([]byte("meta"))
		return errors.Join(err, b.Put([]byte("format"), []byte{99}))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{text, newer, filepath.Join(dir, "none", "t.db")} {
		if _, err := local.Open(path, local.Options{}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("Open = %v; want an error that names %s", err, path)
		}
	}
}

func TestCloseWhileWriting(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	tab, err := local.Open(path, local.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var acked []table.Key
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				k := table.Key{PK: "p", SK: fmt.Sprintf("%d#%06d", w, i)}
				if err := tab.Write(context.Background(), table.Op{Rec: table.Record{Key: k}}); err != nil {
					if !errors.Is(err, local.ErrClosed) {
						t.Errorf("Write: %v", err)
					}
					return
				}
				mu.Lock()
				acked = append(acked, k)
				mu.Unlock()
			}
		})
	}
	for n := 0; n < 100; {
		mu.Lock()
		n = len(acked)
		mu.Unlock()
	}
	if err := tab.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if err := tab.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := tab.Get(t.Context(), acked[0], true); !errors.Is(err, local.ErrClosed) {
		t.Errorf("Get after Close = %v; want ErrClosed", err)
	}
	requireAll(t, path, acked)
}

func requireAll(t *testing.T, path string, keys []table.Key) {
	t.Helper()
	tab, err := local.Open(path, local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	got, err := tab.BatchGet(t.Context(), keys, true)
	if err != nil || len(got) != len(keys) {
		t.Errorf("%d of %d acknowledged records are there, %v", len(got), len(keys), err)
	}
}

// TestKill kills a process that writes with 8 writers, several times, and looks
// for every write that it had acknowledged.
func TestKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	if p := os.Getenv("LOCAL_TEST_KILL"); p != "" {
		writeUntilKilled(p)
	}
	var acked []table.Key
	for turn := range 5 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "LOCAL_TEST_KILL="+path, fmt.Sprint("LOCAL_TEST_TURN=", turn))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			sk, complete := strings.CutSuffix(lines.Text(), ".")
			if !complete { // the last line may be cut
				continue
			}
			acked = append(acked, table.Key{PK: "p", SK: sk})
			if n == 200 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the writing process ended by itself")
		}
		requireAll(t, path, acked)
	}
	if len(acked) < 1000 {
		t.Errorf("%d writes acknowledged; want at least 1000", len(acked))
	}
}

func writeUntilKilled(path string) {
	tab, err := local.Open(path, local.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				sk := fmt.Sprintf("%s#%d#%06d", os.Getenv("LOCAL_TEST_TURN"), w, i)
				if err := tab.Write(context.Background(), table.Op{Rec: table.Record{Key: table.Key{PK: "p", SK: sk}}}); err == nil {
					os.Stdout.WriteString(sk + ".\n")
				}
			}
		}()
	}
	select {}
}

func FuzzQueryCursor(f *testing.F) {
	tab, _ := tabletest.OpenLocal(f)
	var ops []table.Op
	for i := range 9 {
		x := table.IndexKey{P: "p", S: fmt.Sprint(i)}
		ops = append(ops, table.Op{Rec: table.Record{Key: table.Key{PK: []string{"p", "q"}[i%2], SK: fmt.Sprint(i)}, Idx: [3]table.IndexKey{x}}})
	}
	if err := tab.Write(f.Context(), ops...); err != nil {
		f.Fatal(err)
	}
	for _, q := range []table.Query{{PK: "p", Limit: 1}, {PK: "p", Index: 1, Limit: 3}, {PK: "p", Index: 1, Limit: 3, Desc: true}} {
		p, err := tab.Query(f.Context(), q)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Next, q.Index, q.Desc)
	}
	f.Fuzz(func(t *testing.T, after string, index int, desc bool) {
		q := table.Query{PK: "p", Index: index & 1, Desc: desc, After: after, From: "2", To: "8"}
		p, err := tab.Query(t.Context(), q)
		if err != nil {
			if !errors.Is(err, table.ErrBadCursor) {
				t.Errorf("Query: %v; want ErrBadCursor", err)
			}
			return
		}
		for _, r := range p.Recs {
			if q.Index == 0 && r.PK != "p" || !q.Contains(r.SK) {
				t.Errorf("record %s is outside of the query", r.Key)
			}
		}
	})
}
