package house_test

import (
	"slices"
	"strings"
	"testing"
)

const (
	sdk       = "github.com/aws/aws-sdk-go-v2"
	lambda    = "github.com/aws/aws-lambda-go"
	bbolt     = "go.etcd.io/bbolt"
	sanitiser = "github.com/microcosm-cc/bluemonday"
)

// under reports whether the import is the package, or below it.
func under(imp string, packages ...string) bool {
	for _, p := range packages {
		if imp == p || strings.HasPrefix(imp, p+"/") {
			return true
		}
	}
	return false
}

// std reports whether the import belongs to the standard library.
func std(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".") && first+"/" != module
}

// TestLayers pins what the inner packages may import: nothing else keeps rules
// apart from storage, and storage from rules.
func TestLayers(t *testing.T) {
	t.Parallel()
	io := []string{"database", "io/fs", "log", "math/rand", "net", "os", "path/filepath", "syscall"}
	pure := func(imp string) bool { // of the standard library, and does no I/O
		return std(imp) && (!under(imp, io...) || imp == "net/mail" || imp == "net/netip" || imp == "net/url")
	}
	rules := map[string]func(imp string) bool{
		"shared/portal": func(imp string) bool {
			return pure(imp) || under(imp, "golang.org/x/text") || imp == module+"shared/search"
		},
		"shared/search": func(imp string) bool {
			return pure(imp) || under(imp, "golang.org/x/text", "github.com/clipperhouse/uax29", "github.com/blevesearch/snowballstem")
		},
		"shared/table": func(imp string) bool { return pure(imp) || under(imp, module+"shared/table/internal") },
		"shared/store": func(imp string) bool {
			return pure(imp) || imp == module+"shared/portal" || imp == module+"shared/table" || imp == module+"shared/search"
		},
		"shared/app":   std,
		"shared/queue": std,
		"shared/projection": func(imp string) bool {
			return std(imp) && !under(imp, "net", "os") || under(imp, "golang.org/x/sync",
				module+"shared/portal", module+"shared/search", module+"shared/store", module+"shared/table")
		},
	}
	seen := 0
	for _, p := range packages(t) {
		allowed, ok := rules[p.path()]
		if !ok {
			continue
		}
		seen++
		for _, imp := range p.Imports {
			if !allowed(imp) {
				t.Errorf("%s must not import %s", p.path(), imp)
			}
		}
	}
	if seen != len(rules) {
		t.Errorf("%d of the %d packages with rules exist", seen, len(rules))
	}
}

// TestOwners pins the only packages that may import what ties us to a technology.
// Tests count: a test that needs DynamoDB's types goes to its driver.
func TestOwners(t *testing.T) {
	t.Parallel()
	owners := map[string][]string{
		sdk + "/service/dynamodb":        {"shared/table/dynamo", "infra"},
		sdk + "/service/dynamodbstreams": {"shared/table/dynamo", "infra"},
		sdk + "/service/sqs":             {"shared/queue/sqs", "infra"},
		sdk + "/service/ses":             {"shared/mail/ses", "infra"},
		sdk + "/config":                  {}, // costs 2 ms at each start; shared/awsenv does what we need of it
		lambda:                           {"functions", "shared/lambdahttp", "shared/lambdastream", "shared/lambdaqueue", "shared/lambdaevents", "infra"},
		bbolt:                            {"shared/table/local"},
		module + "functions":             {},
		module + "infra":                 {"infra"},
		"github.com/stretchr/testify":    {}, // std testing and go-cmp say enough
		"github.com/golang/mock":         {}, // the fake is the in-memory driver
		"go.uber.org/mock":               {},
	}
	testers := map[string][]string{
		lambda: {"shared/web"}, // its HTTP scripts run a second time as Lambda events
	}
	for _, p := range packages(t) {
		for what, who := range owners {
			for _, imp := range p.Imports {
				if under(imp, what) && !p.within(who...) {
					t.Errorf("%s must not import %s", p.path(), imp)
				}
			}
			for _, imp := range slices.Concat(p.TestImports, p.XTestImports) {
				if under(imp, what) && !p.within(who...) && !p.within(testers[what]...) {
					t.Errorf("tests of %s must not import %s", p.path(), imp)
				}
			}
		}
	}
}

// TestFunctionsLink pins what each function links, because Lambda bills the
// initialisation of every linked package at each cold start, and people wait for it.
func TestFunctionsLink(t *testing.T) {
	t.Parallel()
	costly := map[string][]string{ // only these functions may link it
		sdk + "/service/sqs":             {"accounts", "notifications", "mail", "digest"},
		sdk + "/service/ses":             {"mail"},
		sdk + "/service/dynamodbstreams": {},
		sdk + "/config":                  {},
		sanitiser:                        {}, // 2 ms of regular expressions; it checks our own sanitiser in tests
		bbolt:                            {},
		"github.com/JohannesKaufmann":    {"imports"}, // turns HTML into Markdown
		"go.yaml.in/yaml":                {},          // 140 KB of zip
		module + "shared/web":            {"ideas", "votes", "comments", "statuses", "accounts", "imports"},
		module + "shared/transfer":       {"imports"},
		module + "shared/picture":        {"pictures"},                                                // 1.7 MB of fonts, zipped
		module + "shared/notify":         {"accounts", "notifications", "mail", "statuses", "digest"}, // statuses shows the team a mail beforehand
		module + "shared/throwaway":      {"accounts"},                                                // 51 KB of zip
		module + "shared/mail/outbox":    {},
		module + "shared/demo":           {},
		"testing":                        {},
	}
	seen := 0
	for _, p := range packages(t) {
		name, ok := strings.CutPrefix(p.path(), "functions/")
		if !ok {
			continue
		}
		seen++
		for _, dep := range p.Deps {
			for what, who := range costly {
				if under(dep, what) && !slices.Contains(who, name) {
					t.Errorf("functions/%s must not link %s", name, dep)
				}
			}
		}
	}
	if seen != 13 {
		t.Errorf("%d functions, want 13", seen)
	}
}
