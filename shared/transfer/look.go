package transfer

import (
	"maps"
	"slices"
	"sort"

	"groundswell/shared/portal"
)

// Look is what an import is told to notice on its way, for a preview. A nil Look
// notices nothing.
type Look struct {
	Rows int // how many ideas to keep as they would be

	Files    []FileLook
	Ideas    []IdeaLook
	Unmapped map[Field]map[string]int // names of categories and statuses that are none of ours, and how often
}

// FileLook is what was found in a file.
type FileLook struct {
	Name    string
	Found   Columns  // by which column each field is read
	Ignored []string // columns that nothing is read from
}

// IdeaLook is an idea as it would be.
type IdeaLook struct {
	portal.TakenIdea
	Author string
}

// maxUnmapped bounds the names that are counted: a file of nothing but names is none.
const maxUnmapped = 1000

func (l *Look) unmapped(f Field, name string) {
	if l == nil {
		return
	}
	if l.Unmapped == nil {
		l.Unmapped = map[Field]map[string]int{}
	}
	if l.Unmapped[f] == nil {
		l.Unmapped[f] = map[string]int{}
	}
	name = short(name)
	if _, ok := l.Unmapped[f][name]; ok || len(l.Unmapped[f]) < maxUnmapped {
		l.Unmapped[f][name]++
	}
}

func (l *Look) sample(t portal.TakenIdea, author string) {
	if l != nil && len(l.Ideas) < l.Rows {
		l.Ideas = append(l.Ideas, IdeaLook{t, author})
	}
}

func (l *Look) file(s source, p part) {
	if l == nil {
		return
	}
	f := FileLook{Name: s.label(), Found: s.columns()}
	if s.kind() == kindCSV {
		used := map[string]bool{}
		for name := range maps.Values(f.Found) {
			used[plain(name)] = true
		}
		for _, h := range s.names() {
			if !used[plain(h)] {
				f.Ignored = append(f.Ignored, h)
			}
		}
	}
	l.Files = append(l.Files, f)
}

// Often are the names that were not mapped, the most frequent first.
func (l *Look) Often(f Field) []string {
	names := slices.Collect(maps.Keys(l.Unmapped[f]))
	sort.Slice(names, func(i, j int) bool {
		a, b := l.Unmapped[f][names[i]], l.Unmapped[f][names[j]]
		return a > b || a == b && names[i] < names[j]
	})
	return names
}
