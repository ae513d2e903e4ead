package notify

import (
	"context"
	"errors"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// barred is the last question before a mail is claimed: may the address get it? It
// answers in one word why not. retry says that the mail is the one that is tried
// although mails came back; that is written down first, so that the next one waits.
func (w *Worker) barred(ctx context.Context, n notice, address string) (skip string, retry bool, err error) {
	s, err := w.Ledger.Suppression(ctx, address)
	if err != nil {
		return "", false, err
	}
	if n.event != kindSignIn {
		if s.StopsMail() {
			skip = portal.UnsentSuppressed
		}
		return skip, false, nil
	}
	stop, retry := s.StopsCode(n.subject, w.Clock())
	switch {
	case stop:
		return portal.UnsentSuppressed, false, nil
	case retry && s.TriedID != n.subject:
		_, err = portal.Suppress(ctx, w.Ledger, address, portal.Suppression{Tried: w.Clock(), TriedID: n.subject})
	}
	return "", retry, err
}

// tags name the line of the ledger: ids alone, nothing about anybody.
func tags(n notice, retry bool) []mail.Tag {
	ts := []mail.Tag{{Name: store.TagEvent, Value: n.event}, {Name: store.TagSubject, Value: n.subject}, {Name: store.TagTo, Value: n.to}}
	if retry {
		ts = append(ts, mail.Tag{Name: store.TagRetry, Value: "1"})
	}
	return ts
}

// refusal is the ledger's word for why the sender will never take a mail.
func refusal(err error) ending {
	switch {
	case errors.Is(err, mail.ErrSandbox):
		return ending{state: store.Failed, why: portal.UnsentSandbox}
	case errors.Is(err, mail.ErrAddress):
		return ending{state: store.Failed, why: portal.UnsentBadAddress}
	}
	return ending{state: store.Failed, why: portal.UnsentRejected}
}
