package template

import "strings"

// Route is a route of an HTTP API. The zero Route is $default, which takes what no
// other route does.
type Route struct {
	Method string // or ANY
	Path   string // {name} stands for a segment, {name+} for one or more
}

func (r Route) String() string {
	if r.Path == "" {
		return "$default"
	}
	return r.Method + " " + r.Path
}

// rank is how well the route fits; higher is better, 0 is not at all. Amazon API
// Gateway takes a full match before one by a {name+}, before $default, and of
// several the most specific one (Developer Guide, "Working with routes for HTTP
// APIs").
func (r Route) rank(method, path string) int {
	if r.Path == "" {
		return 1
	}
	if r.Method != "ANY" && r.Method != method {
		return 0
	}
	want, got := strings.Split(r.Path, "/"), strings.Split(path, "/")
	rank := 1 // a bit for each segment: is it the very one?
	for i, s := range want {
		switch {
		case strings.HasSuffix(s, "+}"):
			if i >= len(got) || got[i] == "" {
				return 0
			}
			return 2 + i // the longer the part before it the better
		case i >= len(got) || got[i] == "" && strings.HasPrefix(s, "{"):
			return 0
		case strings.HasPrefix(s, "{"):
			rank *= 2
		case s == got[i]:
			rank = rank*2 + 1
		default:
			return 0
		}
	}
	if len(want) != len(got) {
		return 0
	}
	rank = full + 2*rank
	if r.Method == method {
		rank++
	}
	return rank
}

// full lifts every full match above the others.
const full = 1 << 20

// Find is the function that a request goes to, of those given, and the route that
// it takes there. It is nil where no route fits.
func Find(fs []Function, method, path string) (*Function, Route) {
	var best *Function
	var by Route
	top := 0
	for i := range fs {
		for _, r := range fs[i].Routes {
			if n := r.rank(method, path); n > top {
				best, by, top = &fs[i], r, n
			}
		}
	}
	return best, by
}
