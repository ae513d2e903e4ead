package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"groundswell/shared/app/onefile"
	"groundswell/shared/sheet"
	"groundswell/shared/transfer"
)

const exportUsage = `admin export [-data DIR | -table NAME] > FILE.jsonl
admin export [-data DIR | -table NAME] -csv FOLDER [-excel] [-only KIND,...] [-addresses]
admin export [-data DIR | -table NAME] -jsonl FOLDER [-only KIND,...] [-addresses]

Without a folder it writes every record as JSON Lines, which admin import reads
back: a backup. It holds addresses and sessions: keep it as safe as the portal
itself. A table can be in use meanwhile; LC_ALL=C sort puts the lines of its export
into an order.

With a folder it writes tables for people to work with: ideas, comments, votes,
follows, history, dossiers (owners and tags), notes, members, mails and log. No cell
begins a formula. Addresses of members are in them with -addresses alone, which the
portal's log keeps. Ideas and comments go back in by admin import -preset generic
FOLDER, and with addresses the votes of those who have one; without, ideas bring the
number of their votes along. The other tables are to be read, not to be imported.
`

// exportFlags are the flags of export.
type exportFlags struct {
	place      placeFlags
	csv, jsonl string
	excel      bool
	only       string
	base       string
	addresses  bool
}

func (o *exportFlags) add(f *flag.FlagSet) {
	o.place.add(f)
	f.StringVar(&o.csv, "csv", "", "write tables as CSV into a `folder`")
	f.StringVar(&o.jsonl, "jsonl", "", "write tables as JSON Lines into a `folder`")
	f.BoolVar(&o.excel, "excel", false, "begin CSV with a byte order mark, which Excel wants to see before UTF-8")
	f.StringVar(&o.only, "only", "", "`KIND,...` of ideas, comments, votes, follows, history, dossiers, notes, members, mails and log")
	f.BoolVar(&o.addresses, "addresses", false, "with the addresses of members; the log keeps that they were taken")
	f.StringVar(&o.base, "base-url", "", "`address` of the portal, for the links of ideas")
}

func exportCommand(ctx context.Context, args []string, s streams) (err error) {
	var o exportFlags
	f := flag.NewFlagSet("export", flag.ContinueOnError)
	o.add(f)
	rest, err := parse(f, args, s, exportUsage)
	if err != nil {
		return err
	}
	if len(rest) != 0 {
		return usagef("it takes no arguments and writes to standard output")
	}
	tables, err := o.tables()
	if err != nil {
		return err
	}
	p, err := o.place.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	bar := newBar(s)
	defer bar.end()
	if tables == nil {
		n, err := transfer.Export(ctx, p.table, s.out, p.caughtUp(ctx), bar.update)
		bar.end()
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "%d records exported\n", n)
		return nil
	}
	tables.Store, tables.Progress = p.store, bar.update
	if o.addresses {
		if err := p.portal.LogAddresses(ctx, "", "admin export"); err != nil {
			return err
		}
	}
	counts, err := tables.Export(ctx, p.table)
	bar.end()
	for _, k := range sheet.Kinds {
		if n, ok := counts[k.Name]; ok {
			fmt.Fprintf(s.out, "%s: %d\n", k.Name, n)
		}
	}
	return err
}

// tables says which tables to write, and where; nil = none.
func (o *exportFlags) tables() (*transfer.Sheets, error) {
	folder, format := o.csv, sheet.CSV
	if o.jsonl != "" {
		folder, format = o.jsonl, sheet.JSONL
	}
	switch {
	case o.csv != "" && o.jsonl != "":
		return nil, usagef("-csv and -jsonl say two formats; choose one")
	case folder == "" && (o.only != "" || o.excel || o.addresses):
		return nil, usagef("-only, -excel and -addresses are about tables: say -csv FOLDER or -jsonl FOLDER")
	case folder == "":
		return nil, nil
	}
	var only []string
	for name := range strings.SplitSeq(o.only, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if _, ok := sheet.KindNamed(name); !ok {
			return nil, usagef("-only: there is no kind %q", name)
		}
		only = append(only, name)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return &transfer.Sheets{Options: sheet.Options{Format: format, Mark: o.excel}, Addresses: o.addresses, BaseURL: strings.TrimRight(o.base, "/"),
		Create: func(k sheet.Kind) (io.WriteCloser, error) {
			if len(only) > 0 && !slices.Contains(only, string(k.Name)) {
				return nil, nil
			}
			return os.OpenFile(filepath.Join(folder, k.File(format)), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		}}, nil
}

// caughtUp reports whether the folder's consumers have seen everything. Of a table
// nobody here can tell.
func (p *place) caughtUp(ctx context.Context) bool {
	if p.folder == nil {
		return false
	}
	now, cancel := context.WithCancel(ctx)
	cancel() // look, don't wait
	return p.folder.Table.Drained(now, onefile.Projections, onefile.Notifications) == nil
}
