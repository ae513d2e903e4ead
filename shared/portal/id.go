package portal

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"time"
)

// alphabet is Crockford's base 32 in lower case: no i, l, o, u, and in byte order,
// so that ids sort as the numbers they spell.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

const (
	timeChars   = 9  // 45 bits of milliseconds since 1970: good until the year 3084
	randChars   = 8  // 40 random bits behind the time
	memberChars = 20 // 4 + 19*5 = 99 random bits
)

// IDs makes ids from time and randomness.
type IDs struct{ Rand io.Reader }

// At is a new id of something that came to be at t (an idea, a comment): ids sort
// by time, oldest first.
func (g IDs) At(t time.Time) (string, error) {
	var r [8]byte
	if _, err := io.ReadFull(g.Rand, r[:5]); err != nil {
		return "", err
	}
	return timed(t, binary.BigEndian.Uint64(r[:])>>24), nil
}

// Member is a new member id. It is random from its first character on, because
// the first names the lane of the member's votes (16 of them) and the next ones
// the cell in it: see shared/store.
func (g IDs) Member() (string, error) {
	var r [memberChars]byte
	if _, err := io.ReadFull(g.Rand, r[:]); err != nil {
		return "", err
	}
	return memberID(r), nil
}

// ImportedAt is the id of something from another system: the same source and key
// give the same id, so that an import can be repeated.
func ImportedAt(t time.Time, source, key string) string {
	h := sha256.Sum256([]byte(source + "\x00" + key))
	return timed(t, binary.BigEndian.Uint64(h[:])>>24)
}

// ImportedMember is the member id of another system's author, spread like random
// ones.
func ImportedMember(source, key string) string {
	h := sha256.Sum256([]byte(source + "\x00" + key))
	return memberID([memberChars]byte(h[:memberChars]))
}

func timed(t time.Time, random uint64) string {
	var b [timeChars + randChars]byte
	put(b[:timeChars], uint64(max(t.UnixMilli(), 0)))
	put(b[timeChars:], random)
	return string(b[:])
}

func put(b []byte, n uint64) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = alphabet[n&31]
		n >>= 5
	}
}

func memberID(r [memberChars]byte) string {
	b := make([]byte, memberChars)
	b[0] = alphabet[r[0]&15]
	for i := 1; i < memberChars; i++ {
		b[i] = alphabet[r[i]&31]
	}
	return string(b)
}

// TimeKey is the time part of such ids: keys that begin with it sort by time.
func TimeKey(t time.Time) string { return timed(t, 0)[:timeChars] }

// IDTime is when the thing with a time-ordered id came to be.
func IDTime(id string) time.Time {
	var n int64
	for i := 0; i < timeChars && i < len(id); i++ {
		n = n<<5 | int64(digit(id[i]))
	}
	return time.UnixMilli(n).UTC()
}

// ValidTimedID reports whether s could be the id of an idea or a comment. What
// can't be one is refused before it gets into a key.
func ValidTimedID(s string) bool { return len(s) == timeChars+randChars && spelled(s) }

// ValidMemberID reports whether s could be a member's id.
func ValidMemberID(s string) bool {
	return len(s) == memberChars && spelled(s) && digit(s[0]) < 16
}

func spelled(s string) bool {
	for i := range len(s) {
		if digit(s[i]) < 0 {
			return false
		}
	}
	return true
}

func digit(c byte) int {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}
