package transfer

import "crypto/sha256"

// sum stands for a text in what an import keeps in mind: as long for all, and so
// that no two are alike in a billion.
type sum [16]byte

func sumOf(parts ...string) sum {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	var all [sha256.Size]byte
	return sum(h.Sum(all[:0])[:16])
}

// timedID is an id of ours without a string's header.
type timedID [17]byte

func timedIDOf(id string) (t timedID) {
	copy(t[:], id)
	return t
}

func (t timedID) String() string {
	if t == (timedID{}) {
		return ""
	}
	return string(t[:])
}
