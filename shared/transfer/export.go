package transfer

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Export writes every live record of the table to w, and returns their number.
// From one file they come in the order of their keys. From DynamoDB they come in
// its order, and while others write, each as it was when its page was read.
//
// caughtUp says that nobody has anything left to do about changes: then an import
// into an empty portal need not count again.
//
// The export holds everything: addresses, and what sessions are known by. Left out
// are the keys that sign links in mails: another portal makes its own; files on their
// way in by the console, and how far they have come; and the marks
// of postings that are gone: they keep out what is on its way here, and hold a word of
// a text that may have been taken away.
func Export(ctx context.Context, from table.Scanner, w io.Writer, caughtUp bool, progress func(Progress)) (int, error) {
	out := bufio.NewWriterSize(w, 1<<20)
	var b bytes.Buffer
	if err := marshalLine(&b, header{exportName, formatVersion, caughtUp}); err != nil {
		return 0, err
	}
	n := 0
	for after := ""; ; {
		page, err := from.Scan(ctx, after, table.MaxLimit)
		if err != nil {
			return n, fmt.Errorf("read records: %w", err)
		}
		for _, r := range page.Recs {
			if _, _, found := store.IsPosting(r); store.IsSecret(r) || store.IsIntake(r) || r.Kind == store.KindPosting && !found {
				continue
			}
			if err := appendRecord(&b, r); err != nil {
				return n, err
			}
			n++
		}
		if _, err := out.Write(b.Bytes()); err != nil {
			return n, fmt.Errorf("write the export: %w", err)
		}
		b.Reset()
		if progress != nil {
			progress(Progress{"export", int64(n), -1})
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("write the export: %w", err)
	}
	return n, nil
}
