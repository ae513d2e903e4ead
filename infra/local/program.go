package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/app"
	"groundswell/shared/app/onefile"
	"groundswell/shared/demo"
	"groundswell/shared/mail/outbox"
)

// program is the local program; Run is all of it, so that a test can run it too.
type program struct {
	Addr, Data, Name, BaseURL string
	Team                      []string
	Brand                     string // the file's text
	Demo                      bool
	Out                       io.Writer
	Log                       *slog.Logger

	level slog.Level
	ready func(net.Addr) // tests learn the port
}

func (p *program) parse(args []string) error {
	f := flag.NewFlagSet("local", flag.ContinueOnError)
	f.StringVar(&p.Addr, "addr", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&p.Data, "data", "data", "folder that holds everything")
	f.StringVar(&p.Name, "name", "Groundswell", "the portal's name")
	f.StringVar(&p.BaseURL, "base-url", "", "the portal's own address, where a proxy changes it")
	f.TextVar(&p.level, "log", slog.LevelWarn, "log `level`: debug, info (a line a request), warn, error")
	f.BoolVar(&p.Demo, "demo", false, "let a small made-up community move into an empty data folder")
	brand := f.String("brand", "", "`file` with the portal's name, logo, colours, words and categories; see README.md")
	team := f.String("team", "", "e-mail addresses of the first admins, with commas between them")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("what is %q? There are options only; see -help", f.Arg(0))
	}
	var err error
	if p.Team, err = app.Emails(*team); err != nil {
		return fmt.Errorf("-team: %w", err)
	}
	if *brand != "" {
		text, err := os.ReadFile(*brand)
		if err != nil {
			return fmt.Errorf("-brand: %w", err)
		}
		p.Brand = string(text)
	}
	if p.Demo && len(p.Team) == 0 {
		p.Team = []string{demoTeam}
	}
	return nil
}

// memory is what the Go heap is asked to stay in. The file's pages come on top:
// they are the system's cache, and it takes them back when it wants to.
const memory = 40 << 20

// Run serves until ctx ends.
func (p *program) Run(ctx context.Context) error {
	debug.SetMemoryLimit(memory)
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", p.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	one, err := onefile.Open(p.Data, onefile.Options{Name: p.Name, Brand: p.Brand, BaseURL: p.BaseURL, Addr: listener.Addr(), Team: p.Team, Log: p.Log})
	if err != nil {
		return err
	}
	defer one.Close()
	p.Name = one.Name
	if p.Demo {
		if err := p.moveIn(ctx, one); err != nil {
			return fmt.Errorf("fill with the demo community: %w", err)
		}
	}

	mux := http.NewServeMux()
	mux.Handle("/", one.Handler())
	for _, path := range []string{outbox.Path, outbox.Path + ".json", outbox.Path + "/"} {
		mux.Handle(path, one.Outbox())
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 10 << 10,
		ErrorLog: slog.NewLogLogger(p.Log.Handler(), slog.LevelDebug)}

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return one.Run(ctx) })
	g.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return server.Shutdown(grace)
	})
	p.greet(listener.Addr())
	return g.Wait()
}

func (p *program) greet(a net.Addr) {
	if p.ready != nil {
		p.ready(a)
	}
	url := "http://" + a.String()
	fmt.Fprintf(p.Out, "%s is at %s\n", p.Name, url)
	customer := "any address"
	if p.Demo {
		customer = demo.Customer + ", who has been here for long, or any other address"
	}
	fmt.Fprintf(p.Out, "  a customer signs in with  %s\n", customer)
	for _, e := range p.Team {
		fmt.Fprintf(p.Out, "  the team signs in with    %s\n", e)
	}
	fmt.Fprintf(p.Out, "  codes and all mails are   %s%s\n", url, outbox.Path)
}
