// Command yaml2json writes a YAML file as JSON: yaml2json FROM TO. What people
// write as YAML is embedded as JSON, because a YAML parser would add 140 KB to the zip
// of every function that answers HTTP.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: yaml2json FROM TO")
		os.Exit(2)
	}
	if err := convert(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "yaml2json:", err)
		os.Exit(1)
	}
}

func convert(from, to string) error {
	src, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var doc any
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	out, err := json.Marshal(doc) // keys in order
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return os.WriteFile(to, append(out, '\n'), 0o644)
}
