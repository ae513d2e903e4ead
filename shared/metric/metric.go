package metric

import (
	"context"
	"log/slog"
)

// Namespace is where CloudWatch keeps the metrics.
const Namespace = "Groundswell"

// Deployment is the dimension that every metric has: the name of the table.
const Deployment = "Table"

// Metric is one thing that is counted or measured.
type Metric struct {
	name, unit string
	dimension  string // beside Deployment; "" = none
}

// Name is the metric's name in CloudWatch.
func (m Metric) Name() string { return m.name }

// Unit is one of CloudWatch's units.
func (m Metric) Unit() string { return m.unit }

// Dimension is what a value of the metric is about, beside the deployment; "" if
// nothing else.
func (m Metric) Dimension() string { return m.dimension }

// The metrics. What people did is counted when it is stored, once each.
var (
	Ideas       = Metric{"Ideas", "Count", ""}       // submitted
	Votes       = Metric{"Votes", "Count", ""}       // cast
	Withdrawals = Metric{"Withdrawals", "Count", ""} // of votes
	Comments    = Metric{"Comments", "Count", ""}    // written
	Launches    = Metric{"Launches", "Count", ""}    // ideas that became real

	CodesAsked     = Metric{"CodesAsked", "Count", ""}     // sign-in codes
	CodesConfirmed = Metric{"CodesConfirmed", "Count", ""} // people signed in
	CodesRefused   = Metric{"CodesRefused", "Count", ""}   // wrong ones
	RateLimited    = Metric{"RateLimited", "Count", "Limit"}

	Mails = Metric{"Mails", "Count", "Outcome"} // see shared/notify

	MailsHeard = Metric{"MailsHeard", "Count", "Outcome"} // of events about mails that were sent; see shared/feedback

	Lag     = Metric{"Lag", "Seconds", "Consumer"}   // age of the oldest record of a batch
	Records = Metric{"Records", "Count", "Consumer"} // of a batch
	Failed  = Metric{"Failed", "Count", "Consumer"}  // of them, to be delivered again

	Recounted        = Metric{"Recounted", "Count", ""}        // ideas
	CountDifferences = Metric{"CountDifferences", "Count", ""} // ideas whose counts were wrong
)

// All are the metrics above.
func All() []Metric {
	return []Metric{Ideas, Votes, Withdrawals, Comments, Launches, CodesAsked, CodesConfirmed, CodesRefused, RateLimited,
		Mails, MailsHeard, Lag, Records, Failed, Recounted, CountDifferences}
}

// Meter takes values. It never fails and never blocks for long: a metric is not
// worth a request.
type Meter interface {
	// Put takes one value. of is the value of the metric's dimension, from a list
	// in the program; it is not looked at where the metric has none.
	Put(m Metric, of string, value float64)
}

// None is the Meter that does nothing.
var None Meter = none{}

type none struct{}

func (none) Put(Metric, string, float64) {}

// Log is a Meter that writes debug lines.
func Log(log *slog.Logger) Meter { return debug{log} }

type debug struct{ log *slog.Logger }

func (d debug) Put(m Metric, of string, value float64) {
	d.log.LogAttrs(context.Background(), slog.LevelDebug, "metric", slog.String("name", m.name), slog.String("of", of), slog.Float64("value", value))
}
