package rehearsal

import (
	"flag"
	"testing"
	"time"
)

// working are the tests that may work at once. All have begun, but one that only waits,
// for a claim's lease or to see a message again, lets another one work meanwhile: more at
// once would starve DynamoDB Local and see timeouts that no deployment has.
var working = make(chan struct{}, 2)

// allAtOnce lets all parallel tests begin.
func allAtOnce() error { return flag.Set("test.parallel", "100") }

// begin waits for the test's turn, until which it has asked for nothing.
func begin(t *testing.T) {
	working <- struct{}{}
	t.Cleanup(func() { <-working })
}

// pause lets others work for as long. How long they kept this one from going on then is
// not held against it.
func (s *stack) pause(d time.Duration) {
	<-working
	<-time.After(d)
	since := time.Now()
	working <- struct{}{}
	s.kept += time.Since(since)
}
