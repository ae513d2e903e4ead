// Command pack zips the folders it is given, each to FOLDER.zip beside it, the way
// Lambda unpacks them, and prints their sizes. It exits with 1 if one is over
// the budget: a cold start waits for what it has to fetch.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Budget is the largest zip of one function, in bytes.
const Budget = 5_000_000

func main() {
	ok := true
	for _, dir := range os.Args[1:] {
		size, err := pack(dir, dir+".zip")
		if err != nil {
			fmt.Fprintln(os.Stderr, "pack:", err)
			os.Exit(1)
		}
		note := ""
		if size > Budget {
			ok, note = false, fmt.Sprintf("  over the budget of %d bytes", Budget)
		}
		fmt.Printf("%-24s %8d bytes%s\n", filepath.Base(dir)+".zip", size, note)
	}
	if !ok {
		os.Exit(1)
	}
}

// pack zips the files of dir, which has no folders, and returns the size of the
// zip in bytes. Equal files make equal zips.
func pack(dir, name string) (int, error) {
	entries, err := os.ReadDir(dir) // in order of names
	if err != nil {
		return 0, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return 0, err
		}
		h := &zip.FileHeader{Name: e.Name(), Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		h.SetMode(0o755)
		w, err := z.CreateHeader(h)
		if err != nil {
			return 0, err
		}
		if _, err := w.Write(content); err != nil {
			return 0, err
		}
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return b.Len(), os.WriteFile(name, b.Bytes(), 0o644)
}
