// Command cost prints what the portal costs a month on AWS, as the table that
// infra/README.md holds; a test compares the two, so that neither grows old alone.
//
//	go run ./infra/cost
//
// prices.json is what AWS asks, each price with the page of AWS where it stands and
// the day that it was entered. Not all were read there: Lambda's, those of CloudFront's
// requests and functions and some of CloudWatch's come from other sites, and those of
// SES, SQS, KMS, storage and backups from knowledge. Check them before you rely on them. model.json is what a hundred requests are and need: its units of DynamoDB
// are those of the table of access patterns in shared/store/doc.go, which
// TestCapacity there measures; what nothing here can measure is marked as assumed.
// What stands still but costs, alarms and metrics, is counted in the templates.
//
// It is an upper bound in one way: nothing is kept at the edge.
package main
