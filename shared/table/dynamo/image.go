package dynamo

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"groundswell/shared/table"
)

// ParseStreamRecord reads one record of a stream as Lambda delivers it, an
// element of "Records" in the event. Source is the stream's ARN, because the
// event does not name the shard: compare Seq only for changes of the same key.
func ParseStreamRecord(raw []byte) (table.Change, error) {
	var r struct {
		EventSourceARN string `json:"eventSourceARN"`
		DynamoDB       struct {
			At       float64         `json:"ApproximateCreationDateTime"` // Unix seconds
			Seq      string          `json:"SequenceNumber"`
			NewImage json.RawMessage `json:"NewImage"`
			OldImage json.RawMessage `json:"OldImage"`
		} `json:"dynamodb"`
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return table.Change{}, fmt.Errorf("decode stream record: %w", err)
	}
	sec, frac := math.Modf(r.DynamoDB.At)
	c := table.Change{Source: r.EventSourceARN, Seq: r.DynamoDB.Seq, At: time.Unix(int64(sec), int64(frac*1e9)).UTC()}
	var err error
	if c.Old, err = recordFromJSON(r.DynamoDB.OldImage); err != nil {
		return c, fmt.Errorf("old image of stream record %s: %w", c.Seq, err)
	}
	if c.New, err = recordFromJSON(r.DynamoDB.NewImage); err != nil {
		return c, fmt.Errorf("new image of stream record %s: %w", c.Seq, err)
	}
	if c.Old == nil && c.New == nil {
		return c, fmt.Errorf("stream record %s has no image", c.Seq)
	}
	return c, nil
}

func recordFromJSON(raw json.RawMessage) (*table.Record, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	it, err := ImageFromJSON(raw)
	if err != nil {
		return nil, err
	}
	r, err := RecordFromImage(it)
	return &r, err
}

// ImageFromJSON reads an item in DynamoDB's JSON form, {"pk":{"S":"x"},...}.
func ImageFromJSON(raw []byte) (map[string]types.AttributeValue, error) {
	var m map[string]jsonAttr
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("decode image: %w", err)
	}
	return attrs(m)
}

// jsonAttr is an attribute value in JSON; exactly one field is set.
type jsonAttr struct {
	S    *string
	N    *json.Number
	BOOL *bool
	NULL *bool
	L    *[]jsonAttr
	M    *map[string]jsonAttr
}

func attrs(m map[string]jsonAttr) (item, error) {
	it := make(item, len(m))
	for k, a := range m {
		v, err := a.value()
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", k, err)
		}
		it[k] = v
	}
	return it, nil
}

func (a jsonAttr) value() (types.AttributeValue, error) {
	switch {
	case a.S != nil:
		return &types.AttributeValueMemberS{Value: *a.S}, nil
	case a.N != nil:
		return &types.AttributeValueMemberN{Value: a.N.String()}, nil
	case a.BOOL != nil:
		return &types.AttributeValueMemberBOOL{Value: *a.BOOL}, nil
	case a.NULL != nil:
		return &types.AttributeValueMemberNULL{Value: *a.NULL}, nil
	case a.M != nil:
		m, err := attrs(*a.M)
		return &types.AttributeValueMemberM{Value: m}, err
	case a.L != nil:
		l := make([]types.AttributeValue, len(*a.L))
		for i, x := range *a.L {
			v, err := x.value()
			if err != nil {
				return nil, fmt.Errorf("element %d: %w", i, err)
			}
			l[i] = v
		}
		return &types.AttributeValueMemberL{Value: l}, nil
	}
	return nil, fmt.Errorf("unknown type of attribute")
}
