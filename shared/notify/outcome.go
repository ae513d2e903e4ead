package notify

import (
	"errors"

	"groundswell/shared/mail"
	"groundswell/shared/metric"
)

// The outcomes of sending, as metric.Mails counts them.
const (
	outcomeSent      = "sent"
	outcomeSkipped   = "skipped"   // there was nobody to tell, or nothing
	outcomeRejected  = "rejected"  // this mail will never be taken
	outcomeThrottled = "throttled" // comes again
	outcomeRefused   = "refused"   // the account or its configuration; comes again
	outcomeUnknown   = "unknown"   // no answer: comes again, and may have gone out
	outcomeGaveUp    = "gave_up"
)

func outcomeOf(err error) string {
	switch {
	case err == nil:
		return outcomeSent
	case errors.Is(err, mail.ErrRejected):
		return outcomeRejected
	case errors.Is(err, mail.ErrDailyQuota), errors.Is(err, mail.ErrThrottled):
		return outcomeThrottled
	case errors.Is(err, mail.ErrPaused), errors.Is(err, mail.ErrConfig):
		return outcomeRefused
	}
	return outcomeUnknown
}

func (w *Worker) count(outcome string) {
	if w.Meter != nil {
		w.Meter.Put(metric.Mails, outcome, 1)
	}
}
