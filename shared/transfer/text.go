package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// text is a JSON file as bytes, with the place in it. It knows just enough of JSON
// to find where a value ends; what is in it is the standard library's.
type text struct {
	r         *bufio.Reader
	buf       []byte // read and not taken
	end       error
	line, col int // of buf's first byte, from 1
}

var (
	errCut     = errors.New("the file ends in the middle of it")
	errBracket = errors.New("a bracket that closes another")
	errLong    = errors.New(wrongLong)
	errText    = errors.New("a text that does not end in its line")
)

// more reads on; false is the end.
func (t *text) more() bool {
	if t.end != nil {
		return false
	}
	part := make([]byte, 32<<10)
	n, err := t.r.Read(part)
	t.buf = append(t.buf, part[:n]...)
	if err != nil {
		t.end = err
	}
	return n > 0 || err == nil
}

// take goes past n bytes that were read.
func (t *text) take(n int) {
	for _, c := range t.buf[:n] {
		if t.col++; c == '\n' {
			t.line, t.col = t.line+1, 1
		}
	}
	if t.buf = t.buf[n:]; len(t.buf) == 0 {
		t.buf = nil
	}
}

// skip goes to the next byte that is not white, and returns it.
func (t *text) skip() (byte, error) {
	for {
		n := 0
		for n < len(t.buf) && bytes.IndexByte([]byte(" \t\r\n"), t.buf[n]) >= 0 {
			n++
		}
		t.take(n)
		if len(t.buf) > 0 {
			return t.buf[0], nil
		}
		if !t.more() {
			return 0, t.end
		}
	}
}

// rest takes what is left of the line, without its end; long says that it is cut.
func (t *text) rest() (line []byte, long bool, err error) {
	for i := 0; ; {
		if n := bytes.IndexByte(t.buf[i:], '\n'); n >= 0 {
			line = append(line, t.buf[:i+n]...)
			t.take(i + n + 1)
			return bytes.TrimRight(line, "\r"), long, nil
		}
		if len(t.buf) > maxObject { // keep the start, look for the end
			if !long {
				line, long = append(line, t.buf[:maxRecord]...), true
			}
			t.take(len(t.buf))
			i = 0
		} else {
			i = len(t.buf)
		}
		if !t.more() {
			if !long {
				line = append(line, t.buf...)
			}
			t.take(len(t.buf))
			if t.end == io.EOF {
				return line, long, nil
			}
			return line, long, t.end
		}
	}
}

// value takes the value that begins here. Where it has no end, nothing is taken.
func (t *text) value() ([]byte, error) {
	var open []byte
	inString, escaped := false, false
	for i := 0; ; i++ {
		for i >= len(t.buf) {
			if len(t.buf) > maxObject {
				return nil, errLong
			}
			if !t.more() {
				if t.end != io.EOF {
					return nil, t.end
				}
				return nil, errCut
			}
		}
		c := t.buf[i]
		switch {
		case escaped:
			escaped = false
		case inString && c == '\n':
			return nil, errText
		case inString:
			escaped, inString = c == '\\', c != '"'
			if !inString && len(open) == 0 {
				return t.cut(i + 1), nil
			}
		case c == '"':
			inString = true
		case c == '{' || c == '[':
			open = append(open, c+2) // '{' and '}', '[' and ']' are two apart
		case c == '}' || c == ']':
			if len(open) == 0 {
				return t.cut(i), nil // of what is around a number
			}
			if open[len(open)-1] != c {
				return nil, errBracket
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				return t.cut(i + 1), nil
			}
		case len(open) == 0 && (c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t'):
			return t.cut(i), nil
		}
	}
}

func (t *text) cut(n int) []byte {
	v := bytes.Clone(t.buf[:n])
	t.take(n)
	return v
}
