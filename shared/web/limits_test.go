package web

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/search"
)

// docs/limits.md says what the code does.
func TestLimitsInTheDocs(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{"How often": ratesTable(), "How much": sizesTable()} {
		_, section, _ := strings.Cut(string(b), "## "+what+"\n\n")
		table, _, _ := strings.Cut(section, "\n\n")
		if strings.TrimSpace(table) != strings.TrimSpace(want) {
			t.Errorf("docs/limits.md, %q, should be:\n%s", what, want)
		}
	}
}

func ratesTable() string {
	var s strings.Builder
	s.WriteString("| what | member | in the first day | network | e-mail address |\n|---|---|---|---|---|\n")
	for _, r := range portal.Rates() {
		fresh := r.Fresh
		if fresh.N == 0 {
			fresh = r.Member
		}
		fmt.Fprintf(&s, "| %s (`%s`) | %s | %s | %s | %s |\n", r.What, r.Name, quotaText(r.Member), quotaText(fresh), quotaText(r.Network), quotaText(r.Email))
	}
	return s.String()
}

func quotaText(q portal.Quota) string {
	if q.N == 0 {
		return ""
	}
	per := map[time.Duration]string{5 * time.Minute: "5 minutes", 10 * time.Minute: "10 minutes", 15 * time.Minute: "15 minutes",
		time.Hour: "hour", 3 * time.Hour: "3 hours", 24 * time.Hour: "day"}[q.Per]
	switch q.Write {
	case portal.Each:
		return fmt.Sprintf("%d / %s", q.N, per)
	case portal.None:
		return fmt.Sprintf("%d / %s, each process", q.N, per)
	}
	return fmt.Sprintf("about %d / %s", q.N, per)
}

func sizesTable() string {
	var s strings.Builder
	s.WriteString("| what | limit |\n|---|---|\n")
	for _, l := range []struct {
		what  string
		limit string
	}{
		{"Title of an idea", fmt.Sprintf("%d to %d characters", portal.MinTitle, portal.MaxTitle)},
		{"Text of an idea", fmt.Sprintf("%d characters", portal.MaxBody)},
		{"Comment", fmt.Sprintf("%d characters", portal.MaxComment)},
		{"Note on a change of status", fmt.Sprintf("%d characters", portal.MaxNote)},
		{"Words beside a report or a decision, answer to one", fmt.Sprintf("%d characters", portal.MaxReasonNote)},
		{"Name", fmt.Sprintf("%d characters", portal.MaxName)},
		{"E-mail address", fmt.Sprintf("%d characters", portal.MaxEmail)},
		{"Link", fmt.Sprintf("%d characters", portal.MaxLink)},
		{"Words of a search that count", fmt.Sprint(search.MaxNeeds)},
		{"Words of an idea that it is found by", fmt.Sprint(search.MaxTerms)},
		{"Page of a list, in JSON", fmt.Sprintf("%d, %d unless asked", portal.MaxLimit, portal.DefaultLimit)},
		{"Body of a request", fmt.Sprintf("%d bytes", maxBody)},
		{"Sign-in code", fmt.Sprintf("%d minutes, %d tries, another one after %d seconds", int(portal.CodeLife.Minutes()), portal.CodeTries, int(portal.ResendAfter.Seconds()))},
		{"Session", fmt.Sprintf("%d days without use, %d days in all", int(portal.SessionIdle.Hours()/24), int(portal.SessionLife.Hours()/24))},
		{"File to import in the console", fmt.Sprintf("%d MB, a ZIP unpacked %d MB, kept for %d hours", portal.MaxIntake>>20, portal.MaxUnpacked>>20, int(portal.IntakeLife.Hours()))},
		{"Editing one's idea", fmt.Sprintf("%d minutes", int(portal.EditWindow.Minutes()))},
	} {
		fmt.Fprintf(&s, "| %s | %s |\n", l.what, l.limit)
	}
	return s.String()
}
