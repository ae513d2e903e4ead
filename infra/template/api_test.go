package template_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"groundswell/infra/template"
	"groundswell/shared/web"
)

// TestStage: the stage is throttled, measured and logged, without what tells who
// somebody is.
func TestStage(t *testing.T) {
	t.Parallel()
	for id, s := range ofType(translated(t), "AWS::ApiGatewayV2::Stage") {
		d := s["DefaultRouteSettings"]
		if at(d, "ThrottlingRateLimit") == nil || at(d, "ThrottlingBurstLimit") == nil || compact(at(d, "DetailedMetricsEnabled")) != `{"Ref":"RouteMetrics"}` {
			t.Errorf("%s: %s", id, compact(d))
		}
		format, _ := at(s, "AccessLogSettings", "Format").(string)
		var line map[string]string
		if err := json.Unmarshal([]byte(format), &line); err != nil {
			t.Errorf("%s: the log is not JSON: %v", id, err)
		}
		for field, v := range line {
			for _, personal := range []string{"sourceIp", "userAgent", "querystring", "cookie", "header", "authorizer", "context.path", "context.stage"} {
				if strings.Contains(v, personal) {
					t.Errorf("%s: logs %s as %s", id, v, field)
				}
			}
		}
		routes := map[string]bool{}
		for _, f := range functions(t) {
			for _, r := range f.Routes {
				routes[r.String()] = true
			}
		}
		settings, _ := s["RouteSettings"].(map[string]any)
		for _, r := range []string{"ANY /sign-in", "ANY /api/v1/sign-in", "ANY /sign-in/{proxy+}", "ANY /api/v1/sign-in/{proxy+}",
			"POST /submit", "POST /api/v1/ideas", "POST /ideas/{id}/comments", "ANY /api/v1/ideas/{id}/comments"} {
			if rate, _ := at(settings[r], "ThrottlingRateLimit").(float64); rate == 0 || rate > 200 || at(settings[r], "ThrottlingBurstLimit") == nil {
				t.Errorf("%s: %s has no limit of its own", id, r)
			}
		}
		for r := range settings {
			if !routes[r] {
				t.Errorf("%s: settings for %s, which is no route", id, r)
			}
		}
	}
}

// TestIntegrations: the API waits longer than a function may take, and less long
// than API Gateway can.
func TestIntegrations(t *testing.T) {
	t.Parallel()
	paths, _ := at(translated(t)["HttpApi"], "Properties", "Body", "paths").(map[string]any)
	seen := 0
	for path, methods := range paths {
		for method, op := range methods.(map[string]any) {
			seen++
			in := at(op, "x-amazon-apigateway-integration")
			ms, _ := at(in, "timeoutInMillis").(float64)
			uri := compact(at(in, "uri"))
			called := 0
			for _, f := range functions(t) {
				if !strings.Contains(uri, `"`+f.ID+`Aliaslive"`) && !strings.Contains(uri, "${"+f.ID+"Aliaslive}") {
					continue
				}
				called++
				if wait := time.Duration(ms) * time.Millisecond; wait <= f.Timeout || wait >= 30*time.Second {
					t.Errorf("%s %s: waits %v for a function of %v", method, path, wait, f.Timeout)
				}
			}
			if called != 1 {
				t.Errorf("%s %s: calls %s, want one function's alias", method, path, uri)
			}
			if at(in, "payloadFormatVersion") != "2.0" {
				t.Errorf("%s %s: not payload 2.0", method, path)
			}
		}
	}
	if seen < 10 || seen > 300 {
		t.Errorf("%d routes, want 10 to API Gateway's limit of 300", seen)
	}
}

// TestRoutes: through the API, each request reaches the function of the noun that
// serves it in the one table of routes, also where a title, an id or a name spells
// like a part of another route.
func TestRoutes(t *testing.T) {
	t.Parallel()
	fs := functions(t)
	mux := http.NewServeMux()
	nouns := map[string]web.Noun{}
	var segments = []string{"x"}
	for _, r := range web.Routes() {
		mux.HandleFunc(r.Pattern, func(http.ResponseWriter, *http.Request) {})
		nouns[r.Pattern] = r.Noun
		_, path, _ := strings.Cut(r.Pattern, " ")
		for s := range strings.SplitSeq(path, "/") {
			if s != "" && !strings.HasPrefix(s, "{") {
				segments = append(segments, s)
			}
		}
	}
	checked := 0
	for _, r := range web.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		methods := []string{method}
		if method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		for _, concrete := range concretes(strings.Split(path, "/"), segments) {
			for _, m := range methods {
				_, pattern := mux.Handler(httptest.NewRequest(m, concrete, nil))
				want, ok := nouns[pattern]
				if !ok {
					t.Errorf("%s %s: no route of ours", m, concrete)
					continue
				}
				checked++
				f, by := template.Find(fs, m, concrete)
				if f == nil || f.Name != string(want) {
					t.Errorf("%s %s: by %s to %v, want %s (%s)", m, concrete, by, name(f), want, pattern)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d requests checked", checked)
	}
}

// concretes are paths of the pattern, each wildcard standing for each segment once.
func concretes(pattern, segments []string) []string {
	wild := false
	for _, s := range pattern {
		wild = wild || strings.HasPrefix(s, "{") && s != "{$}"
	}
	if !wild {
		segments = segments[:1]
	}
	var out []string
	for i := range pattern {
		if wild && !strings.HasPrefix(pattern[i], "{") {
			continue
		}
		for _, seg := range segments {
			path := make([]string, len(pattern))
			for j, s := range pattern {
				switch {
				case s == "{$}":
					s = ""
				case strings.HasPrefix(s, "{") && i == j:
					s = seg
				case strings.HasPrefix(s, "{"):
					s = "x"
				}
				path[j] = s
			}
			out = append(out, strings.Join(path, "/"))
		}
		if !wild {
			break
		}
	}
	return out
}

func name(f *template.Function) string {
	if f == nil {
		return "nobody"
	}
	return f.Name
}

// TestRoutesServe: a route of the template that no route of ours needs is dead.
func TestRoutesServe(t *testing.T) {
	t.Parallel()
	for _, f := range functions(t) {
		for _, r := range f.Routes {
			if r.Path == "" {
				continue
			}
			alive := false
			for _, ours := range web.Routes() {
				method, path, _ := strings.Cut(ours.Pattern, " ")
				for _, concrete := range concretes(strings.Split(path, "/"), []string{"x"}) {
					to, by := template.Find([]template.Function{{Routes: []template.Route{r}}}, method, concrete)
					alive = alive || to != nil && by == r && string(ours.Noun) == f.Name
				}
			}
			if !alive {
				t.Errorf("%s: %s serves nothing", f.ID, r)
			}
		}
	}
}
