package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"groundswell/shared/app/onefile"
	"groundswell/shared/demo"
)

// demoTeam signs in as the demo community's first admin where -team names nobody.
const demoTeam = "team@example.com"

// moveIn fills an empty folder with the demo community, counted before the first
// page is shown. A folder that holds ideas stays as it is.
func (p *program) moveIn(ctx context.Context, one *onefile.App) error {
	o := demo.Options{Store: one.Store, Scan: one.Table, Categories: one.Portal.Categories, Now: time.Now(), TeamEmail: p.Team[0]}
	f, err := demo.Fill(ctx, o)
	if errors.Is(err, demo.ErrNotEmpty) {
		fmt.Fprintf(p.Out, "%s holds ideas already: the demo community stays out\n", p.Data)
		return nil
	}
	if err == nil {
		err = demo.Work(ctx, o)
	}
	if err == nil {
		err = one.CatchUp(ctx)
	}
	if err == nil {
		_, err = one.Projections.Settle(ctx)
	}
	if err != nil {
		return err
	}
	message.NewPrinter(language.English).Fprintf(p.Out, "the demo community moved in: %d ideas, %d votes, %d comments, %d members\n",
		f.Ideas, f.Votes, f.Comments, f.Members)
	return nil
}
