package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundswell/shared/portal"
)

const grantUsage = `admin grant [-data DIR | -table NAME] EMAIL ROLE

Makes the member with the address member, team or admin. Who is not a member yet
becomes one; they sign in with a code like everybody else.
`

func grantCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("grant", flag.ContinueOnError)
	at.add(f)
	rest, err := parse(f, args, s, grantUsage)
	if err != nil {
		return err
	}
	if len(rest) != 2 {
		return usagef("it takes an address and a role: admin grant EMAIL team")
	}
	p, err := at.open(s, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	m, err := p.portal.Grant(ctx, rest[0], portal.Role(rest[1]))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s (%s) is now %s\n", m.Name, m.ID, m.Role)
	return nil
}
