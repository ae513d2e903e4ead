package transfer

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Limits of an archive. What is in it is read as it is unpacked and never written
// anywhere, so what they bound is time.
const (
	maxEntries  = 100_000
	maxUnpacked = 4 << 30 // bytes of one file
	maxRatio    = 300     // of unpacked to packed, past the first megabytes: text packs to a tenth
)

// Archive is a ZIP that other systems export.
type Archive struct {
	zip     *zip.ReadCloser
	entries map[string]*zip.File // by the last part of the name
}

// OpenArchive opens a ZIP. Of the names in it only the last part counts: no path
// leads anywhere.
func OpenArchive(name string) (*Archive, error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path.Base(name), err)
	}
	a := &Archive{z, map[string]*zip.File{}}
	if len(z.File) > maxEntries {
		return nil, errors.Join(fmt.Errorf("%s has %d entries, more than %d", path.Base(name), len(z.File), maxEntries), z.Close())
	}
	for _, f := range z.File {
		base := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
		if _, twice := a.entries[base]; !twice && f.Mode().IsRegular() {
			a.entries[base] = f
		}
	}
	return a, nil
}

// Close closes the archive; its files can't be read afterwards.
func (a *Archive) Close() error { return a.zip.Close() }

// File is the file of the archive with the name, in whichever folder.
func (a *Archive) File(name string) (File, bool) {
	f, ok := a.entries[name]
	if !ok {
		return File{}, false
	}
	return File{Name: name, Size: int64(min(f.UncompressedSize64, maxUnpacked)), Open: func() (io.ReadCloser, error) {
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", name, err)
		}
		return &unpacking{ReadCloser: r, name: name, packed: max(int64(f.CompressedSize64), 1)}, nil
	}}, true
}

// unpacking ends a file that grows beyond all reason.
type unpacking struct {
	io.ReadCloser
	name   string
	packed int64
	n      int64
}

func (u *unpacking) Read(b []byte) (int, error) {
	n, err := u.ReadCloser.Read(b)
	u.n += int64(n)
	if u.n > maxUnpacked || u.n > 16<<20 && u.n/u.packed > maxRatio {
		return 0, fmt.Errorf("unpack %s: it is %d times as long as in the archive: no export is", u.name, u.n/u.packed)
	}
	return n, err
}
