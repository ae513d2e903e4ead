// Package web turns HTTP requests into use cases of shared/portal, and what comes
// back into JSON or pages. The same [Server] runs behind net/http in the local
// program and behind shared/lambdahttp in the functions.
//
// Start with route.go: every address of the portal is one line of one table. A
// request then goes through middleware.go (headers, request id, log line, panics),
// guard.go (cross-origin check, session, access) and into a handler, which parses,
// calls one use case and renders. The JSON of a noun is in the file of its name
// (idea.go, vote.go, ...), its pages in page_<noun>.go; shape.go holds what JSON
// objects look like, and openapi.yaml describes them to the outside.
//
// A handler returns its error; problem.go is the one place that turns errors into
// answers and the only one that logs them.
//
// This package must not hold rules (they are in shared/portal), must not know
// keys or rows, and must not show the text of an error that is not a
// *portal.Error.
package web
