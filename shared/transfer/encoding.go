package transfer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

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
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
)

// Valid reports whether e is one of the encodings; "" is UTF8.
func (e Encoding) Valid() bool {
	return e == "" || e == UTF8 || e == Windows1252 || e == UTF16LE || e == UTF16BE
}

func errEncoding(e Encoding) error {
	return fmt.Errorf("encoding %q: it is %s, %s, %s or %s", e, UTF8, Windows1252, UTF16LE, UTF16BE)
}

var boms = []struct {
	mark, name string
	decode     func(io.Reader) io.Reader
}{
	{"\xEF\xBB\xBF", "utf-8 with a byte order mark", func(r io.Reader) io.Reader { return r }},
	{"\xFF\xFE", "utf-16, little end first", utf16(unicode.LittleEndian)},
	{"\xFE\xFF", "utf-16, big end first", utf16(unicode.BigEndian)},
}

func utf16(e unicode.Endianness) func(io.Reader) io.Reader {
	return func(r io.Reader) io.Reader {
		return transform.NewReader(r, unicode.UTF16(e, unicode.IgnoreBOM).NewDecoder())
	}
}

// Detect says how a file spells characters, by all of it: UTF-8 unless what is none
// outweighs what is, then Windows-1252, in which whatever is not UTF-8 can be read.
// How names what was seen, for the operator; "" if there is nothing to tell.
func Detect(f File) (e Encoding, how string, err error) {
	r, err := f.Open()
	if err != nil {
		return "", "", err
	}
	defer r.Close()
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(4)
	if err != nil && err != io.EOF {
		return "", "", fmt.Errorf("read %s: %w", f.Name, err)
	}
	for _, bom := range boms {
		if bytes.HasPrefix(head, []byte(bom.mark)) {
			return UTF8, bom.name, nil
		}
	}
	for e, zeros := range map[Encoding][2]bool{UTF16LE: {false, true}, UTF16BE: {true, false}} {
		if len(head) == 4 && (head[0] == 0) == zeros[0] && (head[1] == 0) == zeros[1] && (head[2] == 0) == zeros[0] && (head[3] == 0) == zeros[1] {
			return e, string(e) + " without a mark", nil
		}
	}
	good, bad, err := weigh(b)
	switch {
	case err != nil:
		return "", "", fmt.Errorf("read %s: %w", f.Name, err)
	case bad > good:
		return Windows1252, string(Windows1252) + fmt.Sprintf(" (%d bytes are not UTF-8)", bad), nil
	case bad > 0:
		return UTF8, string(UTF8) + fmt.Sprintf(", with mistakes (%d bytes)", bad), nil
	case good == 0:
		return UTF8, "", nil // plain ASCII, of which there is nothing to say
	}
	return UTF8, string(UTF8), nil
}

// weigh counts the characters of more than a byte, and the bytes that are none.
func weigh(r io.Reader) (good, bad int, err error) {
	buf, kept := make([]byte, 64<<10), 0
	for {
		n, err := r.Read(buf[kept:])
		b := buf[:kept+n]
		for len(b) > 0 && (utf8.FullRune(b) || err != nil) {
			c, size := utf8.DecodeRune(b)
			switch {
			case c == utf8.RuneError && size == 1:
				bad++
			case size > 1:
				good++
			}
			b = b[size:]
		}
		if err == io.EOF {
			return good, bad, nil
		}
		if err != nil {
			return good, bad, err
		}
		kept = copy(buf, b)
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
	case UTF16LE:
		return utf16(unicode.LittleEndian)(b), nil
	case UTF16BE:
		return utf16(unicode.BigEndian)(b), nil
	}
	return nil, errEncoding(e)
}
