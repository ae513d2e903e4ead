package web

import (
	"html/template"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// menu says how many ideas the home page's choices lead to: a category's within
// the status that one looks at, a status's within the category. A search has none:
// they would not be the numbers of what it found.
type menu struct {
	census portal.Census
	ok     bool
}

func newMenu(q homeQuery, counted func() (portal.Census, bool)) menu {
	c, ok := counted()
	return menu{c, ok && q.Words == ""}
}

// seen adds to the page's fingerprint what the menu says.
func (m menu) seen(f *fingerprint) {
	if f.flags(m.ok); !m.ok {
		return
	}
	f.census(m.census)
}

func (m menu) count(category string, status portal.Status) *int {
	return ideaCount(m.census, m.ok, category, status)
}

// statuses are the options of the filter.
func (m menu) statuses(p *i18n.Printer, q homeQuery) []option {
	out := statusOptions(p, portal.Statuses, q.Status)
	for i, st := range portal.Statuses {
		out[i].Name = counted(p, out[i].Name, m.count(q.Category, st))
	}
	return out
}

// counted is a name with the number of ideas behind it, where it is known.
func counted(p *i18n.Printer, name string, n *int) string {
	if n == nil {
		return name
	}
	return p.T("home.counted", "Name", name, "Count", p.Number(*n))
}

// linkGroup is the categories of one group.
type linkGroup struct {
	Name  string // "" for what stands before all groups
	Links []sortLink
}

// categoryLinks lead from the list to the same one of each category.
func (s *Server) categoryLinks(p *i18n.Printer, q homeQuery, m menu) (string, template.HTML, error) {
	q.Cursor = ""
	to := func(id, name string) sortLink {
		all := q
		all.Category = id
		return sortLink{all.path(), name, id == q.Category, m.count(id, q.Status)}
	}
	place := p.T("home.any_category")
	groups := []linkGroup{{Links: []sortLink{to("", place)}}}
	for _, g := range s.categoryGroups(p, q.Category) {
		links := linkGroup{Name: g.Name}
		for _, o := range g.Options {
			if links.Links = append(links.Links, to(o.Value, o.Name)); o.Chosen {
				place = o.Name
			}
		}
		groups = append(groups, links)
	}
	place = counted(p, place, m.count(q.Category, q.Status))
	out := buffer()
	defer free(out)
	if err := fragment(out, "home", p.Locale(), "category-links", groups); err != nil {
		return "", "", err
	}
	return place, template.HTML(out.String()), nil //nolint:gosec // html/template wrote it
}
