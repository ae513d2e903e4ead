package search

import "encoding/base64"

// Signature says what an idea can be found by: all its terms, and its tags. It is a
// Bloom filter, so it may name a term that the idea does not have, one in twenty for
// most ideas, and never leaves one out.
type Signature []byte

const (
	bitsPerTerm  = 6
	hashes       = 4
	maxSignature = 48 // bytes: it is in each of the idea's postings
)

// newSignature has room for n terms.
func newSignature(n int) Signature {
	return make(Signature, min(max((n*bitsPerTerm+7)/8, 1), maxSignature))
}

func (s Signature) add(term string) {
	a, b := hash(term)
	for i := range uint32(hashes) {
		bit := (a + i*b) % uint32(8*len(s))
		s[bit/8] |= 1 << (bit % 8)
	}
}

// Has reports whether the idea has the term, in all likelihood.
func (s Signature) Has(term string) bool {
	if len(s) == 0 {
		return false
	}
	a, b := hash(term)
	for i := range uint32(hashes) {
		bit := (a + i*b) % uint32(8*len(s))
		if s[bit/8]&(1<<(bit%8)) == 0 {
			return false
		}
	}
	return true
}

// hash is two halves of FNV-1a, mixed so that neither has a pattern of its own. It is
// stored: it can't change without a new Generation.
func hash(s string) (a, b uint32) {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return uint32(h), uint32(h>>32) | 1
}

// weights are written as one character of this alphabet, of 64.
const weights = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// Encode is weight, from 0 to 1, and signature as they are stored.
func Encode(weight float64, s Signature) string {
	w := int(min(max(weight, 0), 1)*63 + .5)
	return weights[w:w+1] + base64.RawURLEncoding.EncodeToString(s)
}

// Decode reads what Encode wrote.
func Decode(stored string) (weight float64, s Signature, ok bool) {
	if stored == "" {
		return 0, nil, false
	}
	w := -1
	for i := range len(weights) {
		if weights[i] == stored[0] {
			w = i
		}
	}
	b, err := base64.RawURLEncoding.DecodeString(stored[1:])
	return float64(w) / 63, b, w >= 0 && err == nil
}
