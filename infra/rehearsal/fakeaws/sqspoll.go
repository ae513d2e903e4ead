package fakeaws

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Deliver does one poll of an event source mapping with ReportBatchItemFailures:
// it receives up to limit messages, invokes the function with them and deletes
// those that it did not report as failed. The rest stays hidden until the
// visibility timeout is over. It returns how many messages it received, and the
// function's error.
func (q *Queue) Deliver(ctx context.Context, limit int, invoke func(ctx context.Context, payload []byte) ([]byte, error)) (int, error) {
	q.sqs.mu.Lock()
	batch := q.receive(limit, q.cfg.Visibility)
	ev := events.SQSEvent{Records: make([]events.SQSMessage, 0, len(batch))}
	receipts := map[string]string{}
	for _, m := range batch {
		receipts[m.id] = m.receipt
		ev.Records = append(ev.Records, events.SQSMessage{
			MessageId:      m.id,
			ReceiptHandle:  m.receipt,
			Body:           m.body,
			Md5OfBody:      md5Hex(m.body),
			Attributes:     systemAttributes(m),
			EventSourceARN: q.ARN(),
			EventSource:    "aws:sqs",
			AWSRegion:      "eu-west-1",
		})
	}
	q.sqs.mu.Unlock()
	if len(batch) == 0 {
		return 0, nil
	}
	payload, err := json.Marshal(ev)
	if err != nil {
		return len(batch), err
	}
	out, err := invoke(ctx, payload)
	if err != nil {
		return len(batch), err
	}
	failed, err := failedItems(out)
	if err != nil {
		return len(batch), err
	}
	for _, id := range failed {
		if receipts[id] == "" { // SQS: an id that it does not know fails the whole batch
			return len(batch), fmt.Errorf("function reported a message %q that was not in the batch", id)
		}
		delete(receipts, id)
	}
	q.sqs.mu.Lock()
	defer q.sqs.mu.Unlock()
	for _, receipt := range receipts {
		q.remove(receipt)
	}
	return len(batch), nil
}

// NextVisible tells when the first message of the queue can be received; ok is
// false if it holds none.
func (q *Queue) NextVisible() (at time.Time, ok bool) {
	q.sqs.mu.Lock()
	defer q.sqs.mu.Unlock()
	for _, m := range q.messages {
		if !ok || m.visible.Before(at) {
			at, ok = m.visible, true
		}
	}
	return at, ok
}

// failedItems reads a partial batch response. No answer, or one without the
// field, means that all succeeded (AWS Lambda Developer Guide, "Implementing
// partial batch responses").
func failedItems(out []byte) ([]string, error) {
	var resp *struct {
		Failures []struct {
			ID *string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if len(out) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(out, &resp); err != nil {
		return nil, fmt.Errorf("read the function's batch response: %w", err)
	}
	if resp == nil {
		return nil, nil
	}
	var ids []string
	for _, f := range resp.Failures {
		if f.ID == nil || *f.ID == "" {
			return nil, fmt.Errorf("function's batch response has an item without an identifier")
		}
		ids = append(ids, *f.ID)
	}
	return ids, nil
}
