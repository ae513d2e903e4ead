package portal

import (
	"context"
	"net/url"
	"strings"
)

// maxOldPath bounds an address of old, in bytes.
const maxOldPath = 2000

// OldPath is the path of an address elsewhere as it is looked up: decoded, without
// a slash at its end, with neither host nor query. It is "" for what has no path of
// its own, or is no address.
func OldPath(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return oldPath(u.Path)
}

func oldPath(path string) string {
	path = strings.TrimRight(path, "/")
	if !strings.HasPrefix(path, "/") || len(path) > maxOldPath {
		return ""
	}
	return path
}

// Moved is the idea that had the address in the system that it was imported from.
// A last part of the path may be anything: systems put titles there, which change.
func (p *Portal) Moved(ctx context.Context, path string) (ideaID string, err error) {
	if path = oldPath(path); path == "" {
		return "", errNoOldPath
	}
	paths := []string{path}
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		paths = append(paths, path[:i])
	}
	return p.Store.IdeaAt(ctx, paths)
}

var errNoOldPath = &Error{Kind: NotFound, Code: "no_idea", Msg: "There is no such idea."}
