package template_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFunctions: what every function has, whatever it does.
func TestFunctions(t *testing.T) {
	t.Parallel()
	all := translated(t)
	roles, logs := map[string]bool{}, map[string]bool{}
	for id, f := range ofType(all, "AWS::Lambda::Function") {
		for _, c := range []struct {
			what string
			got  any
			want string
		}{
			{"Runtime", f["Runtime"], `"provided.al2023"`},
			{"Architectures", f["Architectures"], `["arm64"]`},
			{"Handler", f["Handler"], `"bootstrap"`},
			{"LogFormat", at(f, "LoggingConfig", "LogFormat"), `"JSON"`},
			{"SSL_CERT_FILE", at(f, "Environment", "Variables", "SSL_CERT_FILE"), `"/var/task/amazon.pem"`},
			{"BuildMethod", at(all[id], "Metadata", "BuildMethod"), `"makefile"`},
			{"ContextPath", at(all[id], "Metadata", "ContextPath"), `"."`},
			{"WorkingDirectory", at(all[id], "Metadata", "WorkingDirectory"), `"."`},
		} {
			if compact(c.got) != c.want {
				t.Errorf("%s: %s is %s, want %s", id, c.what, compact(c.got), c.want)
			}
		}
		if at(f, "MemorySize") == nil || at(f, "Timeout") == nil {
			t.Errorf("%s: memory or timeout are left to Lambda", id)
		}
		role, _ := at(f, "Role", "Fn::GetAtt", 0).(string)
		if all[role]["Type"] != "AWS::IAM::Role" || roles[role] {
			t.Errorf("%s: role %q is not its own", id, role)
		}
		roles[role] = true
		log, _ := at(f, "LoggingConfig", "LogGroup", "Ref").(string)
		if all[log]["Type"] != "AWS::Logs::LogGroup" || logs[log] {
			t.Errorf("%s: log group %q is not its own", id, log)
		}
		logs[log] = true
	}
	for id, l := range ofType(all, "AWS::Logs::LogGroup") {
		if l["RetentionInDays"] == nil {
			t.Errorf("%s: logs are kept for ever", id)
		}
	}
}

// TestFolders: each folder of functions/ is a function, has a sample event beside
// it, and is built by the Makefile.
func TestFolders(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, f := range functions(t) {
		declared = append(declared, f.Name)
		if want := strings.ToUpper(f.Name[:1]) + f.Name[1:] + "Function"; f.ID != want {
			t.Errorf("%s: want %s, for the Makefile's targets", f.ID, want)
		}
		if !strings.Contains(string(makefile), " "+strings.TrimSuffix(f.ID, "Function")) {
			t.Errorf("%s: not in the Makefile's FUNCTIONS", f.ID)
		}
		for _, name := range []string{"main.go", "event.json"} {
			if _, err := os.Stat(filepath.Join("../../functions", f.Name, name)); err != nil {
				t.Error(err)
			}
		}
	}
	entries, err := os.ReadDir("../../functions")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(declared, e.Name()) {
			t.Errorf("functions/%s is not in the template", e.Name())
		}
	}
}
