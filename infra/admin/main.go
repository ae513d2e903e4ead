// Command admin is the operator's tool: it brings data in and out of a portal,
// recounts, and says who belongs to the team. Run it without arguments for its
// commands, and a command with -h for its flags.
//
// Start with commands in run; each has a file. It works on the data folder of a
// local program that is not running, or on a DynamoDB table. What it does to the
// data is in shared/transfer.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr, os.Getenv}))
}

// streams is what the program has of the outside.
type streams struct {
	out, err io.Writer
	getenv   func(string) string
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // also: recount -dry-run found a difference
	exitUsage  = 2
)

// errDiffers ends a recount that only looked, and found something.
var errDiffers = errors.New("derived numbers differ")

// usageError is a mistake in the command line.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

const usage = `admin is the operator's tool of a Groundswell portal.

  admin import -preset NAME FOLDER    ideas and comments of another system
  admin import -ideas FILE -map ...   the same, from any CSV files
  admin import FILE.jsonl             what export wrote
  admin export > FILE.jsonl           everything there is, as a backup
  admin export -csv FOLDER            tables for people: ideas, votes, members ...
  admin recount [-dry-run]            count again from votes and comments
  admin reindex [-restart]            write anew what ideas are found by
  admin grant EMAIL ROLE              make somebody member, team or admin
  admin mail-test -to ADDRESS         send a test mail, say what became of it
  admin mail-why -idea ID -to WHO     why somebody got a mail, or did not
  admin mail-again [-idea ID]         send what the sandbox of SES kept back
  admin suppressions list             addresses that get no mail, and why
  admin suppressions lift ADDRESS     let mail go there again
  admin unsubscribe-key list|rotate   the keys behind unsubscribe links

All work on a data folder (-data DIR, while no program serves it) or on a
DynamoDB table (-table NAME). admin COMMAND -h lists a command's flags.
`

func run(ctx context.Context, args []string, s streams) int {
	commands := map[string]func(context.Context, []string, streams) error{
		"import": importCommand, "export": exportCommand, "recount": recountCommand, "grant": grantCommand, "reindex": reindexCommand,
		"mail-test": mailTestCommand, "mail-why": mailWhyCommand, "mail-again": mailAgainCommand, "suppressions": suppressionsCommand,
		"unsubscribe-key": unsubscribeKeyCommand,
	}
	if len(args) == 0 || args[0] == "-h" || args[0] == "-help" || args[0] == "--help" || args[0] == "help" {
		fmt.Fprint(s.err, usage)
		return exitUsage
	}
	command, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(s.err, "admin: there is no command %q; run admin without arguments for what there is\n", args[0])
		return exitUsage
	}
	err := command(ctx, args[1:], s)
	var wrong usageError
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errDiffers):
		return exitFailed
	case ctx.Err() != nil:
		err = errors.New("interrupted; it can be run again")
	}
	fmt.Fprintf(s.err, "admin %s: %s\n", args[0], oneLine(err))
	if errors.As(err, &wrong) {
		return exitUsage
	}
	return exitFailed
}
