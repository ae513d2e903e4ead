package transfer

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// loadTables reads the tables that the preset's paths lead to. They are kept: an
// archive's tables of people and labels are small beside its texts.
func loadTables(src Files) (tables, error) {
	if len(src.Preset.Tables) == 0 {
		return nil, nil
	}
	all := tables{}
	for name, t := range src.Preset.Tables {
		all[name] = map[string]joined{}
		for _, f := range src.Tables {
			if path.Base(f.Name) != t.File {
				continue
			}
			if err := loadTable(f, src.Preset, t.Key, members(src.Preset, name), all[name]); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// members are those of a table's rows that paths lead to.
func members(p Preset, table string) map[string]bool {
	wanted := map[string]bool{}
	for _, cs := range []Columns{p.Ideas, p.Comments, p.Votes} {
		for _, paths := range cs {
			for one := range strings.SplitSeq(paths, "|") {
				for _, to := range strings.Split(one, ">")[1:] {
					if name, rest, _ := strings.Cut(to, "."); name == table {
						member, _, _ := strings.Cut(rest, ".")
						wanted[member] = true
					}
				}
			}
		}
	}
	return wanted
}

func loadTable(f File, p Preset, key string, wanted map[string]bool, into map[string]joined) error {
	s, err := openSource(f, p, Columns{FieldID: key}, "", true)
	if err != nil {
		return err
	}
	defer s.Close()
	for {
		line, err := s.next()
		var bad *badLine
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &bad):
			continue // it is nobody's: what needs it says so
		case err != nil:
			return err
		}
		o, ok := line.(*object)
		if !ok {
			return fmt.Errorf("%s is not JSON", f.Name)
		}
		k := o.get(FieldID)
		j := into[k]
		if j.n++; j.n == 1 {
			kept := map[string]any{}
			for name, v := range o.value.(map[string]any) {
				if wanted[name] {
					kept[name] = v
				}
			}
			j.row = kept
		}
		into[k] = j
	}
}
