// Package rehearsal runs the whole system as template.yaml deploys it, on one
// machine. It has tests only; fakeaws beside it plays what isn't real.
//
// Real are the functions' bootstraps, built as for AWS and run as processes behind
// the Lambda Runtime API, the AWS SDK inside them, DynamoDB Local and its stream.
// Played are the HTTP API's gateway, the queue, SES and the event source mappings:
// they take routes, filters, batch sizes and environments from template.yaml, and
// fail on demand. Between a function and each service stands a guard that refuses what
// the function's role does not allow; when all tests have run, access_test.go says
// what roles grant and nobody used. At the end of every test, logs_test.go reads all
// that the functions wrote. What this can't show is DynamoDB's throttling,
// index lag and transaction conflicts: see tabletest.Faulty for those.
//
// Start with stack_test.go, which builds the stack, then journey_test.go; two tests work
// at once, while others wait for a lease or a message (turn_test.go). Bad days are
// in faults_test.go and fanout_test.go, which grow with GROUNDSWELL_VIRAL (votes) and
// GROUNDSWELL_FANOUT (mails).
package rehearsal
