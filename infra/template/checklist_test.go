package template_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestChecklist: every test that the runbook's list names is there.
func TestChecklist(t *testing.T) {
	t.Parallel()
	runbook, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, pattern := range []string{"../*/*_test.go", "../../shared/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
	}
	_, section, _ := strings.Cut(string(runbook), "\n## What is checked before\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := 0
	for line := range strings.SplitSeq(section, "\n") {
		if !strings.HasPrefix(line, "| "+strconv.Itoa(rows+1)+" |") {
			continue
		}
		rows++
		tests := regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("nothing checks: %s", line)
		}
		for _, m := range tests {
			if !strings.Contains(all.String(), "\nfunc "+m[1]+"(t *testing.T)") {
				t.Errorf("row %d names %s, which is no test", rows, m[1])
			}
		}
	}
	if rows != 30 {
		t.Errorf("%d rows in order, want 30", rows)
	}
}

// TestOutputs: what whoever runs the stack asks for.
func TestOutputs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Url", "EdgeHost", "TableName", "Alarms", "MailDeadLettersUrl", "StreamFailuresUrl", "EventFailuresUrl", "MailDns"} {
		o := load(t).Outputs[name]
		if at(o, "Value") == nil || at(o, "Description") == nil {
			t.Errorf("no output %s, or not said what it is", name)
		}
	}
	config, err := os.ReadFile("../../samconfig.toml")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^tags = "\w+=\w+"`).Match(config) {
		t.Error("samconfig.toml has no tags")
	}
}
