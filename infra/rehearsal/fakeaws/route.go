package fakeaws

import (
	"fmt"
	"strings"
)

// A route is one route key of an HTTP API, taken apart.
type route struct {
	key, function string
	method        string   // "ANY" for all; "" for $default
	segments      []string // of the path, "" for "/" alone
}

const defaultRoute = "$default"

func parseRoute(key, function string) (route, error) {
	if key == defaultRoute {
		return route{key: key, function: function}, nil
	}
	method, path, ok := strings.Cut(key, " ")
	if !ok || method == "" || method != strings.ToUpper(method) || !strings.HasPrefix(path, "/") {
		return route{}, fmt.Errorf("route key %q is not METHOD /path", key)
	}
	rt := route{key: key, function: function, method: method, segments: strings.Split(path[1:], "/")}
	for i, s := range rt.segments {
		variable := strings.HasPrefix(s, "{")
		switch {
		case variable != strings.HasSuffix(s, "}") || !variable && strings.ContainsAny(s, "{}"):
			return route{}, fmt.Errorf("route key %q: a variable must be a whole segment", key)
		case strings.HasSuffix(s, "+}") && i != len(rt.segments)-1:
			return route{}, fmt.Errorf("route key %q: a greedy variable must come last", key)
		}
	}
	return rt, nil
}

// match picks the most specific route (API Gateway Developer Guide, "Create
// routes for HTTP APIs"): a full match of path and method first, then a greedy
// path variable, then $default; in a path, from the left, a literal segment before
// {variable} before {greedy+}; of equal paths the method before ANY. A HEAD request
// does not match a GET route, and /a/ is not /a.
func match(routes []route, method, path string) (best route, params map[string]string, ok bool) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, rt := range routes {
		p, fits := rt.fits(method, segments)
		if fits && (!ok || rt.rank() < best.rank()) {
			best, params, ok = rt, p, true
		}
	}
	return best, params, ok
}

func (rt route) fits(method string, segments []string) (map[string]string, bool) {
	if rt.key == defaultRoute {
		return nil, true
	}
	if rt.method != method && rt.method != "ANY" {
		return nil, false
	}
	var params map[string]string
	set := func(name, value string) {
		if params == nil {
			params = map[string]string{}
		}
		params[name] = value
	}
	for i, s := range rt.segments {
		if i >= len(segments) {
			return nil, false
		}
		switch {
		case strings.HasSuffix(s, "+}"):
			rest := strings.Join(segments[i:], "/")
			if rest == "" {
				return nil, false
			}
			set(s[1:len(s)-2], rest)
			return params, true
		case strings.HasPrefix(s, "{"):
			if segments[i] == "" {
				return nil, false
			}
			set(s[1:len(s)-1], segments[i])
		case s != segments[i]:
			return nil, false
		}
	}
	return params, len(segments) == len(rt.segments)
}

// rank orders routes that fit the same request: the lower the more specific. It
// spells each segment's kind as a digit, left to right, so comparing text compares
// the paths; the method comes last.
func (rt route) rank() string {
	if rt.key == defaultRoute {
		return "9"
	}
	var b strings.Builder
	if s := rt.segments[len(rt.segments)-1]; strings.HasSuffix(s, "+}") {
		b.WriteByte('1')
	} else {
		b.WriteByte('0')
	}
	for _, s := range rt.segments {
		switch {
		case strings.HasSuffix(s, "+}"):
			b.WriteByte('2')
		case strings.HasPrefix(s, "{"):
			b.WriteByte('1')
		default:
			b.WriteByte('0')
		}
	}
	if rt.method == "ANY" {
		b.WriteByte('~')
	}
	return b.String()
}
