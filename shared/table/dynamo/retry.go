package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"groundswell/shared/table"
)

// verdict is what a failed try says about the write that it carried.
type verdict uint8

const (
	unknown  verdict = iota // it may have been committed: no answer, or a server's error
	refused                 // nothing was written, and trying again is no use
	busy                    // nothing was written, another write or a limit stood in the way
	mismatch                // nothing was written, a condition failed
)

// maxTries bounds the tries of one call. With the waits between them a call
// gives up after about a second, while the caller's caller still listens.
const maxTries = 6

// judge reads an error of the client. Codes are those of the API reference of
// DynamoDB, "Error handling" and "TransactWriteItems". Where the answer itself
// is missing or broken, the outcome is unknown.
func judge(err error) verdict {
	var (
		cond     *types.ConditionalCheckFailedException
		canceled *types.TransactionCanceledException
		api      smithy.APIError
	)
	switch {
	case errors.As(err, &cond):
		return mismatch
	case errors.As(err, &canceled):
		return judgeReasons(canceled.CancellationReasons)
	case !errors.As(err, &api):
		return unknown
	}
	switch api.ErrorCode() {
	case "TransactionConflictException", "ReplicatedWriteConflictException",
		"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException", "Throttling":
		return busy
	case "TransactionInProgressException":
		return unknown // the same transaction, still under way
	}
	// Few errors are modelled, ValidationException is not: the status tells.
	var resp interface{ HTTPStatusCode() int }
	if errors.As(err, &resp) && resp.HTTPStatusCode()/100 == 4 {
		return refused
	}
	return unknown
}

func judgeReasons(reasons []types.CancellationReason) verdict {
	if failedReason(reasons) >= 0 {
		return mismatch
	}
	for _, r := range reasons {
		switch code(r) {
		case "", "None", "TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError":
		default: // ValidationError, ItemCollectionSizeLimitExceeded
			return refused
		}
	}
	return busy
}

// failedReason returns the first operation whose condition failed, or -1.
func failedReason(reasons []types.CancellationReason) int {
	for i, r := range reasons {
		if code(r) == "ConditionalCheckFailed" {
			return i
		}
	}
	return -1
}

func code(r types.CancellationReason) string {
	if r.Code == nil {
		return ""
	}
	return *r.Code
}

// read tries a read until it is answered.
func read(ctx context.Context, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		if err == nil {
			return nil
		}
		if v := judge(err); v == refused || v == mismatch || try == maxTries {
			return readable(err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// write tries a write until its outcome is known. call makes one try; settle
// is asked what a failed condition means after a try whose outcome was unknown,
// when the condition may have failed because of that very try.
func write(ctx context.Context, call func() error, settle func(failed error) (done bool)) error {
	var lost error // of the last try whose outcome is unknown
	for try := 1; ; try++ {
		err := call()
		if err == nil {
			return nil
		}
		switch judge(err) {
		case refused:
			if lost != nil {
				return lost
			}
			return readable(err)
		case mismatch:
			switch {
			case lost == nil:
				return condError(err)
			case settle(err):
				return nil
			}
			return lost
		case unknown:
			lost = fmt.Errorf("outcome unknown: %w", err)
		}
		if try == maxTries || ctx.Err() != nil {
			if lost != nil {
				return lost
			}
			return fmt.Errorf("%w (%w)", table.ErrConflict, err)
		}
		if err := pause(ctx, try); err != nil {
			if lost != nil {
				return lost
			}
			return err
		}
	}
}

// condError names the operation whose condition failed.
func condError(err error) error {
	var canceled *types.TransactionCanceledException
	if errors.As(err, &canceled) {
		return &table.CondError{Op: failedReason(canceled.CancellationReasons)}
	}
	return &table.CondError{}
}

// readable marks what DynamoDB itself finds wrong with a request, such as a
// number with more than 38 digits, as the port does.
func readable(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "ValidationException" {
		return fmt.Errorf("%w: %s", table.ErrInvalid, api.ErrorMessage())
	}
	return err
}

// pause waits before the next try: up to 25 ms after the first, doubling, with
// full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog).
func pause(ctx context.Context, try int) error {
	t := time.NewTimer(time.Millisecond + rand.N(25*time.Millisecond<<(try-1)))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
