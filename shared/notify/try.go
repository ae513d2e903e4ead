package notify

import (
	"context"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/store"
)

const kindTest = "test"

// SendTest sends a test mail to the address on the way that all mails go, and
// returns its line of the ledger. id names this test. An error says that it was not
// sent and may be tried again; see shared/mail for its kinds.
func (w *Worker) SendTest(ctx context.Context, id, address, locale string) (store.Delivery, error) {
	n := notice{subject: id, event: kindTest, to: "operator", forget: w.Clock().Add(14 * 24 * time.Hour)}
	err := w.once(ctx, n, func(context.Context) (mail.Message, string, error) {
		m, err := w.Texts.test(locale)
		m.To = address
		return m, "", err
	})
	if err != nil {
		return store.Delivery{}, err
	}
	return w.Ledger.Delivery(ctx, n.subject, n.event, n.to)
}

// testData is what a test mail says.
type testData struct {
	base
	URL string
}

func (t *Texts) test(tag string) (mail.Message, error) {
	return t.make("test", tag, Links{}, func(b base) any { return testData{b, b.BaseURL} })
}
