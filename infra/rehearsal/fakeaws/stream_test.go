package fakeaws_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/google/go-cmp/cmp"

	"groundswell/infra/rehearsal/fakeaws"
)

const streamARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/portal/stream/2026-11-01T00:00:00.000"

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func TestStreamRecord(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	raw, err := fakeaws.StreamRecord(streamARN, types.Record{
		AwsRegion: aws.String("eu-west-1"), EventID: aws.String("e1"), EventName: types.OperationTypeModify,
		EventVersion: aws.String("1.1"), EventSource: aws.String("aws:dynamodb"),
		UserIdentity: &types.Identity{Type: aws.String("Service"), PrincipalId: aws.String("dynamodb.amazonaws.com")},
		Dynamodb: &types.StreamRecord{
			ApproximateCreationDateTime: &at,
			SequenceNumber:              aws.String("100000000001234567890"),
			SizeBytes:                   aws.Int64(26),
			StreamViewType:              types.StreamViewTypeNewAndOldImages,
			Keys:                        map[string]types.AttributeValue{"pk": str("I#1"), "sk": str("0M")},
			OldImage:                    map[string]types.AttributeValue{"pk": str("I#1")},
			NewImage: map[string]types.AttributeValue{
				"n":  &types.AttributeValueMemberN{Value: "12345678901234567890"},
				"t":  &types.AttributeValueMemberBOOL{Value: true},
				"z":  &types.AttributeValueMemberNULL{Value: true},
				"b":  &types.AttributeValueMemberB{Value: []byte{0, 255}},
				"ss": &types.AttributeValueMemberSS{Value: []string{"a"}},
				"ns": &types.AttributeValueMemberNS{Value: []string{"1"}},
				"bs": &types.AttributeValueMemberBS{Value: [][]byte{{1}}},
				"l":  &types.AttributeValueMemberL{Value: []types.AttributeValue{str("x"), &types.AttributeValueMemberL{}}},
				"m":  &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"in": str("y")}},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := fakeaws.StreamEvent(raw)
	if err != nil {
		t.Fatal(err)
	}
	// AWS's own event types are the judge of the form.
	var ev events.DynamoDBEvent
	if err := json.Unmarshal(payload, &ev); err != nil {
		t.Fatalf("%v in %s", err, payload)
	}
	want := events.DynamoDBEvent{Records: []events.DynamoDBEventRecord{{
		AWSRegion: "eu-west-1", EventID: "e1", EventName: "MODIFY", EventVersion: "1.1", EventSource: "aws:dynamodb",
		EventSourceArn: streamARN,
		UserIdentity:   &events.DynamoDBUserIdentity{Type: "Service", PrincipalID: "dynamodb.amazonaws.com"},
		Change: events.DynamoDBStreamRecord{
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: at},
			SequenceNumber:              "100000000001234567890",
			SizeBytes:                   26,
			StreamViewType:              "NEW_AND_OLD_IMAGES",
			Keys:                        map[string]events.DynamoDBAttributeValue{"pk": events.NewStringAttribute("I#1"), "sk": events.NewStringAttribute("0M")},
			OldImage:                    map[string]events.DynamoDBAttributeValue{"pk": events.NewStringAttribute("I#1")},
			NewImage: map[string]events.DynamoDBAttributeValue{
				"n":  events.NewNumberAttribute("12345678901234567890"),
				"t":  events.NewBooleanAttribute(true),
				"z":  events.NewNullAttribute(),
				"b":  events.NewBinaryAttribute([]byte{0, 255}),
				"ss": events.NewStringSetAttribute([]string{"a"}),
				"ns": events.NewNumberSetAttribute([]string{"1"}),
				"bs": events.NewBinarySetAttribute([][]byte{{1}}),
				"l":  events.NewListAttribute([]events.DynamoDBAttributeValue{events.NewStringAttribute("x"), events.NewListAttribute([]events.DynamoDBAttributeValue{})}),
				"m":  events.NewMapAttribute(map[string]events.DynamoDBAttributeValue{"in": events.NewStringAttribute("y")}),
			},
		},
	}}}
	if diff := cmp.Diff(want, ev, cmp.AllowUnexported(events.DynamoDBAttributeValue{}), cmp.Transformer("utc", func(e events.SecondsEpochTime) int64 { return e.UnixMilli() })); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestRemaining(t *testing.T) {
	t.Parallel()
	var batch []json.RawMessage
	for _, seq := range []string{"9", "10", "11"} {
		batch = append(batch, json.RawMessage(`{"dynamodb":{"SequenceNumber":"`+seq+`"}}`))
	}
	for _, tc := range []struct {
		name, answer string
		left         int
		fails        bool
	}{
		{"all done", `{"batchItemFailures":[]}`, 0, false},
		{"no answer", ``, 0, false},
		{"null", `null`, 0, false},
		{"from the middle", `{"batchItemFailures":[{"itemIdentifier":"10"}]}`, 2, false},
		{"the lowest of two", `{"batchItemFailures":[{"itemIdentifier":"11"},{"itemIdentifier":"9"}]}`, 3, false},
		{"unknown", `{"batchItemFailures":[{"itemIdentifier":"12"}]}`, 3, true},
		{"empty", `{"batchItemFailures":[{"itemIdentifier":""}]}`, 3, true},
		{"null identifier", `{"batchItemFailures":[{"itemIdentifier":null}]}`, 3, true},
		{"no JSON", `oops`, 3, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			left, err := fakeaws.Remaining(batch, []byte(tc.answer))
			if len(left) != tc.left || (err != nil) != tc.fails {
				t.Errorf("Remaining = %d records, %v", len(left), err)
			}
			if tc.left > 0 && string(left[len(left)-1]) != string(batch[2]) {
				t.Errorf("the rest does not reach the end: %s", left)
			}
		})
	}
}
