// Package app reads what a deployment says about itself. Start with [FromEnv]:
// each function names the variables that it needs, and does not start without
// them. The portal itself is put together in shared/app/site, the same for the
// cloud and for the local program.
//
// This package must import nothing but the standard library: every function links
// it, and pays for what it links at each start.
package app

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
)

// Var is an environment variable; template.yaml sets it.
type Var string

// The variables. The clients of AWS's services read their own: TABLE_NAME is
// shared/table/dynamo's, the rest shared/awsenv's.
const (
	BaseURL          Var = "BASE_URL"          // the portal's own address; may be empty
	PortalName       Var = "PORTAL_NAME"       // as pages and mails show it
	Brand            Var = "BRAND"             // what a brand file says, as shared/brand reads it; may be empty
	TeamEmails       Var = "TEAM_EMAILS"       // first members of the team, with commas between them
	MailFrom         Var = "MAIL_FROM"         // address that mails come from
	MailQueueURL     Var = "MAIL_QUEUE_URL"    // of the SQS queue
	ConfigurationSet Var = "CONFIGURATION_SET" // of SES; may be empty
	MailRate         Var = "MAIL_RATE"         // mails a second that are queued for many at once; empty = no limit
)

// optional variables may be empty or missing, which is the same here.
var optional = map[Var]bool{BaseURL: true, Brand: true, ConfigurationSet: true, MailRate: true}

// Config holds the variables that were asked for; the others are zero.
type Config struct {
	BaseURL          string // without a slash at the end; "" = whatever address a request came to
	PortalName       string // unless the brand has one
	Brand            string // JSON; "" = the portal's own
	TeamEmails       []string
	MailFrom         string
	MailQueueURL     string
	ConfigurationSet string // "" = none
	MailRate         int    // 0 = no limit
}

// FromEnv reads the variables by getenv, which is os.Getenv. Its error names every
// variable that is missing or wrong.
func FromEnv(getenv func(string) string, vars ...Var) (Config, error) {
	var c Config
	var errs []error
	for _, v := range vars {
		s := strings.TrimSpace(getenv(string(v)))
		if s == "" {
			if !optional[v] {
				errs = append(errs, fmt.Errorf("%s is not set", v))
			}
			continue
		}
		if err := c.set(v, s); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", v, err))
		}
	}
	return c, errors.Join(errs...)
}

func (c *Config) set(v Var, s string) (err error) {
	switch v {
	case BaseURL:
		c.BaseURL, err = baseURL(s)
	case PortalName:
		c.PortalName = s
	case Brand:
		c.Brand = s
	case TeamEmails:
		c.TeamEmails, err = Emails(s)
	case MailFrom:
		c.MailFrom, err = email(s)
	case MailQueueURL:
		c.MailQueueURL = s
	case ConfigurationSet:
		c.ConfigurationSet = s
	case MailRate:
		if c.MailRate, err = strconv.Atoi(s); err != nil || c.MailRate < 1 {
			err = errors.New("must be a whole number above 0")
		}
	default:
		err = errors.New("unknown variable")
	}
	return err
}

// baseURL takes an origin: a scheme and a host.
func baseURL(s string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(s, "/"))
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.String() != u.Scheme+"://"+u.Host {
		return "", errors.New("must be like https://ideas.example.com")
	}
	return u.String(), nil
}

// Emails are the addresses of a list with commas between them.
func Emails(list string) ([]string, error) {
	var out []string
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		e, err := email(s)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// email takes a bare address. Its error does not repeat what may be somebody's.
func email(s string) (string, error) {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", errors.New("must be like name@example.com")
	}
	return s, nil
}
