// Command smoke walks through a deployed portal as a visitor and, if it can read a
// mail, as a member, and says of each step whether it went as it should. Run it
// after every deployment; its exit code is 1 when a step failed.
//
//	go run ./infra/smoke -url https://ideas.example.com                      # visitors
//	go run ./infra/smoke -url URL -email you@example.com                     # members: asks for the code
//	go run ./infra/smoke -url URL -email a@example.com -code-from URL/_local/mail.json
//	go run ./infra/smoke -url URL -email a@example.com -code-command './last-code'
//
// What it makes, it takes away again: the vote, the comment and the account. The
// idea stays, since ideas do, as text by a former member; if the account belongs to
// the team, the account stays too and the idea is declined.
//
// Start with [run]; visitor.go and member.go are the two walks.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout))
}

// run walks and returns the exit code: 0 if all went well, 1 if a step failed, 2 if
// the arguments are wrong.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) int {
	w, err := parse(args, in, out)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(out, err)
		}
		return 2
	}
	ctx, cancel := context.WithTimeout(ctx, w.limit)
	defer cancel()
	w.visitor(ctx)
	if w.email != "" {
		w.member(ctx)
	}
	fmt.Fprintf(out, "%d steps, %d failed\n", w.steps, w.failed)
	if w.failed > 0 {
		return 1
	}
	return 0
}

func parse(args []string, in io.Reader, out io.Writer) (*walk, error) {
	w := &walk{in: in, out: out, cookies: map[string]string{}}
	f := flag.NewFlagSet("smoke", flag.ContinueOnError)
	f.SetOutput(out)
	f.StringVar(&w.base, "url", "", "the portal's `address`")
	f.StringVar(&w.host, "host", "", "`name` to ask for, where the address is a way to the portal and not its own")
	f.StringVar(&w.email, "email", "", "`address` to sign in with; without it, only what visitors see is looked at")
	f.StringVar(&w.codeFrom, "code-from", "", "`address` of a list of mails, as the local program's outbox has it")
	f.StringVar(&w.codeCommand, "code-command", "", "`command` that prints the mail with the code, or the code")
	f.DurationVar(&w.limit, "limit", 5*time.Minute, "how long the whole walk may take, waiting for a mail included")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	u, err := url.Parse(w.base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("-url must be an address such as https://ideas.example.com")
	}
	w.base = strings.TrimSuffix(w.base, "/")
	w.tls = u.Scheme == "https" || w.host != ""
	return w, nil
}
