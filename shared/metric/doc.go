// Package metric writes what the portal counts about itself, for dashboards and
// alarms: as lines of JSON in CloudWatch's Embedded Metric Format, which become
// metrics without a call, an agent or a permission.
//
// Start with the list of metrics below and [Meter], which those who count take;
// [New] makes one that writes lines, [Log] one for a program that nobody graphs,
// [None] one that does nothing. A line looks like this (docs.aws.amazon.com,
// "Embedded metric format specification"):
//
//	{"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"Groundswell",
//	"Dimensions":[["Table","Outcome"]],"Metrics":[{"Name":"Mails","Unit":"Count"}]}]},
//	"Table":"portal-Table-1","Outcome":"sent","Mails":1}
//
// Dimensions are fixed: Table tells one deployment from another, and a metric may
// have one more, of a few values that are written in this program. Nothing that
// somebody typed, no id and no address may become one: dimensions are public to
// whoever sees a dashboard, and each new value is a metric to pay for.
//
// The package must import nothing but the standard library.
package metric
