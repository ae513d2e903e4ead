package fakeaws

import (
	"encoding/json"
	"fmt"
)

// Remaining is what an event source mapping with ReportBatchItemFailures delivers
// next after a batch was answered with out: nothing if all succeeded, else the
// batch from the failed record with the lowest sequence number on (AWS Lambda
// Developer Guide, "Configuring partial batch response with DynamoDB"). An item
// without a sequence number of the batch means all of it again.
func Remaining(batch []json.RawMessage, out []byte) ([]json.RawMessage, error) {
	failed, err := failedItems(out)
	if err != nil {
		return batch, err
	}
	first := len(batch)
	for _, seq := range failed {
		at := -1
		for i, raw := range batch {
			var r struct {
				Change struct{ SequenceNumber string } `json:"dynamodb"`
			}
			if err := json.Unmarshal(raw, &r); err != nil {
				return batch, fmt.Errorf("stream record: %w", err)
			}
			if r.Change.SequenceNumber == seq {
				at = i
				break
			}
		}
		if at < 0 {
			return batch, fmt.Errorf("function reported the sequence number %s, which was not in the batch", seq)
		}
		first = min(first, at)
	}
	return batch[first:], nil
}
