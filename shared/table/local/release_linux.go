package local

import (
	"fmt"
	"syscall"

	bolt "go.etcd.io/bbolt"
)

// Release gives the file's pages that this process has mapped back to the system.
// They stay in its cache, so that reading them again costs a page fault and no
// read; but they no longer count as this process's memory, which otherwise grows to
// the size of the file. It may be called at any time.
func (t *Table) Release() error {
	// A read transaction keeps bbolt from moving its mapping meanwhile. The mapping
	// is read-only and shared: dropping its pages loses nothing.
	err := t.db.View(func(tx *bolt.Tx) error {
		_, _, errno := syscall.Syscall(syscall.SYS_MADVISE, t.db.Info().Data, uintptr(tx.Size()), syscall.MADV_DONTNEED)
		if errno != 0 {
			return errno
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("release mapped pages: %w", err)
	}
	return nil
}
