package store

import (
	"context"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// ForgetWords takes what a deleted member said to the team out of reports and cases, and
// the texts from before edits that cases keep, and reports whether there was anything. The
// reports and cases themselves stay: they are about what others wrote, or what stays as a
// former member's. It is the projections'; what changes meanwhile is found by their next
// look.
func (s *Store) ForgetWords(ctx context.Context, memberID string) (found bool, err error) {
	var ops []table.Op    // each by itself
	var kept [][]table.Op // a case, and the text that it keeps: one without the other would not be found again
	err = s.each(ctx, table.Query{Index: ixOwn, PK: ownReports(memberID)}, func(r table.Record) error {
		p, err := ReportOf(r)
		if err == nil && p.Words != "" {
			p.Words, p.Version = "", p.Version+1
			ops = append(ops, table.Op{Rec: reportRecord(p), Cond: table.VerEq, N: p.Version - 1})
		}
		return err
	})
	if err != nil {
		return false, err
	}
	err = s.each(ctx, table.Query{Index: ixOwn, PK: ownCases(memberID)}, func(r table.Record) error {
		c, err := CaseOf(r)
		if err != nil || c.Answer == "" && !c.Earlier {
			return err
		}
		var both []table.Op
		if c.Earlier {
			both = append(both, table.Op{Rec: s.earlierRecord(portal.Earlier{Thing: c.Thing, Gone: true})})
		}
		c.Answer, c.Earlier, c.Version = "", false, c.Version+1
		kept = append(kept, append(both, table.Op{Rec: caseRecord(c), Cond: table.VerEq, N: c.Version - 1}))
		return nil
	})
	if err != nil {
		return false, err
	}
	done := s.Table.WriteEach(ctx, ops...)
	for _, both := range kept {
		done = append(done, s.Table.Write(ctx, both...))
	}
	for _, err := range done {
		if _, lost := table.FailedCond(err); err != nil && !lost {
			return true, fmt.Errorf("forget words: %w", err)
		}
	}
	return len(ops)+len(kept) > 0, nil
}
