// Package template reads template.yaml: which functions there are, which requests
// and events reach them, and what their environment says. The tests beside it hold
// the template to its rules; the rehearsal in infra runs the functions as it says,
// so that neither repeats it.
//
// Start with [Load], then [Template.Functions]. What the template computes at
// deployment (!Ref, !Sub, !If) comes out of [Template.Eval]; route.go picks
// functions the way Amazon API Gateway does, filter.go events the way AWS Lambda
// does.
//
// This package must know template.yaml's form only, not what is in it.
package template

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Template is a SAM template in the long form: !Ref X is {"Ref": X}, !Sub X is
// {"Fn::Sub": X}, and so on.
type Template struct {
	Parameters map[string]Parameter
	Conditions map[string]any
	Globals    map[string]any
	Resources  map[string]Resource
	Outputs    map[string]any
}

// Parameter is what whoever deploys may choose.
type Parameter struct {
	Type, Description, AllowedPattern string

	Default any // nil = must be given
}

// Resource is one resource of the stack.
type Resource struct {
	Type       string
	Properties map[string]any
	Metadata   map[string]any

	DeletionPolicy, UpdateReplacePolicy string
}

// Function is a Lambda function with what reaches it.
type Function struct {
	ID      string // in the template: IdeasFunction
	Name    string // its folder in functions/: ideas
	Timeout time.Duration
	Memory  int // MB
	Role    any
	Env     map[string]any // to be evaluated
	Routes  []Route
	Sources []Source
	Rules   []Rule
}

// Rule invokes a function by itself: at times, or when something happens.
type Rule struct {
	Type       string // Schedule, ScheduleV2 or EventBridgeRule
	Properties map[string]any
}

// Source is a stream or a queue that feeds a function.
type Source struct {
	Type        string // DynamoDB or SQS
	From        any    // the stream or the queue, to be evaluated
	Batch       int
	Window      time.Duration
	Concurrency int      // of a queue: most batches at a time; 0 = as many as Lambda likes
	Filters     []Filter // none = everything passes
	Properties  map[string]any
}

// Load reads a template file.
func Load(file string) (*Template, error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var n yaml.Node
	if err := yaml.Unmarshal(src, &n); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	v, err := long(&n)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return fromAny(v)
}

// Functions are the template's functions with the global settings filled in, in
// order of their ids.
func (t *Template) Functions() ([]Function, error) {
	var out []Function
	globals := dict(t.Globals["Function"])
	for id, r := range t.Resources {
		if r.Type != "AWS::Serverless::Function" {
			continue
		}
		get := func(name string) any {
			if v, ok := r.Properties[name]; ok {
				return v
			}
			return globals[name]
		}
		f := Function{ID: id, Role: r.Properties["Role"], Env: map[string]any{}}
		code, _ := r.Properties["CodeUri"].(string)
		f.Name = path.Base(code)
		f.Timeout = time.Duration(integer(get("Timeout"))) * time.Second
		f.Memory = integer(get("MemorySize"))
		for _, env := range []any{globals["Environment"], r.Properties["Environment"]} {
			for k, v := range dict(dict(env)["Variables"]) {
				f.Env[k] = v
			}
		}
		if err := f.events(dict(r.Properties["Events"])); err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Function) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (f *Function) events(events map[string]any) error {
	for name, v := range events {
		e := dict(v)
		p := dict(e["Properties"])
		switch typ := e["Type"]; typ {
		case "HttpApi":
			method, _ := p["Method"].(string)
			path, _ := p["Path"].(string)
			f.Routes = append(f.Routes, Route{Method: strings.ToUpper(method), Path: path})
		case "DynamoDB", "SQS":
			s := Source{Type: typ.(string), From: p["Stream"], Batch: integer(p["BatchSize"]), Properties: p,
				Window: time.Duration(integer(p["MaximumBatchingWindowInSeconds"])) * time.Second}
			if typ == "SQS" {
				s.From = p["Queue"]
				s.Concurrency = integer(dict(p["ScalingConfig"])["MaximumConcurrency"])
			}
			filters, _ := dict(p["FilterCriteria"])["Filters"].([]any)
			for _, v := range filters {
				pattern, _ := dict(v)["Pattern"].(string)
				flt, err := ParseFilter(pattern)
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				s.Filters = append(s.Filters, flt)
			}
			f.Sources = append(f.Sources, s)
		case "Schedule", "ScheduleV2", "EventBridgeRule":
			f.Rules = append(f.Rules, Rule{Type: typ.(string), Properties: p})
		default:
			return fmt.Errorf("%s: unknown type of event %v", name, typ)
		}
	}
	slices.SortFunc(f.Routes, func(a, b Route) int { return strings.Compare(a.String(), b.String()) })
	return nil
}

func dict(v any) map[string]any { m, _ := v.(map[string]any); return m }

func integer(v any) int { n, _ := v.(int); return n }
