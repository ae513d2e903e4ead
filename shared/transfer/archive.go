package transfer

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
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
	close   func() error
	entries map[string]*zip.File // by the last part of the name
	most    int64                // bytes of one file
}

// OpenArchive opens a ZIP. Of the names in it only the last part counts: no path
// leads anywhere.
func OpenArchive(name string) (*Archive, error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path.Base(name), err)
	}
	a, err := newArchive(&z.Reader, path.Base(name), maxUnpacked)
	if err != nil {
		return nil, errors.Join(err, z.Close())
	}
	a.close = z.Close
	return a, nil
}

// ReadArchive reads a ZIP of size bytes; of what it holds, files and all of them
// together may have most bytes. An error is a *FileError.
func ReadArchive(r io.ReaderAt, size int64, name string, most int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fileError(fmt.Errorf("open %s: %w", name, err))
	}
	a, err := newArchive(z, name, most)
	if err != nil {
		return nil, fileError(err)
	}
	sum := uint64(0)
	for _, f := range a.entries {
		sum += min(f.UncompressedSize64, uint64(most)+1)
	}
	if sum > uint64(most) {
		return nil, fileError(fmt.Errorf("%s unpacks to more than %d MB", name, most>>20))
	}
	return a, nil
}

func newArchive(z *zip.Reader, name string, most int64) (*Archive, error) {
	a := &Archive{close: func() error { return nil }, entries: map[string]*zip.File{}, most: most}
	if len(z.File) > maxEntries {
		return nil, fmt.Errorf("%s has %d entries, more than %d", name, len(z.File), maxEntries)
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
func (a *Archive) Close() error { return a.close() }

// Names are those of the archive's files, without their folders.
func (a *Archive) Names() []string { return slices.Sorted(maps.Keys(a.entries)) }

// File is the file of the archive with the name, in whichever folder.
func (a *Archive) File(name string) (File, bool) {
	f, ok := a.entries[name]
	if !ok {
		return File{}, false
	}
	return File{Name: name, Size: int64(min(f.UncompressedSize64, uint64(a.most))), Open: func() (io.ReadCloser, error) {
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", name, err)
		}
		return &unpacking{ReadCloser: r, name: name, packed: max(int64(f.CompressedSize64), 1), most: a.most}, nil
	}}, true
}

// unpacking ends a file that grows beyond all reason.
type unpacking struct {
	io.ReadCloser
	name   string
	packed int64
	most   int64
	n      int64
}

func (u *unpacking) Read(b []byte) (int, error) {
	n, err := u.ReadCloser.Read(b)
	u.n += int64(n)
	if u.n > u.most || u.n > 16<<20 && u.n/u.packed > maxRatio {
		return 0, fmt.Errorf("unpack %s: it is %d times as long as in the archive: no export is", u.name, u.n/u.packed)
	}
	return n, err
}
