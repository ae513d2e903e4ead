package main

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"groundswell/shared/app/onefile"
	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/local"
)

// placeFlags say which portal a command works on.
type placeFlags struct{ data, table string }

func (p *placeFlags) add(f *flag.FlagSet) {
	f.StringVar(&p.data, "data", "", "data `folder` of a local program (default \"data\")")
	f.StringVar(&p.table, "table", "", "`name` of a DynamoDB table; region, credentials and AWS_ENDPOINT_URL come from the environment")
}

// place is an open portal.
type place struct {
	table interface {
		table.Table
		table.Scanner
	}
	store       *store.Store
	portal      *portal.Portal
	projections *projection.Consumer
	folder      *onefile.App // nil on DynamoDB
	close       func() error
}

var errNoPortal = errors.New("there is no portal")

// open opens the portal; create says that a new folder will do.
func (p placeFlags) open(s streams, create bool) (*place, error) {
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelError}))
	switch {
	case p.data != "" && p.table != "":
		return nil, usagef("-data and -table say two places; choose one")
	case p.table != "":
		return p.openTable(s, log)
	case p.data == "":
		p.data = "data"
	}
	file := filepath.Join(p.data, onefile.File)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if !create {
			return nil, fmt.Errorf("%w in the folder %s: it has no %s", errNoPortal, p.data, onefile.File)
		}
		if err := os.MkdirAll(p.data, 0o700); err != nil {
			return nil, err
		}
	}
	app, err := onefile.Open(p.data, onefile.Options{Log: log})
	if err != nil {
		if errors.Is(err, local.ErrInUse) {
			err = fmt.Errorf("%w: stop the program that serves it first", err)
		}
		return nil, err
	}
	return &place{table: app.Table, store: app.Store, portal: app.Portal, projections: app.Projections, folder: app, close: app.Close}, nil
}

func (p placeFlags) openTable(s streams, log *slog.Logger) (*place, error) {
	tab, err := dynamo.FromEnv(func(name string) string {
		if name == "TABLE_NAME" {
			return p.table
		}
		return s.getenv(name)
	})
	if err != nil {
		return nil, err
	}
	st := &store.Store{Table: tab, Clock: time.Now}
	return &place{table: tab, store: st, close: func() error { return nil },
		portal: &portal.Portal{Store: st, Clock: time.Now, IDs: portal.IDs{Rand: rand.Reader},
			Categories: portal.DefaultCategories(), Locales: []string{"en"}},
		projections: &projection.Consumer{Store: st, Clock: time.Now, Log: log}}, nil
}

// parse reads a command's flags, which may stand before and behind its arguments.
func parse(f *flag.FlagSet, args []string, s streams, usage string) ([]string, error) {
	f.SetOutput(io.Discard) // a mistake is reported in one line, at the end
	f.Usage = func() {}
	var rest []string
	for {
		switch err := f.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			f.SetOutput(s.err)
			fmt.Fprintf(s.err, "%s\nFlags:\n", usage)
			f.PrintDefaults()
			return nil, err
		case err != nil:
			return nil, usageError{err}
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, f.Arg(0))
		args = f.Args()[1:]
	}
}

// oneLine is what an operator has to read of an error.
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
}
