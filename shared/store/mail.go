package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// DeliveryState is how far a mail has come.
type DeliveryState string

// The states. All but Sending are final.
const (
	Sending DeliveryState = "sending" // claimed, or given back to be tried again
	Sent    DeliveryState = "sent"
	Failed  DeliveryState = "failed"  // it will not be tried again
	Skipped DeliveryState = "skipped" // there was nobody to send it to
)

// Delivery is a line of the mail ledger: that Event of Subject (an idea, a sign-in)
// is told to To, once. Whoever sends claims it first: LeasedUntil is when another
// may take the claim over.
type Delivery struct {
	Subject, Event, To string
	State              DeliveryState
	Why                string // of Failed and Skipped: one of portal.AllUnsent; see FanOut and notify.Reopen for others
	MessageID          string // of Sent: the sender's id of it
	Attempts           int    // claims that may have led to a mail
	LeasedUntil        time.Time
	At                 time.Time // of the last change
	Forget             time.Time // when the line may go; zero = never
	Version            int64

	Outcome Outcome // what became of a mail that was sent; zero = nothing has been heard
}

type mailRow struct {
	State    string `json:"s"`
	Why      string `json:"w,omitempty"`
	ID       string `json:"id,omitempty"`
	Attempts int    `json:"n,omitempty"`
	Lease    int64  `json:"l,omitempty"`
	At       int64  `json:"at"`

	outcomeRow
}

func ledgerPK(subject string) string { return "M#" + subject }
func ledgerKey(subject, event, to string) table.Key {
	return table.Key{PK: ledgerPK(subject), SK: event + "#" + to}
}

var errNoDelivery = notFound("no_delivery", "There is no such delivery.")

func deliveryOf(r table.Record) (Delivery, error) {
	row, err := unmarshal[mailRow](r)
	event, to, _ := strings.Cut(r.SK, "#")
	d := Delivery{Subject: strings.TrimPrefix(r.PK, "M#"), Event: event, To: to, State: DeliveryState(row.State), Why: row.Why,
		MessageID: row.ID, Attempts: row.Attempts, LeasedUntil: at(row.Lease), At: at(row.At), Version: r.Ver, Outcome: row.outcome()}
	if r.TTL != 0 {
		d.Forget = time.Unix(r.TTL, 0).UTC()
	}
	return d, err
}

// DeliveryOf is the line of the ledger that a record is; ok is false if it is none.
func DeliveryOf(r table.Record) (d Delivery, ok bool, err error) {
	if r.Kind != KindMail {
		return Delivery{}, false, nil
	}
	d, err = deliveryOf(r)
	return d, err == nil, err
}

// Delivery reads a line of the ledger, strongly; NotFound if there is none.
func (s *Store) Delivery(ctx context.Context, subject, event, to string) (Delivery, error) {
	r, err := s.Table.Get(ctx, ledgerKey(subject, event, to), true)
	if err != nil {
		return Delivery{}, or(err, errNoDelivery, "get delivery")
	}
	return deliveryOf(r)
}

// PutDelivery writes the line under Version prev+1 if its stored version is prev;
// 0 = it is new. Stale if it is not. It returns the version that it wrote.
func (s *Store) PutDelivery(ctx context.Context, d Delivery, prev int64) (int64, error) {
	r := record(ledgerKey(d.Subject, d.Event, d.To), KindMail, prev+1, mailRow{State: string(d.State), Why: d.Why, ID: d.MessageID,
		Attempts: d.Attempts, Lease: ms(d.LeasedUntil), At: ms(d.At), outcomeRow: outcomeRowOf(d.Outcome)})
	if portal.ValidMemberID(d.To) {
		r.Idx[ixOwn-1] = table.IndexKey{P: ownMails(d.To), S: d.Subject + "#" + d.Event}
	}
	if !d.Forget.IsZero() {
		r.TTL = d.Forget.Unix()
	}
	op := table.Op{Rec: r, Cond: table.VerEq, N: prev}
	if prev == 0 {
		op.Cond = table.NotExists
	}
	return prev + 1, stale(s.Table.Write(ctx, op), "put delivery")
}

