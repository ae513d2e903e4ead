package fakeaws

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// StreamRecord is the JSON of one record as Lambda's event has it, made from what
// GetRecords of DynamoDB Streams returned: the form that a [Pattern] matches.
func StreamRecord(streamARN string, r types.Record) (json.RawMessage, error) {
	if r.Dynamodb == nil {
		return nil, fmt.Errorf("stream record %s has no body", aws.ToString(r.EventID))
	}
	change := map[string]any{
		"SequenceNumber": aws.ToString(r.Dynamodb.SequenceNumber),
		"SizeBytes":      aws.ToInt64(r.Dynamodb.SizeBytes),
		"StreamViewType": r.Dynamodb.StreamViewType,
	}
	if at := r.Dynamodb.ApproximateCreationDateTime; at != nil {
		change["ApproximateCreationDateTime"] = at.Unix()
	}
	for name, item := range map[string]map[string]types.AttributeValue{
		"Keys": r.Dynamodb.Keys, "NewImage": r.Dynamodb.NewImage, "OldImage": r.Dynamodb.OldImage,
	} {
		if item == nil {
			continue
		}
		v, err := attributes(item)
		if err != nil {
			return nil, fmt.Errorf("stream record %s: %s: %w", aws.ToString(r.EventID), name, err)
		}
		change[name] = v
	}
	record := map[string]any{
		"eventID":        aws.ToString(r.EventID),
		"eventName":      r.EventName,
		"eventVersion":   aws.ToString(r.EventVersion),
		"eventSource":    "aws:dynamodb",
		"awsRegion":      aws.ToString(r.AwsRegion),
		"eventSourceARN": streamARN,
		"dynamodb":       change,
	}
	if u := r.UserIdentity; u != nil { // a deletion by TTL
		record["userIdentity"] = map[string]any{"type": aws.ToString(u.Type), "principalId": aws.ToString(u.PrincipalId)}
	}
	return json.Marshal(record)
}

// StreamEvent is the event of a batch of such records.
func StreamEvent(records ...json.RawMessage) ([]byte, error) {
	if records == nil {
		records = []json.RawMessage{}
	}
	return json.Marshal(map[string]any{"Records": records})
}

func attributes(item map[string]types.AttributeValue) (map[string]any, error) {
	out := make(map[string]any, len(item))
	for name, v := range item {
		a, err := attribute(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = a
	}
	return out, nil
}

// attribute is DynamoDB's JSON of one value: {"S":"x"}.
func attribute(v types.AttributeValue) (map[string]any, error) {
	switch v := v.(type) {
	case nil: // DynamoDB Local's stream says {} where it means {"M":{}}
		return map[string]any{"M": map[string]any{}}, nil
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}, nil
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}, nil
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}, nil
	case *types.AttributeValueMemberNULL:
		return map[string]any{"NULL": v.Value}, nil
	case *types.AttributeValueMemberB:
		return map[string]any{"B": v.Value}, nil
	case *types.AttributeValueMemberSS:
		return map[string]any{"SS": v.Value}, nil
	case *types.AttributeValueMemberNS:
		return map[string]any{"NS": v.Value}, nil
	case *types.AttributeValueMemberBS:
		return map[string]any{"BS": v.Value}, nil
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, e := range v.Value {
			a, err := attribute(e)
			if err != nil {
				return nil, err
			}
			list[i] = a
		}
		return map[string]any{"L": list}, nil
	case *types.AttributeValueMemberM:
		m, err := attributes(v.Value)
		if err != nil {
			return nil, err
		}
		return map[string]any{"M": m}, nil
	}
	return nil, fmt.Errorf("unknown type %T", v)
}
