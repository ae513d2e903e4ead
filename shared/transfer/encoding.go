package transfer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how a file spells characters.
type Encoding string

// The encodings. A byte order mark goes before what is said: spreadsheets write
// one for UTF-8 and for UTF-16.
const (
	UTF8        Encoding = "utf-8"
	Windows1252 Encoding = "windows-1252" // of older spreadsheets in western Europe and America
)

// Valid reports whether e is one of the encodings; "" is UTF8.
func (e Encoding) Valid() bool { return e == "" || e == UTF8 || e == Windows1252 }

var boms = []struct {
	mark   string
	decode func(io.Reader) io.Reader
}{
	{"\xEF\xBB\xBF", func(r io.Reader) io.Reader { return r }},
	{"\xFF\xFE", utf16(unicode.LittleEndian)},
	{"\xFE\xFF", utf16(unicode.BigEndian)},
}

func utf16(e unicode.Endianness) func(io.Reader) io.Reader {
	return func(r io.Reader) io.Reader {
		return transform.NewReader(r, unicode.UTF16(e, unicode.IgnoreBOM).NewDecoder())
	}
}

// decode turns r into UTF-8. What is UTF-8 already is passed on as it is, mistakes
// included: who reads a field can say where it is.
func decode(r io.Reader, e Encoding) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	for _, bom := range boms {
		if bytes.HasPrefix(head, []byte(bom.mark)) {
			_, err := b.Discard(len(bom.mark))
			return bom.decode(b), err
		}
	}
	switch e {
	case "", UTF8:
		return b, nil
	case Windows1252:
		return transform.NewReader(b, charmap.Windows1252.NewDecoder()), nil
	}
	return nil, fmt.Errorf("encoding %q: it is %s or %s", e, UTF8, Windows1252)
}
