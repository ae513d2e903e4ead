package portal

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

var errBadCursor = &Error{Kind: BadRequest, Code: "bad_cursor",
	Msg:    "The cursor is not one of this list. Start again from the first page.",
	Fields: []FieldError{{Name: "cursor", Code: "bad_cursor", Msg: "Not a cursor of this list."}}}

const sumBytes = 8

// SealCursor makes a place in a list opaque and binds it to its list: a cursor that
// was cut, changed or taken from another list is refused. It is a checksum, not a
// secret; a cursor that somebody makes with this code can only point into the same
// public list.
func SealCursor(list, place string) string {
	if place == "" {
		return ""
	}
	sum := cursorSum(list, place)
	return base64.RawURLEncoding.EncodeToString(append(sum[:sumBytes:sumBytes], place...))
}

// OpenCursor is the place that SealCursor sealed for the same list; "" is the start.
func OpenCursor(list, sealed string) (place string, err error) {
	if sealed == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(b) <= sumBytes {
		return "", errBadCursor
	}
	place = string(b[sumBytes:])
	sum := cursorSum(list, place)
	if subtle.ConstantTimeCompare(sum[:sumBytes], b[:sumBytes]) != 1 {
		return "", errBadCursor
	}
	return place, nil
}

func cursorSum(list, place string) [sha256.Size]byte {
	return sha256.Sum256([]byte(list + "\x00" + place))
}
