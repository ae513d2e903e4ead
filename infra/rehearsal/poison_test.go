package rehearsal

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"groundswell/infra/template"
	"groundswell/shared/table/dynamo/dynamotest"
)

// spoil puts a vote into the table that is none: what a console, a script or a bug
// could leave there.
func (s *stack) spoil(idea string) {
	s.Helper()
	_, err := dynamodb.NewFromConfig(dynamotest.Config(s, dynamodb.ServiceID)).PutItem(s.Context(), &dynamodb.PutItemInput{
		TableName: aws.String(s.values["Table"]),
		Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "V#" + idea + "#3"}, "sk": &types.AttributeValueMemberS{Value: "nobody"},
			"k": &types.AttributeValueMemberS{Value: "vote"}, "v": &types.AttributeValueMemberN{Value: "1"},
			"b": &types.AttributeValueMemberS{Value: "not a vote"},
		}})
	if err != nil {
		s.Fatal(err)
	}
}

// tries is how often template.yaml has a job of mail tried.
func (s *stack) tries() int {
	s.Helper()
	tmpl, err := template.Load("../../template.yaml")
	if err != nil {
		s.Fatal(err)
	}
	redrive, _ := tmpl.Resources["MailQueue"].Properties["RedrivePolicy"].(map[string]any)
	n, ok := redrive["maxReceiveCount"].(int)
	if !ok {
		s.Fatalf("the mail queue's RedrivePolicy is %v", redrive)
	}
	return n
}

// enqueue puts a message into the mail queue.
func (s *stack) enqueue(body string) {
	s.Helper()
	b, err := json.Marshal(map[string]string{"QueueUrl": s.values["MailQueue"], "MessageBody": body})
	if err != nil {
		s.Fatal(err)
	}
	r := httptest.NewRequestWithContext(s.Context(), http.MethodPost, "/", strings.NewReader(string(b)))
	r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	w := httptest.NewRecorder()
	s.sqs.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		s.Fatal(w.Body)
	}
}
