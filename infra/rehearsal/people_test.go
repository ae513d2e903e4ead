package rehearsal

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// people are n members who are signed in: the rows of one who signed in by mail, under
// other ids. All have that one's address.
func (s *stack) people(n int) []*client {
	s.Helper()
	one := s.client("everybody@example.com").signIn()
	token := one.cookies["__Host-gs_session"]
	id, secret, _ := strings.Cut(token, ".")
	var rows []table.Record
	for _, sk := range []string{"0", "S#" + portal.HashToken(secret)} {
		r, err := s.store.Table.Get(s.Context(), table.Key{PK: "U#" + id, SK: sk}, true)
		if err != nil {
			s.Fatal(err)
		}
		rows = append(rows, r)
	}
	out := make([]*client, n)
	var ops []table.Op
	for i := range out {
		other, err := portal.IDs{Rand: rand.Reader}.Member()
		if err != nil {
			s.Fatal(err)
		}
		out[i] = s.client(one.email)
		out[i].cookies["__Host-gs_session"] = other + "." + secret
		for _, r := range rows {
			r.PK = "U#" + other
			ops = append(ops, table.Op{Rec: r})
		}
	}
	s.put(ops)
	return out
}

// put makes writes that don't need each other, one by one: a transaction of a hundred
// keeps DynamoDB Local from answering anybody for seconds.
func (s *stack) put(ops []table.Op) {
	s.Helper()
	s.crowd(len(ops), 4, func(i int) {
		if err := s.store.Table.Write(s.Context(), ops[i]); err != nil {
			s.Error(err)
		}
	})
}

// sized is the size of a test: usual, or what the environment variable says.
func sized(variable string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil && n > 0 {
		return n
	}
	return usual
}

// crowd does n things, some at a time.
func (s *stack) crowd(n, atOnce int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// insist sends a request until it is answered with 2xx, or in vain; it may be called
// from any goroutine.
func (c *client) insist(method, path, body string) error {
	for try := 0; ; try++ {
		a := c.once(method, path, body)
		if a.status/100 == 2 {
			return nil
		}
		// What a kill left undone, or done without an answer.
		if again := a.status == http.StatusInternalServerError || a.status == http.StatusConflict; !again || c.chaos == nil || try == 50 {
			return fmt.Errorf("%s %s: %d %s", method, path, a.status, a.body)
		}
	}
}