// Deliveries is a page of what has been sent about a subject, by event and
// recipient.
func (s *Store) Deliveries(ctx context.Context, subject, cursor string, limit int) (ds []Delivery, next string, err error) {
	pk := ledgerPK(subject)
	recs, next, err := s.page(ctx, pk, table.Query{PK: pk}, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, r := range recs {
		d, err := deliveryOf(r)
		if err != nil {
			return nil, "", err
		}
		ds = append(ds, d)
	}
	return ds, next, nil
}

// MailsAbout implements portal.Store.
func (s *Store) MailsAbout(ctx context.Context, ideaID, cursor string, limit int) ([]portal.MailLine, string, error) {
	ds, next, err := s.Deliveries(ctx, ideaID, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	lines := make([]portal.MailLine, len(ds))
	for i, d := range ds {
		lines[i] = mailLine(d)
	}
	return lines, next, nil
}

// MailLineOf is what a line of the ledger says of a mail to a member; To is not a
// member's id where it is about something else.
func MailLineOf(r table.Record) (portal.MailLine, error) {
	d, err := deliveryOf(r)
	return mailLine(d), err
}

func mailLine(d Delivery) portal.MailLine {
	about := d.Subject
	if d.Event == "digest" { // about many
		about = ""
	}
	return portal.MailLine{IdeaID: about, Event: d.Event, To: d.To, State: string(d.State), Why: d.Why, At: d.At,
		Outcome: string(d.Outcome.What), OutcomeAt: d.Outcome.At, Detail: d.Outcome.Detail}
}

// OutboxMail is a mail that the local program keeps instead of sending it. Key
// names it in the outbox and follows from ID.
type OutboxMail struct {
	ID      string // the idempotency id of the mail
	Key     string
	From    string
	To      string
	Subject string
	Text    string
	HTML    string
	Headers [][2]string
	At      time.Time
}

type outboxRow struct {
	ID      string      `json:"id"`
	From    string      `json:"f"`
	To      string      `json:"t"`
	Subject string      `json:"s"`
	Text    string      `json:"x"`
	HTML    string      `json:"h"`
	Headers [][2]string `json:"hs,omitempty"`
	At      int64       `json:"at"`
}

// The outbox is one partition, in the order of the mails' ids; the third index
// has it in the order of time.
const outboxPK = "O#mail"

func outboxOf(r table.Record) (OutboxMail, error) {
	row, err := unmarshal[outboxRow](r)
	return OutboxMail{ID: row.ID, Key: r.SK, From: row.From, To: row.To, Subject: row.Subject, Text: row.Text, HTML: row.HTML,
		Headers: row.Headers, At: at(row.At)}, err
}

// PutOutbox keeps the mail unless one with its ID is kept already, and returns the
// key of the one that is.
func (s *Store) PutOutbox(ctx context.Context, m OutboxMail) (key string, err error) {
	key = digest(m.ID)
	r := record(table.Key{PK: outboxPK, SK: key}, KindOutbox, 1, outboxRow{ID: m.ID, From: m.From, To: m.To, Subject: m.Subject,
		Text: m.Text, HTML: m.HTML, Headers: m.Headers, At: ms(m.At)})
	r.Idx[ixOwn-1] = table.IndexKey{P: outboxPK, S: fmt.Sprintf("%013d#%s", ms(m.At), key)}
	err = s.Table.Write(ctx, table.Op{Rec: r, Cond: table.NotExists})
	if _, kept := table.FailedCond(err); kept {
		return key, nil
	}
	if err != nil {
		return "", fmt.Errorf("put outbox mail: %w", err)
	}
	return key, nil
}

// Outbox is a page of kept mails, newest first.
func (s *Store) Outbox(ctx context.Context, cursor string, limit int) (ms []OutboxMail, next string, err error) {
	recs, next, err := s.page(ctx, outboxPK, table.Query{Index: ixOwn, PK: outboxPK, Desc: true}, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, r := range recs {
		m, err := outboxOf(r)
		if err != nil {
			return nil, "", err
		}
		ms = append(ms, m)
	}
	return ms, next, nil
}

// OutboxMail reads one kept mail; NotFound if there is none.
func (s *Store) OutboxMail(ctx context.Context, key string) (OutboxMail, error) {
	k := table.Key{PK: outboxPK, SK: key}
	if key == "" || errors.Is(k.Validate(), table.ErrInvalid) {
		return OutboxMail{}, errNoMail
	}
	r, err := s.Table.Get(ctx, k, true)
	if err != nil {
		return OutboxMail{}, or(err, errNoMail, "get outbox mail")
	}
	return outboxOf(r)
}

var errNoMail = notFound("no_mail", "There is no such mail.")
