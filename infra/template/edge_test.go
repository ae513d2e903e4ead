package template_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"groundswell/infra/template"
	"groundswell/shared/web"
)

func edge(t *testing.T) *template.Template { t.Helper(); return parts(t)["../stack/edge.yaml"] }

// TestEdge: one way in, over TLS of today, to the stage that only the edge knows.
func TestEdge(t *testing.T) {
	t.Parallel()
	c := at(edge(t).Resources["Distribution"].Properties, "DistributionConfig")
	for what, got := range map[string][2]any{
		"host":            {at(c, "Origins", 0, "DomainName"), `{"Ref":"ApiHost"}`},
		"path":            {at(c, "Origins", 0, "OriginPath"), `{"Fn::Sub":"/${Stage}"}`},
		"to the API":      {at(c, "Origins", 0, "CustomOriginConfig", "OriginProtocolPolicy"), `"https-only"`},
		"TLS to the API":  {at(c, "Origins", 0, "CustomOriginConfig", "OriginSSLProtocols"), `["TLSv1.2"]`},
		"TLS of visitors": {at(c, "ViewerCertificate", "Fn::If", 1, "MinimumProtocolVersion"), `"TLSv1.2_2021"`},
		"web ACL":         {at(c, "WebACLId"), `{"Fn::If":["HasWebAcl",{"Ref":"WebAclArn"},{"Ref":"AWS::NoValue"}]}`},
		"own name":        {at(c, "Aliases"), `{"Fn::If":["HasDomain",[{"Ref":"Domain"}],{"Ref":"AWS::NoValue"}]}`},
		"no second way":   {at(c, "Origins", 1), `null`},
	} {
		if compact(got[0]) != got[1] {
			t.Errorf("%s: %s, want %s", what, compact(got[0]), got[1])
		}
	}
	stage := load(t).Resources["HttpApi"].Properties["StageName"]
	given := load(t).Resources["Edge"].Properties["Parameters"]
	if compact(stage) != compact(at(given, "Stage")) || !strings.Contains(compact(stage), "AWS::StackId") {
		t.Errorf("the API's stage is %s, the edge asks for %s", compact(stage), compact(at(given, "Stage")))
	}
	for _, b := range behaviours(c) {
		if at(b, "ViewerProtocolPolicy") != "redirect-to-https" || compact(at(b, "ResponseHeadersPolicyId")) != `{"Ref":"Headers"}` {
			t.Errorf("%v: %s", at(b, "PathPattern"), compact(b))
		}
	}
}

func behaviours(config any) []any {
	return append([]any{at(config, "DefaultCacheBehavior")}, list(at(config, "CacheBehaviors"))...)
}

// TestKeptApart: a page is kept under everything that it depends on. What the
// portal says in Vary is what has to be in the key; the session's cookie is, so that
// nobody is shown what a member saw.
func TestKeptApart(t *testing.T) {
	t.Parallel()
	pages := at(edge(t).Resources["Pages"].Properties, "CachePolicyConfig")
	key := at(pages, "ParametersInCacheKeyAndForwardedToOrigin")
	given := load(t).Resources["Edge"].Properties["Parameters"]
	for what, got := range map[string][2]any{
		"cookies":     {at(key, "CookiesConfig"), `{"CookieBehavior":"whitelist","Cookies":[{"Ref":"SessionCookie"},{"Ref":"LanguageCookie"}]}`},
		"headers":     {at(key, "HeadersConfig"), `{"HeaderBehavior":"whitelist","Headers":["Accept-Language"]}`},
		"query":       {at(key, "QueryStringsConfig", "QueryStringBehavior"), `"all"`},
		"encoding":    {at(key, "EnableAcceptEncodingGzip"), `true`},
		"only if":     {at(pages, "DefaultTTL"), `0`},
		"as short as": {at(pages, "MinTTL"), `0`},
		"session":     {at(given, "SessionCookie"), `"` + web.SessionCookie + `"`},
		"language":    {at(given, "LanguageCookie"), `"` + web.LanguageCookie + `"`},
	} {
		if compact(got[0]) != got[1] {
			t.Errorf("%s: %s, want %s", what, compact(got[0]), got[1])
		}
	}
	c := at(edge(t).Resources["Distribution"].Properties, "DistributionConfig")
	for _, b := range behaviours(c) {
		pattern, _ := at(b, "PathPattern").(string)
		policy := at(b, "CachePolicyId", "Ref")
		if pattern == "" != (policy == "Pages") || pattern != "" && policy != "Files" {
			t.Errorf("%q is kept by %v", pattern, policy)
		}
		for _, r := range web.Routes() { // whom the same is kept for must be shown the same
			_, p, _ := strings.Cut(r.Pattern, " ")
			if ok, err := path.Match(pattern, p); err != nil || ok && r.Access != web.Public {
				t.Errorf("%q keeps %s for everybody (%v)", pattern, r.Pattern, err)
			}
		}
		if got := list(at(b, "CachedMethods")); !slices.Equal(got, []any{"GET", "HEAD"}) {
			t.Errorf("%q: kept for %v", pattern, got)
		}
	}
	if got := compact(at(edge(t).Resources["AllButHost"].Properties, "OriginRequestPolicyConfig", "HeadersConfig")); got != `{"HeaderBehavior":"allExcept","Headers":["Host"]}` {
		t.Errorf("passed on: %s", got) // the API answers 403 to a host that is not its own
	}
}

// TestViewer runs the edge's function: a visitor can't say who they are.
func TestViewer(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "Node.js is missing")
	}
	code, _ := edge(t).Resources["Viewer"].Properties["FunctionCode"].(string)
	out, err := exec.Command(node, "-e", code+`
		console.log(JSON.stringify(handler({viewer: {ip: "203.0.113.7"}, request: {method: "GET", uri: "/ideas", headers:
			{host: {value: "ideas.example.com"}, "x-viewer-host": {value: "evil.example"}, "x-viewer-address": {value: "10.0.0.1"}}}})))`).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r := decode(t, string(out))
	if at(r, "headers", "x-viewer-host", "value") != "ideas.example.com" || at(r, "headers", "x-viewer-address", "value") != "203.0.113.7" || at(r, "uri") != "/ideas" {
		t.Errorf("made %s", out)
	}
}

// TestHeaders: what the edge answers by itself is as safe as what the portal does,
// whose own headers stand.
func TestHeaders(t *testing.T) {
	t.Parallel()
	h := at(edge(t).Resources["Headers"].Properties, "ResponseHeadersPolicyConfig", "SecurityHeadersConfig")
	if s, _ := at(h, "StrictTransportSecurity", "AccessControlMaxAgeSec").(int); s < 31536000 {
		t.Errorf("HSTS for %d s", s)
	}
	for name, override := range map[string]bool{"StrictTransportSecurity": false, "ContentSecurityPolicy": false, "ReferrerPolicy": false, "ContentTypeOptions": true, "FrameOptions": true} {
		if at(h, name, "Override") != override {
			t.Errorf("%s overrides the portal's: %v, want %v", name, at(h, name, "Override"), override)
		}
	}
}
