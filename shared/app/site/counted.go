package site

import (
	"context"
	"time"

	"groundswell/shared/metric"
	"groundswell/shared/portal"
)

// counted is a store that tells the meter what people did, once it is stored. It
// stands here and not in the handlers because a page, the API and a vote that waited
// for its voter to sign in all end in the same write. What leads to no write, a refused
// code, is counted in shared/web.
func counted(s portal.Store, m metric.Meter) portal.Store {
	if m == nil {
		return s
	}
	return &counting{s, m}
}

type counting struct {
	portal.Store
	meter metric.Meter
}

func (c *counting) one(m metric.Metric) { c.meter.Put(m, "", 1) }

func (c *counting) CreateIdea(ctx context.Context, n portal.NewIdea) error {
	err := c.Store.CreateIdea(ctx, n)
	if err == nil {
		c.one(metric.Ideas)
	}
	return err
}

func (c *counting) UpdateIdea(ctx context.Context, u portal.IdeaUpdate) error {
	err := c.Store.UpdateIdea(ctx, u)
	if err == nil && u.History != nil && u.History.To == portal.Launched && u.History.From != portal.Launched {
		c.one(metric.Launches)
	}
	return err
}

func (c *counting) PutVote(ctx context.Context, v portal.Vote) (bool, error) {
	created, err := c.Store.PutVote(ctx, v)
	if created {
		c.one(metric.Votes)
	}
	return created, err
}

func (c *counting) DeleteVote(ctx context.Context, v portal.Vote) (bool, error) {
	deleted, err := c.Store.DeleteVote(ctx, v)
	if deleted {
		c.one(metric.Withdrawals)
	}
	return deleted, err
}

// Moderate writes comments too, the first version of each when it is made.
func (c *counting) Moderate(ctx context.Context, d portal.Deed) error {
	err := c.Store.Moderate(ctx, d)
	if err == nil && d.Comment != nil && d.Comment.Version == 1 {
		c.one(metric.Comments)
	}
	return err
}

// PutCode stores a new code or, under an older version, that it was tried.
func (c *counting) PutCode(ctx context.Context, code portal.SignInCode, prev int64) error {
	err := c.Store.PutCode(ctx, code, prev)
	if err == nil && prev == 0 {
		c.one(metric.CodesAsked)
	}
	return err
}

func (c *counting) CreateSession(ctx context.Context, s portal.Session, code portal.SignInCode) error {
	err := c.Store.CreateSession(ctx, s, code)
	if err == nil {
		c.one(metric.CodesConfirmed)
	}
	return err
}

func (c *counting) CountUse(ctx context.Context, u portal.Use) (time.Duration, error) {
	wait, err := c.Store.CountUse(ctx, u)
	if err == nil && wait > 0 {
		c.meter.Put(metric.RateLimited, u.Name, 1)
	}
	return wait, err
}
