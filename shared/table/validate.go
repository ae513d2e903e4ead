package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrInvalid says that a call breaks a rule of the port (an empty key, a body
// that is no JSON object, 101 operations): a mistake of the program, which no
// retry mends. The drivers check with the functions of this file, so that what
// one refuses the other refuses too.
var ErrInvalid = errors.New("table: invalid call")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...)
}

// Validate reports whether k can name a record.
func (k Key) Validate() error {
	if err := validPart("partition key", k.PK, MaxPK); err != nil {
		return err
	}
	return validPart("sort key", k.SK, MaxSK)
}

func validPart(what, s string, limit int) error {
	switch {
	case s == "":
		return invalid("empty %s", what)
	case len(s) > limit:
		return invalid("%s of %d bytes, the limit is %d", what, len(s), limit)
	case strings.IndexByte(s, 0) >= 0:
		return invalid("NUL in %s", what)
	case !utf8.ValidString(s):
		return invalid("%s is not UTF-8", what)
	}
	return nil
}

// Validate reports whether r can be stored.
func (r Record) Validate() error {
	if err := r.Key.Validate(); err != nil {
		return err
	}
	for i, x := range r.Idx {
		if x == (IndexKey{}) {
			continue
		}
		if err := validPart(fmt.Sprintf("partition key of index %d", i+1), x.P, MaxPK); err != nil {
			return err
		}
		if err := validPart(fmt.Sprintf("sort key of index %d", i+1), x.S, MaxSK); err != nil {
			return err
		}
	}
	if r.TTL < 0 {
		return invalid("negative TTL %d", r.TTL)
	}
	if !utf8.ValidString(r.Kind) {
		return invalid("kind is not UTF-8")
	}
	if n := r.Size(); n > MaxRecord {
		return invalid("record of %d bytes, the limit is %d", n, MaxRecord)
	}
	return validBody(r.Body)
}

func validBody(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if !utf8.Valid(b) {
		return invalid("body is not UTF-8")
	}
	if b[firstNonSpace(b)] != '{' || !json.Valid(b) {
		return invalid("body is not a JSON object")
	}
	return nil
}

func firstNonSpace(b []byte) int {
	for i, c := range b {
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return i
		}
	}
	return 0
}

// Size estimates the bytes that count against MaxRecord: DynamoDB's rule
// (names and values of all attributes), with the body as JSON text. DynamoDB
// counts nested values a little differently and has the last word.
func (r Record) Size() int {
	n := len("pk"+"sk"+"k"+"v"+"b") + len(r.PK) + len(r.SK) + len(r.Kind) + 21 + len(r.Body)
	if r.TTL != 0 {
		n += len("ttl") + 21
	}
	for _, x := range r.Idx {
		if x.P != "" {
			n += len("g1p"+"g1s") + len(x.P) + len(x.S)
		}
	}
	return n
}

// Validate reports whether op can be carried out.
func (op Op) Validate() error {
	switch op.Mut {
	case Put:
		if err := op.Rec.Validate(); err != nil {
			return err
		}
	case Delete:
		if err := op.Rec.Key.Validate(); err != nil {
			return err
		}
	case Check:
		if err := op.Rec.Key.Validate(); err != nil {
			return err
		}
		if op.Cond == Always {
			return invalid("check without a condition")
		}
	default:
		return invalid("unknown mutation %d", op.Mut)
	}
	if op.Cond > VerBelow {
		return invalid("unknown condition %d", op.Cond)
	}
	return nil
}

// ValidateWrite reports whether ops can be one atomic Write.
func ValidateWrite(ops []Op) error {
	if len(ops) == 0 || len(ops) > MaxOps {
		return invalid("%d operations in one write, 1 to %d are possible", len(ops), MaxOps)
	}
	for i, op := range ops {
		if err := op.Validate(); err != nil {
			return fmt.Errorf("operation %d: %w", i, err)
		}
	}
	if len(ops) == 1 {
		return nil
	}
	seen := make(map[Key]int, len(ops))
	for i, op := range ops {
		if j, dup := seen[op.Rec.Key]; dup {
			return invalid("operations %d and %d have the same key", j, i)
		}
		seen[op.Rec.Key] = i
	}
	return nil
}

// Normalize validates q and fills in its defaults. It does not look at After,
// which only the driver can read.
func (q Query) Normalize() (Query, error) {
	if q.Index < 0 || q.Index > Indexes {
		return q, invalid("no index %d", q.Index)
	}
	if err := validPart("partition key", q.PK, MaxPK); err != nil {
		return q, err
	}
	if q.Index != 0 && q.Consistent {
		return q, invalid("consistent read of an index")
	}
	if q.Prefix != "" && (q.From != "" || q.To != "") {
		return q, invalid("prefix together with a range")
	}
	for _, s := range [...]string{q.Prefix, q.From, q.To} {
		if s != "" {
			if err := validPart("sort key bound", s, MaxSK); err != nil {
				return q, err
			}
		}
	}
	var err error
	q.Limit, err = NormalizeLimit(q.Limit)
	return q, err
}

// NormalizeLimit validates the limit of a page: 0 means 100.
func NormalizeLimit(n int) (int, error) {
	switch {
	case n == 0:
		return 100, nil
	case n < 0 || n > MaxLimit:
		return 0, invalid("limit %d, 1 to %d are possible", n, MaxLimit)
	}
	return n, nil
}

// Contains reports whether sort key s lies in the range of q.
func (q Query) Contains(s string) bool {
	return strings.HasPrefix(s, q.Prefix) && s >= q.From && (q.To == "" || s < q.To)
}

// Met reports whether condition c with version n holds for what is stored under
// a key: rec with found true, or nothing. expired says whether rec's TTL has
// passed. It is the definition that drivers without an expression language use.
func (c Cond) Met(n int64, found, expired bool, ver int64) bool {
	switch c {
	case Always:
		return true
	case NotExists:
		return !found || expired
	case Exists:
		return found && !expired
	case VerEq:
		return found && ver == n
	case VerBelow:
		return !found || ver < n
	}
	return false
}
