package dynamotest

import (
	"encoding/json"
	"fmt"

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

// Event returns the record as Lambda delivers it: one element of "Records" in
// the event of a function that listens to the stream with this ARN.
func (r Record) Event(streamARN string) (json.RawMessage, error) {
	d := r.Dynamodb
	images := map[string]any{}
	for name, image := range map[string]map[string]streamtypes.AttributeValue{"Keys": d.Keys, "NewImage": d.NewImage, "OldImage": d.OldImage} {
		if len(image) > 0 {
			images[name] = jsonValue(&types.AttributeValueMemberM{Value: attrs(image)})["M"]
		}
	}
	images["ApproximateCreationDateTime"] = aws.ToTime(d.ApproximateCreationDateTime).Unix()
	images["SequenceNumber"] = aws.ToString(d.SequenceNumber)
	images["SizeBytes"] = aws.ToInt64(d.SizeBytes)
	images["StreamViewType"] = d.StreamViewType
	b, err := json.Marshal(map[string]any{
		"eventID": aws.ToString(r.EventID), "eventName": r.EventName, "eventVersion": "1.1", "eventSource": "aws:dynamodb",
		"awsRegion": "us-east-1", "eventSourceARN": streamARN, "dynamodb": images,
	})
	if err != nil {
		return nil, fmt.Errorf("encode stream record: %w", err)
	}
	return b, nil
}

// jsonValue is the value in DynamoDB's JSON form.
func jsonValue(v types.AttributeValue) map[string]any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}
	case *types.AttributeValueMemberL:
		l := make([]any, len(v.Value))
		for i, x := range v.Value {
			l[i] = jsonValue(x)
		}
		return map[string]any{"L": l}
	case *types.AttributeValueMemberM:
		m := make(map[string]any, len(v.Value))
		for k, x := range v.Value {
			m[k] = jsonValue(x)
		}
		return map[string]any{"M": m}
	}
	return map[string]any{"NULL": true}
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
