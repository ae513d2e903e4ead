package local_test

import (
	"context"
	"slices"
	"testing"

	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	tabletest.Run(t, func(t *testing.T) *tabletest.Env {
		tab, clock := tabletest.OpenLocal(t)
		changes := make(chan []table.Change)
		go tab.Follow(t.Context(), "suite", local.FollowOptions{}, func(ctx context.Context, batch []table.Change) error {
			select {
			case changes <- slices.Clone(batch):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		return &tabletest.Env{Table: tab, Clock: clock, Feed: func(ctx context.Context) ([]table.Change, error) {
			select {
			case cs := <-changes:
				return cs, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
	})
}
