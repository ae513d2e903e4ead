package dynamo

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"groundswell/shared/table"
)

// Names of attributes and indexes. The template and its stream filters repeat
// them.
const (
	attrPK   = "pk"
	attrSK   = "sk"
	attrKind = "k"
	attrVer  = "v"
	attrTTL  = "ttl"
	attrBody = "b"
)

var (
	attrIndex = [table.Indexes][2]string{{"g1p", "g1s"}, {"g2p", "g2s"}, {"g3p", "g3s"}}
	indexName = [table.Indexes]string{"ix1", "ix2", "ix3"}
)

// item is a DynamoDB item, or a part of one.
type item = map[string]types.AttributeValue

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyItem(k table.Key) item { return item{attrPK: str(k.PK), attrSK: str(k.SK)} }

// newItem converts a valid record.
func newItem(r table.Record) (item, error) {
	it := keyItem(r.Key)
	it[attrVer] = number(r.Ver)
	if r.Kind != "" {
		it[attrKind] = str(r.Kind)
	}
	if r.TTL != 0 {
		it[attrTTL] = number(r.TTL)
	}
	for i, x := range r.Idx {
		if x.P != "" { // an empty key attribute would be refused; without it the index has no entry
			it[attrIndex[i][0]], it[attrIndex[i][1]] = str(x.P), str(x.S)
		}
	}
	if len(r.Body) > 0 {
		b, err := bodyToAttr(r.Body)
		if err != nil {
			return nil, err
		}
		it[attrBody] = b
	}
	return it, nil
}

// RecordFromImage converts an item, such as an image of a stream record.
// Attributes that this package does not write are ignored. A body that is no map,
// which somebody else must have written, is left out: whoever reads the row finds
// that it can't be read, and the other rows of its page are not lost with it.
func RecordFromImage(it map[string]types.AttributeValue) (table.Record, error) {
	d := decoder{it: it}
	r := table.Record{Key: table.Key{PK: d.str(attrPK), SK: d.str(attrSK)}, Kind: d.str(attrKind),
		Ver: d.int(attrVer), TTL: d.int(attrTTL)}
	for i, a := range attrIndex {
		r.Idx[i] = table.IndexKey{P: d.str(a[0]), S: d.str(a[1])}
	}
	if m, ok := it[attrBody].(*types.AttributeValueMemberM); ok && d.err == nil {
		if r.Body, d.err = appendAttr(make([]byte, 0, 256), m); d.err != nil {
			d.err = fmt.Errorf("attribute %s: %w", attrBody, d.err)
		}
	}
	if d.err == nil && (r.PK == "" || r.SK == "") {
		d.err = fmt.Errorf("item without %s or %s", attrPK, attrSK)
	}
	if d.err != nil {
		return table.Record{}, fmt.Errorf("dynamo: %w", d.err)
	}
	return r, nil
}

// decoder reads attributes and keeps the first error.
type decoder struct {
	it  item
	err error
}

func (d *decoder) fail(name string, v types.AttributeValue) {
	if d.err == nil {
		d.err = fmt.Errorf("attribute %s has unexpected type or value (%T)", name, v)
	}
}

func (d *decoder) str(name string) string {
	v, ok := d.it[name]
	if !ok {
		return ""
	}
	s, ok := v.(*types.AttributeValueMemberS)
	if !ok {
		d.fail(name, v)
		return ""
	}
	return s.Value
}

func (d *decoder) int(name string) int64 {
	v, ok := d.it[name]
	if !ok {
		return 0
	}
	s, ok := v.(*types.AttributeValueMemberN)
	if !ok {
		d.fail(name, v)
		return 0
	}
	n, err := strconv.ParseInt(s.Value, 10, 64)
	if err != nil {
		d.fail(name, v)
	}
	return n
}

// live converts items and drops the expired ones.
func (t *Table) live(items []item) ([]table.Record, error) {
	recs := make([]table.Record, 0, len(items))
	now := t.clock()
	for _, it := range items {
		r, err := RecordFromImage(it)
		if err != nil {
			return nil, err
		}
		if !r.Expired(now) {
			recs = append(recs, r)
		}
	}
	return recs, nil
}
