// Package queue is the port to a queue of small jobs: what is sent is handled at
// least once, in no promised order, and what fails is tried again later.
//
// Start with [Queue], [Timed] and [Handler]. The drivers are shared/queue/sqs (Amazon SQS,
// where shared/lambdaqueue is the receiving end) and shared/queue/local (rows of
// the portal's own table, for the local program). A body is opaque here; whoever
// handles it must bear it twice. Bodies are never logged.
package queue

import (
	"context"
	"errors"
	"time"
)

// Queue takes jobs.
type Queue interface {
	// Send puts the bodies into the queue. After an error some of them may be in it.
	Send(ctx context.Context, bodies ...string) error
}

// Job is a body that waits before it is handed out first: MaxAfter at most, and to
// the second on Amazon SQS.
type Job struct {
	Body  string
	After time.Duration
}

// MaxAfter is the longest that a job can be made to wait: SQS's DelaySeconds.
const MaxAfter = 15 * time.Minute

// Timed is a Queue whose jobs can be made to wait.
type Timed interface {
	Queue
	// SendJobs puts the jobs into the queue. After an error some of them may be in it.
	SendJobs(ctx context.Context, jobs ...Job) error
}

// Handler handles one job. After nil the job is done; after an error it comes
// back, sooner or later: see ErrDead and Later. After several tries it goes to the
// dead-letter queue and stays there for an operator.
type Handler func(ctx context.Context, body string) error

// ErrDead says that a job can never succeed: a driver that can (local) moves it to
// the dead-letter queue at once. On Amazon SQS it takes the queue's maxReceiveCount.
var ErrDead = errors.New("job can never succeed")

// Later wraps err to say that another try makes sense in d at the earliest.
func Later(err error, d time.Duration) error { return &later{err, d} }

// Delay is what a Later in err's chain asks for; 0 if there is none.
func Delay(err error) time.Duration {
	var l *later
	if errors.As(err, &l) {
		return l.d
	}
	return 0
}

type later struct {
	err error
	d   time.Duration
}

func (l *later) Error() string { return l.err.Error() }
func (l *later) Unwrap() error { return l.err }
