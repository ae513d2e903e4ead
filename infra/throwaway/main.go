// Command throwaway brings the list of throw-away mail domains up to date: it fetches a
// version of the npm package disposable-email-domains-js, checks what is in it, and
// writes shared/throwaway/list.txt. Look at the difference, and run that package's tests.
//
//	go run ./infra/throwaway           # the newest
//	go run ./infra/throwaway 1.26.0
//
// It needs npm, which fetches and verifies the package. Domains that other letters than
// a to z are in are written twice, as DNS has them and as people do.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

const pkg = "disposable-email-domains-js"

// kept are domains that a list which has them is wrong about, whatever happened to it.
var kept = []string{"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "aol.com", "gmx.de",
	"web.de", "mail.ru", "proton.me", "protonmail.com", "fastmail.com", "qq.com", "foxmail.com", "163.com", "126.com", "sina.com", "aliyun.com", "example.com"}

func main() {
	version := "latest"
	if len(os.Args) > 1 {
		version = os.Args[1]
	}
	if err := run(version, filepath.Join("shared", "throwaway", "list.txt")); err != nil {
		fmt.Fprintln(os.Stderr, "throwaway:", err)
		os.Exit(1)
	}
}

func run(version, out string) error {
	dir, err := os.MkdirTemp("", "throwaway")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if _, err := npm("install", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", pkg+"@"+version); err != nil {
		return err
	}
	root := filepath.Join(dir, "node_modules", pkg)
	var about struct{ Version, License string }
	if err := read(filepath.Join(root, "package.json"), &about); err != nil {
		return err
	}
	var domains []string
	if err := read(filepath.Join(root, "dist", "dict", "disposable_email_blocklist.json"), &domains); err != nil {
		return err
	}
	made, err := madeOn(about.Version)
	if err != nil {
		return err
	}
	text, err := listOf(fmt.Sprintf("%s %s of %s, %s", pkg, about.Version, made, about.License), domains)
	if err != nil {
		return err
	}
	return os.WriteFile(out, []byte(text), 0o644)
}

// madeOn is the day on which a version was published.
func madeOn(version string) (string, error) {
	b, err := npm("view", pkg, "time", "--json")
	if err != nil {
		return "", err
	}
	times := map[string]time.Time{}
	if err := json.Unmarshal(b, &times); err != nil {
		return "", fmt.Errorf("read npm's times: %w", err)
	}
	return times[version].Format(time.DateOnly), nil
}

// listOf is the file's text: the first line, and every domain once, sorted by bytes.
func listOf(head string, domains []string) (string, error) {
	var lines []string
	for _, d := range domains {
		ascii, err := idna.Lookup.ToASCII(d)
		if err != nil {
			ascii = strings.ToLower(d) // some have underscores
		}
		if !strings.Contains(ascii, ".") || strings.ContainsAny(ascii, " \t\r\n@#/*") {
			return "", fmt.Errorf("%q is no domain", d)
		}
		if slices.Contains(kept, ascii) {
			return "", fmt.Errorf("%s is on the list: this list is not to be trusted", ascii)
		}
		lines = append(lines, ascii)
		if people, err := idna.Display.ToUnicode(ascii); err == nil && people != ascii {
			lines = append(lines, people)
		}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	if len(lines) < 4000 {
		return "", fmt.Errorf("%d domains are too few", len(lines))
	}
	return fmt.Sprintf("# %s, %d domains\n%s\n", head, len(domains), strings.Join(lines, "\n")), nil
}

func npm(args ...string) ([]byte, error) {
	out, err := exec.Command("npm", args...).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("npm %s: %s", args[0], failed.Stderr)
	}
	return out, err
}

func read(name string, into any) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(name), err)
	}
	return nil
}
