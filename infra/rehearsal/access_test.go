package rehearsal

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/infra/template"
	"groundswell/shared/portal"
)

// access is what the functions of all tests asked for and what their roles grant.
var access = struct {
	mu       sync.Mutex
	used     map[string]map[string]bool // by function: actions, each with its resource
	policies map[string]template.Policy
}{used: map[string]map[string]bool{}, policies: map[string]template.Policy{}}

// byLambda is what Lambda does in a function's name, so that no call of the function
// shows it (AWS Lambda Developer Guide: "Defining Lambda function permissions with an
// execution role", and the pages on each event source).
func byLambda(f template.Function, values template.Values) (needs []string) {
	log := values[strings.TrimSuffix(f.ID, "Function")+"Log.Arn"]
	needs = append(needs, "logs:CreateLogStream "+log, "logs:PutLogEvents "+log)
	for _, src := range f.Sources {
		if src.Type == "SQS" {
			for _, a := range []string{"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"} {
				needs = append(needs, "sqs:"+a+" "+values["MailQueue.Arn"])
			}
			continue
		}
		for _, a := range []string{"DescribeStream", "GetRecords", "GetShardIterator"} {
			needs = append(needs, "dynamodb:"+a+" "+values["Table.StreamArn"])
		}
		needs = append(needs, "dynamodb:ListStreams "+values["Table.Arn"]+"/stream/*", "sqs:SendMessage "+values["StreamFailures.Arn"])
	}
	if len(f.Rules) > 0 { // where an event goes that the function failed at
		needs = append(needs, "sqs:SendMessage "+values["EventFailures.Arn"])
	}
	return needs
}

// tell remembers what the test's functions asked for.
func (s *stack) tell(tmpl *template.Template, fs []template.Function) {
	access.mu.Lock()
	defer access.mu.Unlock()
	for _, f := range fs {
		policy, err := tmpl.Policy(f, s.values)
		if err != nil {
			s.Fatal(err)
		}
		used := access.used[f.Name]
		if used == nil {
			used = map[string]bool{}
			access.used[f.Name] = used
		}
		plain := func(need string) string { // each test has a table and a stream of its own
			return strings.ReplaceAll(need, s.values["Table.StreamArn"], "stream")
		}
		for _, g := range s.guards[f.Name] {
			for _, need := range g.Used() {
				used[plain(need)] = true
			}
		}
		for _, need := range byLambda(f, s.values) {
			used[plain(need)] = true
		}
		for i, g := range policy {
			policy[i].Resource = plain(g.Resource)
		}
		access.policies[f.Name] = policy
	}
}

// spare is what roles grant and nobody asked for, in any of the tests. What is
// missing, the guards have refused: see guard.
func spare() (out []string) {
	access.mu.Lock()
	defer access.mu.Unlock()
	// Until Monday morning no weekly summary is due, and what only it needs stays unused.
	_, due := portal.DigestDue(time.Now())
	for name, policy := range access.policies {
		for _, g := range policy {
			one := template.Policy{g}
			if g.Resource == "" || slices.ContainsFunc(slices.Collect(maps.Keys(access.used[name])), func(need string) bool {
				action, resource, _ := strings.Cut(need, " ")
				return one.Allows(action, resource)
			}) {
				continue
			}
			if !due && (name == "digest" || name == "mail" && strings.Contains(g.Resource, "/index/")) {
				continue
			}
			out = append(out, name+": "+g.Action+" "+g.Resource)
		}
	}
	slices.Sort(out)
	return out
}

// TestMain compares roles with use once all tests have run; part of them shows
// nothing.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := allAtOnce(); err != nil {
		panic(err)
	}
	code := m.Run()
	if len(access.policies) > 0 {
		dir, _ := built()
		os.RemoveAll(dir) //nolint:errcheck // it is in the system's folder for what may go
	}
	if code == 0 && len(access.policies) > 0 && flag.Lookup("test.run").Value.String() == "" {
		s := spare()
		for _, g := range s {
			fmt.Println("a role grants what nobody used:", g)
		}
		fmt.Printf("roles of %d functions: %d grants spare, none missing\n", len(access.policies), len(s))
		if len(s) > 0 {
			code = 1
		}
	}
	os.Exit(code)
}
