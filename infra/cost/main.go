package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if err := run(os.Stdout, "."); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

// run prints the table; dir is the module's root.
func run(w io.Writer, dir string) error {
	prices, m, err := read()
	if err != nil {
		return err
	}
	s, err := stands(dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("| USD a month, at requests a month |")
	for _, n := range m.Months {
		fmt.Fprintf(&b, " %s |", count(n))
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(m.Months)) + "\n")
	sums := make([]float64, len(m.Months))
	for i := range lines(prices, m, s, 0) {
		var row []string
		for j, n := range m.Months {
			l := lines(prices, m, s, n)[i]
			sums[j] += l.usd
			row = append(row, money(l.usd))
			if j == len(m.Months)-1 {
				fmt.Fprintf(&b, "| %s | %s |\n", l.what, strings.Join(row, " | "))
			}
		}
	}
	b.WriteString("| **all** |")
	for _, sum := range sums {
		fmt.Fprintf(&b, " **%s** |", money(sum))
	}
	b.WriteString("\n")
	_, err = io.WriteString(w, b.String())
	return err
}

type line struct {
	what string
	usd  float64
}

// lines are what n requests a month cost, by what it is for.
func lines(p map[string]price, m model, s standing, n float64) []line {
	var reads, writes, consumed, mails float64 // per request
	for _, r := range m.Requests {
		share := r.Of / 100
		for _, a := range r.Access {
			reads += share * a.Reads
			writes += share * a.Writes
		}
		reads += share * r.Follows.Reads
		writes += share * r.Follows.Writes
		consumed += share * (r.Follows.Invocations + r.Follows.Mails)
		mails += share * r.Follows.Mails
	}
	a := m.Assumed
	const kb, gb = 1024, 1 << 30
	seconds := n * (a.RequestMS*a.RequestMB + consumed*a.ConsumerMS*a.ConsumerMB) / 1000 / 1024
	kept := n * writes * a.RowKB * kb * a.Months / gb
	files := n * a.Files
	hours := min(1, n*writes/730) // a metric is paid for in hours that it has a value in
	return []line{
		{"edge (CloudFront)", p["edge_request"].of(n+files) + p["edge_function"].of(n) + p["edge_gb"].of((n*a.PageKB+files*a.FileKB)*kb/gb)},
		{"API (API Gateway)", p["api_request"].of(n)},
		{"functions (Lambda)", p["lambda_request"].of(n*(1+consumed)) + p["lambda_gbs"].of(seconds)},
		{"reading and writing (DynamoDB)", p["read_unit"].of(n*reads) + p["write_unit"].of(n*writes)},
		{"a year's data, and its backups", p["table_gb"].of(kept) + p["backup_gb"].of(kept)},
		{"mails (SES, SQS)", p["mail"].of(n*mails) + p["queue_request"].of(a.Polls+n*mails*a.QueuePerMail)},
		{"logs (CloudWatch)", p["log_gb"].of(n * (a.LogRequestKB + consumed*a.LogConsumerKB) * kb / gb)},
		{"metrics and alarms, dashboard, key", p["alarm"].of(s.alarms) + p["dashboard"].of(s.dashboards) + p["key"].of(s.keys) + p["metric"].of(a.Metrics*hours)},
	}
}

func money(usd float64) string {
	if usd < 100 {
		return fmt.Sprintf("%.2f", usd)
	}
	return count(usd)
}

// count writes a whole number with commas.
func count(n float64) string {
	s := fmt.Sprintf("%.0f", n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
