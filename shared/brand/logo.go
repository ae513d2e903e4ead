package brand

import (
	"fmt"
	"regexp"
	"strings"
)

// The grammar of paths (SVG 2, 9.3) has these characters only; none of them means
// anything to HTML. A view box is four numbers.
var (
	pathData = regexp.MustCompile(`^\s*[Mm][MmLlHhVvCcSsQqTtAaZz0-9eE+\-., \t\r\n]+$`)
	viewBox  = regexp.MustCompile(`^-?\d+(\.\d+)?( -?\d+(\.\d+)?){2}( \d+(\.\d+)?)$`)
)

const defaultViewBox = "0 0 24 24"

func (p *problems) logo(l *logo) {
	if l.ViewBox == "" {
		l.ViewBox = defaultViewBox
	}
	switch {
	case l.Path != "" && l.SVG != "":
		p.add("logo", "say path or svg, not both")
	case len(l.Path) > MaxPath:
		p.add("logo.path", "has %d bytes, at most %d fit", len(l.Path), MaxPath)
	case l.Path != "" && !pathData.MatchString(l.Path):
		p.add("logo.path", "must be what stands in the d attribute of an SVG path, such as M3 15c3 0 3-5 6-5")
	case !viewBox.MatchString(l.ViewBox):
		p.add("logo.view_box", "%q must be four numbers, such as %s", l.ViewBox, defaultViewBox)
	case len(l.SVG) > MaxSVG:
		p.add("logo.svg", "has %d bytes, at most %d fit", len(l.SVG), MaxSVG)
	case l.SVG != "" && !isSVG(l.SVG):
		p.add("logo.svg", `must be a whole picture, <svg xmlns="http://www.w3.org/2000/svg" viewBox=...>...</svg>`)
	}
}

// isSVG keeps out what no browser would show as a picture. What the picture holds
// can do no harm: see pictureCSP.
func isSVG(s string) bool {
	s = strings.TrimSpace(s)
	head, _, _ := strings.Cut(s, ">")
	return strings.HasPrefix(head, "<svg") && strings.Contains(head, "http://www.w3.org/2000/svg") &&
		strings.Contains(head, "viewBox") && strings.HasSuffix(s, "</svg>")
}

// pictureCSP is for pictures of a brand. As <img> they can neither run scripts nor
// load anything, by definition; opened on their own, this keeps them from it.
const pictureCSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

// icon is the picture of the browser's tab: the path, or the portal's own wave,
// light on the accent.
func icon(l logo, day look) string {
	box, path := defaultViewBox, `<path d="M3.5 15c2.8 0 2.8-5 5.7-5s2.8 7 5.6 7 2.8-9 5.7-9" fill="none" stroke="`+day.on.String()+`" stroke-width="2.4" stroke-linecap="round"/>`
	if l.Path != "" {
		box, path = l.ViewBox, `<path d="`+l.Path+`" fill="`+day.on.String()+`"/>`
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="%s"/>`+
		`<svg x="3" y="3" width="18" height="18" viewBox="%s">%s</svg></svg>`, day.accent, box, path)
}
