package tabletest

import (
	"os"
	"strconv"
	"testing"
)

// Seeds is how many worlds a property test makes: so many of a short run, of a usual
// one, or as many as GROUNDSWELL_SEEDS says, for a night. Each has the number of its
// turn as its seed, so that the first ones are always the same.
func Seeds(short, usual int) uint64 {
	if n, err := strconv.ParseUint(os.Getenv("GROUNDSWELL_SEEDS"), 10, 16); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return uint64(short)
	}
	return uint64(usual)
}
