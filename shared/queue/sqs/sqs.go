// Package sqs puts jobs into an Amazon SQS standard queue.
//
// Start with [New]. Receiving is Lambda's business (an event source mapping; see
// shared/lambdaqueue), and so are retries and the dead-letter queue (the queue's
// redrive policy in template.yaml).
package sqs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"groundswell/shared/queue"
)

// Limits of SendMessageBatch: Amazon SQS API reference. A call may carry 1 MiB in
// all; a quarter of it is what every region has always taken.
const (
	maxEntries = 10
	maxBytes   = 256 << 10
)

// tries is how often the entries that SQS turned down are sent. The SDK repeats
// whole calls on its own; entries that fail inside a call that succeeded are ours.
const tries = 4

// Queue is a queue.Queue on Amazon SQS.
type Queue struct {
	call  sendBatch // not the client: it would bring operations that nobody calls
	url   string
	pause func(ctx context.Context, try int) error
}

type sendBatch func(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error)

var _ queue.Timed = (*Queue)(nil)

// New makes a Queue for the queue with the URL.
func New(cfg aws.Config, url string, opts ...func(*sqs.Options)) *Queue {
	return &Queue{call: sqs.NewFromConfig(cfg, opts...).SendMessageBatch, url: url, pause: pause}
}

// Send implements queue.Queue: ten bodies a call.
func (q *Queue) Send(ctx context.Context, bodies ...string) error {
	jobs := make([]queue.Job, len(bodies))
	for i, b := range bodies {
		jobs[i].Body = b
	}
	return q.SendJobs(ctx, jobs...)
}

// SendJobs implements queue.Timed; waits are rounded up to whole seconds.
func (q *Queue) SendJobs(ctx context.Context, jobs ...queue.Job) error {
	for len(jobs) > 0 {
		n := batch(jobs)
		if err := q.send(ctx, jobs[:n]); err != nil {
			return err
		}
		jobs = jobs[n:]
	}
	return nil
}

// batch is how many of the jobs fit into one call; at least 1, so that SQS gets
// to refuse a body that is too big.
func batch(jobs []queue.Job) int {
	n, size := 0, 0
	for n < len(jobs) && n < maxEntries && (n == 0 || size+len(jobs[n].Body) <= maxBytes) {
		size += len(jobs[n].Body)
		n++
	}
	return n
}

func (q *Queue) send(ctx context.Context, bodies []queue.Job) error {
	left := make([]types.SendMessageBatchRequestEntry, len(bodies))
	for i, j := range bodies {
		left[i] = types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(j.Body)}
		if j.After > 0 {
			left[i].DelaySeconds = int32((min(j.After, queue.MaxAfter) + time.Second - 1) / time.Second) //nolint:gosec // 900 at most
		}
	}
	for try := 1; ; try++ {
		out, err := q.call(ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: left})
		if err != nil {
			return fmt.Errorf("send %d jobs: %w", len(left), err)
		}
		if len(out.Failed) == 0 {
			return nil
		}
		var fault error
		if left, fault = failed(left, out.Failed); fault != nil || try == tries {
			return fmt.Errorf("send jobs: %d of %d refused (%s): %w", len(left), len(bodies), aws.ToString(out.Failed[0].Code), errors.Join(errRefused, fault))
		}
		if err := q.pause(ctx, try); err != nil {
			return err
		}
	}
}

var (
	errRefused = errors.New("not in the queue")
	errFault   = errors.New("the job itself is wrong, not the moment")
)

// failed are the entries to send again, and an error if that can't help one of
// them.
func failed(sent []types.SendMessageBatchRequestEntry, bad []types.BatchResultErrorEntry) (again []types.SendMessageBatchRequestEntry, fault error) {
	by := make(map[string]types.SendMessageBatchRequestEntry, len(sent))
	for _, e := range sent {
		by[*e.Id] = e
	}
	for _, b := range bad {
		if e, ok := by[aws.ToString(b.Id)]; ok {
			again = append(again, e)
		}
		if b.SenderFault {
			fault = errFault
		}
	}
	return again, fault
}

// pause waits 50 ms, 100 ms, 200 ms and a random part of it more.
func pause(ctx context.Context, try int) error {
	d := 25 * time.Millisecond << try
	t := time.NewTimer(d + rand.N(d))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
