package notify

import (
	"context"
	"errors"
	"hash/fnv"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/queue"
)

// again puts a job that nothing is wrong with back into the queue as a new one: the
// sender was throttling, over its quota, paused or set up wrongly. As a failure it
// would count towards the dead letters, and tens of thousands of mails that wait for
// an account's rate would end there. It waits longer each time.
func (w *Worker) again(ctx context.Context, j job, cause error) error {
	if w.Queue == nil || !errors.Is(cause, mail.ErrThrottled) && !errors.Is(cause, mail.ErrPaused) && !errors.Is(cause, mail.ErrConfig) {
		return cause
	}
	j.Try++
	body := j.body()
	wait := max(backoff(j.Try, body), queue.Delay(cause))
	if err := w.Queue.SendJobs(ctx, queue.Job{Body: body, After: min(wait, queue.MaxAfter)}); err != nil {
		return errors.Join(cause, err)
	}
	return nil
}

// The waits after a throttled mail: a second, doubling, to a minute.
const (
	firstWait   = time.Second
	longestWait = time.Minute
)

// backoff is the wait before the try with the number. Half of it depends on the job, so
// that those turned away together don't come back together.
func backoff(try int, body string) time.Duration {
	d := longestWait
	if try < 7 {
		d = min(d, firstWait<<try)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(body))
	return d/2 + time.Duration(h.Sum32())%(d/2)
}
