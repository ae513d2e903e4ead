package throwaway

import "strings"

// Lines are the list's domains.
func Lines() []string { return strings.Split(strings.TrimSuffix(list, "\n"), "\n")[1:] }
