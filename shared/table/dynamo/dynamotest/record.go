package dynamotest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"groundswell/shared/table"
	"groundswell/shared/table/dynamo"
)

// Record is a stream record and the shard that it comes from.
type Record struct {
	Shard string
	streamtypes.Record
}

// Change converts a stream record.
func (r Record) Change() (c table.Change, err error) {
	c = table.Change{Source: r.Shard, Seq: aws.ToString(r.Dynamodb.SequenceNumber),
		At: aws.ToTime(r.Dynamodb.ApproximateCreationDateTime).UTC()}
	if c.Old, err = record(r.Dynamodb.OldImage); err == nil {
		c.New, err = record(r.Dynamodb.NewImage)
	}
	return c, err
}

func record(image map[string]streamtypes.AttributeValue) (*table.Record, error) {
	if len(image) == 0 {
		return nil, nil
	}
	r, err := dynamo.RecordFromImage(attrs(image))
	return &r, err
}

func attrs(image map[string]streamtypes.AttributeValue) map[string]types.AttributeValue {
	m := make(map[string]types.AttributeValue, len(image))
	for k, v := range image {
		m[k] = attr(v)
	}
	return m
}

// attr converts between the two packages' equal types, as far as the driver
// writes them.
func attr(v streamtypes.AttributeValue) types.AttributeValue {
	switch v := v.(type) {
	case *streamtypes.AttributeValueMemberS:
		return &types.AttributeValueMemberS{Value: v.Value}
	case *streamtypes.AttributeValueMemberN:
		return &types.AttributeValueMemberN{Value: v.Value}
	case *streamtypes.AttributeValueMemberBOOL:
		return &types.AttributeValueMemberBOOL{Value: v.Value}
	case *streamtypes.AttributeValueMemberNULL:
		return &types.AttributeValueMemberNULL{Value: v.Value}
	case *streamtypes.AttributeValueMemberL:
		l := make([]types.AttributeValue, len(v.Value))
		for i, x := range v.Value {
			l[i] = attr(x)
		}
		return &types.AttributeValueMemberL{Value: l}
	case *streamtypes.AttributeValueMemberM:
		return &types.AttributeValueMemberM{Value: attrs(v.Value)}
	}
	// DynamoDB Local's stream says {} where it means {"M":{}}.
	return &types.AttributeValueMemberM{}
}
