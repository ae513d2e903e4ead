package fakeaws

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// maxMessage is the largest message and the largest batch, in bytes (Amazon SQS
// Developer Guide, "Message quotas": 1 MiB since August 2025).
const maxMessage = 1 << 20

// sqsRequest holds the fields of all actions served here.
type sqsRequest struct {
	QueueUrl     string
	MessageBody  string
	DelaySeconds int
	Entries      []struct {
		Id            string
		MessageBody   string
		DelaySeconds  int
		ReceiptHandle string
	}
	MaxNumberOfMessages int
	WaitTimeSeconds     int // ignored: every poll is a short one
	VisibilityTimeout   *int
	ReceiptHandle       string
}

// ServeHTTP speaks the AWS JSON 1.0 protocol:
// docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference.
func (s *SQS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in sqsRequest
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields() // message attributes, FIFO groups and the like are not faked
	if err := dec.Decode(&in); err != nil {
		sqsError(w, "SerializationException", err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[path.Base(in.QueueUrl)]
	if q == nil {
		sqsError(w, "QueueDoesNotExist", "The specified queue does not exist.")
		return
	}
	action := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	switch action {
	case "SendMessage":
		s.sendMessage(w, q, in)
	case "SendMessageBatch":
		s.sendMessageBatch(w, q, in)
	case "ReceiveMessage":
		s.receiveMessage(w, q, in)
	case "DeleteMessage":
		q.remove(in.ReceiptHandle)
		sqsReply(w, struct{}{})
	case "DeleteMessageBatch":
		done := []map[string]string{}
		for _, e := range in.Entries {
			q.remove(e.ReceiptHandle)
			done = append(done, map[string]string{"Id": e.Id})
		}
		sqsReply(w, map[string]any{"Successful": done, "Failed": []any{}})
	default:
		sqsError(w, "UnsupportedOperation", "fakeaws has no action "+action)
	}
}

func (s *SQS) sendMessage(w http.ResponseWriter, q *Queue, in sqsRequest) {
	if in.MessageBody == "" || len(in.MessageBody) > maxMessage {
		sqsError(w, "InvalidParameterValue", fmt.Sprintf("The message body must be 1 to %d bytes long.", maxMessage))
		return
	}
	m := q.send(in.MessageBody, time.Duration(in.DelaySeconds)*time.Second)
	sqsReply(w, map[string]string{"MessageId": m.id, "MD5OfMessageBody": md5Hex(m.body)})
}

func (s *SQS) sendMessageBatch(w http.ResponseWriter, q *Queue, in sqsRequest) {
	total, ids := 0, map[string]bool{}
	for _, e := range in.Entries {
		total += len(e.MessageBody)
		if ids[e.Id] {
			sqsError(w, "BatchEntryIdsNotDistinct", "Two entries have the id "+e.Id+".")
			return
		}
		ids[e.Id] = true
	}
	switch {
	case len(in.Entries) == 0:
		sqsError(w, "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request.")
		return
	case len(in.Entries) > 10:
		sqsError(w, "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.")
		return
	case total > maxMessage:
		sqsError(w, "BatchRequestTooLong", "Batch requests cannot be longer than "+strconv.Itoa(maxMessage)+" bytes.")
		return
	}
	done := []map[string]string{}
	for _, e := range in.Entries {
		m := q.send(e.MessageBody, time.Duration(e.DelaySeconds)*time.Second)
		done = append(done, map[string]string{"Id": e.Id, "MessageId": m.id, "MD5OfMessageBody": md5Hex(m.body)})
	}
	sqsReply(w, map[string]any{"Successful": done, "Failed": []any{}})
}

func (s *SQS) receiveMessage(w http.ResponseWriter, q *Queue, in sqsRequest) {
	visibility := q.cfg.Visibility
	if in.VisibilityTimeout != nil {
		visibility = time.Duration(*in.VisibilityTimeout) * time.Second
	}
	out := []map[string]any{}
	for _, m := range q.receive(max(1, in.MaxNumberOfMessages), visibility) {
		out = append(out, map[string]any{
			"MessageId": m.id, "ReceiptHandle": m.receipt, "Body": m.body, "MD5OfBody": md5Hex(m.body),
			"Attributes": systemAttributes(m),
		})
	}
	sqsReply(w, map[string]any{"Messages": out})
}

func systemAttributes(m *message) map[string]string {
	return map[string]string{
		"ApproximateReceiveCount": strconv.Itoa(m.receives),
		"SentTimestamp":           strconv.FormatInt(m.sentAt.UnixMilli(), 10),
	}
}

func sqsReply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client is gone or reads it
}

func sqsError(w http.ResponseWriter, code, text string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.sqs#" + code, "message": text}) //nolint:errcheck // as above
}
