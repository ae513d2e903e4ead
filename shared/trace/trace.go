// Package trace finds the id that AWS gives a request on its whole way, so that the
// lines of different functions and of AWS's own logs can be laid side by side.
//
// Start with [Of]. What a client sends as a trace header is not believed but where
// it has the form of an id: log lines hold nothing that somebody wrote.
package trace

import (
	"context"
	"strings"
)

// Header is where Amazon API Gateway tells the id of a request.
const Header = "X-Amzn-Trace-Id"

// Of is the id of the invocation that ctx belongs to, "" outside of one. The key is
// that of github.com/aws/aws-lambda-go, which sets it from the Runtime API's header.
func Of(ctx context.Context) string {
	s, _ := ctx.Value("x-amzn-trace-id").(string)
	return Root(s)
}

// Root is the id in a header such as "Root=1-67891233-abcdef012345678912345678;
// Sampled=0" (AWS X-Ray Developer Guide, "Tracing header"); "" if there is none of
// that form.
func Root(header string) string {
	for part := range strings.SplitSeq(header, ";") {
		if id, ok := strings.CutPrefix(strings.TrimSpace(part), "Root="); ok && valid(id) {
			return id
		}
	}
	return ""
}

func valid(id string) bool {
	if len(id) != 35 || id[:2] != "1-" || id[10] != '-' {
		return false
	}
	for _, c := range id[2:10] + id[11:] {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}
