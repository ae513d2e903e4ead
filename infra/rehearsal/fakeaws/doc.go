// Package fakeaws holds in-process stand-ins for the AWS services around the
// portal, for tests that run the real Lambda binaries:
//
//   - [Function] runs a bootstrap against a fake Lambda Runtime API;
//   - [Gateway] is an HTTP API that invokes functions with payload 2.0 events;
//   - [SES] takes SendRawEmail and can throttle, reject, pause or hang,
//     and publishes what became of mails;
//   - [SQS] holds queues with visibility timeouts and dead-letter queues;
//   - [Pattern] matches the filters of an event source mapping;
//   - [StreamEvent] makes the event that Lambda gets from DynamoDB Streams.
//
// Each speaks the service's wire protocol, so that the AWS SDK cannot tell the
// difference where the portal would; its tests prove that with the SDK's own
// client. Each file names where its behaviour is documented. What the portal does
// not use is answered with an error, never with a guess.
//
// Nothing here is for production, and nothing outside tests may import it.
package fakeaws
