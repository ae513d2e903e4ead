package dynamotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	streams "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"groundswell/shared/table"
)

// poll is the pause between two looks at a quiet stream.
const poll = 10 * time.Millisecond

// Feed reads the stream of a table from its beginning, all shards. One
// goroutine at a time may use it.
type Feed struct {
	client *streams.Client
	arn    *string
	shards map[string]*string // iterators; nil: read to its end
	order  []string
	listed bool // false: there may be a shard that shards lacks
}

// NewFeed opens the stream of a table.
func NewFeed(t testing.TB, tableName string) *Feed {
	t.Helper()
	out, err := dynamodb.NewFromConfig(Config(t, dynamodb.ServiceID)).
		DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &tableName})
	if err != nil {
		t.Fatalf("find the stream of %s: %v", tableName, err)
	}
	return &Feed{client: streams.NewFromConfig(Config(t, streams.ServiceID)), arn: out.Table.LatestStreamArn,
		shards: map[string]*string{}}
}

// ARN is the ARN of the stream.
func (f *Feed) ARN() string { return *f.arn }

// Next returns the changes since it was last called, at least one; it waits for
// them until ctx ends.
func (f *Feed) Next(ctx context.Context) ([]table.Change, error) {
	recs, err := f.NextRecords(ctx)
	if err != nil {
		return nil, err
	}
	changes := make([]table.Change, len(recs))
	for i, r := range recs {
		if changes[i], err = r.Change(); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// NextRecords is Next for those who want what the stream says itself.
func (f *Feed) NextRecords(ctx context.Context) ([]Record, error) {
	for {
		recs, err := f.Poll(ctx)
		if err != nil || len(recs) > 0 {
			return recs, err
		}
		select {
		case <-time.After(poll):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Poll returns the records since the last call, perhaps none, and some of them again
// where the server has lost its place: a stream may always repeat itself.
func (f *Feed) Poll(ctx context.Context) (recs []Record, err error) {
	if !f.listed { // one begins where another ends
		if f.listed, err = f.findShards(ctx); err != nil {
			return nil, err
		}
	}
	for _, id := range f.order {
		if f.shards[id] == nil {
			continue
		}
		out, err := f.client.GetRecords(ctx, &streams.GetRecordsInput{ShardIterator: f.shards[id]})
		var trimmed *streamtypes.TrimmedDataAccessException
		if errors.As(err, &trimmed) { // DynamoDB Local says so of a young shard at times: begin it again
			delete(f.shards, id)
			f.order = slices.DeleteFunc(slices.Clone(f.order), func(s string) bool { return s == id })
			f.listed = false
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read shard %s: %w", id, err)
		}
		f.shards[id] = out.NextShardIterator
		f.listed = f.listed && out.NextShardIterator != nil
		for _, r := range out.Records {
			recs = append(recs, Record{Shard: id, Record: r})
		}
	}
	return recs, nil
}

// findShards lists the shards and reports whether there was one that it did not know.
func (f *Feed) findShards(ctx context.Context) (found bool, err error) {
	in := &streams.DescribeStreamInput{StreamArn: f.arn}
	for {
		out, err := f.client.DescribeStream(ctx, in)
		if err != nil {
			return false, fmt.Errorf("list shards: %w", err)
		}
		for _, s := range out.StreamDescription.Shards {
			if _, known := f.shards[*s.ShardId]; known {
				continue
			}
			it, err := f.client.GetShardIterator(ctx, &streams.GetShardIteratorInput{StreamArn: f.arn, ShardId: s.ShardId,
				ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon})
			if err != nil {
				return false, fmt.Errorf("open shard %s: %w", *s.ShardId, err)
			}
			f.shards[*s.ShardId] = it.ShardIterator
			f.order, found = append(f.order, *s.ShardId), true
		}
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			return found, nil
		}
	}
}
