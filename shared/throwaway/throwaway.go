// Package throwaway knows the domains of mailboxes that are made to be thrown away:
// anybody can have any number of them, without a name and within seconds, so ten
// members with such addresses may be one person. Honest people use them too, who fear
// for their mailbox; so an address on the list says something beside what else is odd,
// and nothing by itself.
//
// Start with [Is]. The list, list.txt, is disposable-email-domains-js, the list of the
// disposable-email-domains project as npm has it (CC0), kept by people who look at each
// domain; its first line says which version and when it was made. `go run
// ./infra/throwaway` brings the newest (infra/README.md). It is kept as text, so that a
// change can be read before it is taken, and searched where it lies in the program: it
// costs no start-up, no memory of its own, some microseconds a look, and 51 KB of
// the one zip that links it.
//
// This package must not decide anything, and must not be linked where nobody signs in:
// what it says is kept with the member (portal.Member.Throwaway).
package throwaway

import (
	_ "embed"
	"strings"
)

//go:embed list.txt
var list string

// Version is the list's first line: where it is from, its version and its date.
func Version() string {
	first, _, _ := strings.Cut(list, "\n")
	return strings.TrimPrefix(first, "# ")
}

// Is reports whether the address is of a domain on the list, or of one below such a
// domain: whose mailboxes are thrown away owns all names under its own. Domains with
// other letters than a to z are known as they are written and as DNS has them (xn--).
func Is(email string) bool {
	domain := strings.ToLower(email[strings.LastIndexByte(email, '@')+1:])
	for domain = strings.TrimSuffix(domain, "."); strings.Contains(domain, "."); {
		if listed(domain) {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return false
}

// listed looks for a line by bisection: lines are sorted by their bytes.
func listed(domain string) bool {
	for from, to := 0, len(list); from < to; {
		middle := from + (to-from)/2
		start := from + strings.LastIndexByte(list[from:middle], '\n') + 1
		end := len(list)
		if n := strings.IndexByte(list[start:], '\n'); n >= 0 {
			end = start + n
		}
		switch line := list[start:end]; {
		case line == domain:
			return true
		case line < domain:
			from = min(end+1, to)
		default:
			to = start
		}
	}
	return false
}
