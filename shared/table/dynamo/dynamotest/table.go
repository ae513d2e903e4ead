package dynamotest

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"groundswell/shared/awsenv"
	"groundswell/shared/table/dynamo"
)

// Env returns the environment, as "NAME=value" lines, in which a program finds
// the server: for a child process, or through Getenv.
func Env(t testing.TB) []string {
	t.Helper()
	return []string{"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_ENDPOINT_URL_DYNAMODB=" + Endpoint(t), "AWS_ENDPOINT_URL_DYNAMODB_STREAMS=" + Endpoint(t)}
}

// Config returns the configuration of a client of one service on the server.
func Config(t testing.TB, service string) aws.Config {
	t.Helper()
	vars := map[string]string{}
	for _, v := range Env(t) {
		for i := range v {
			if v[i] == '=' {
				vars[v[:i]] = v[i+1:]
				break
			}
		}
	}
	cfg, err := awsenv.Config(func(k string) string { return vars[k] }, service)
	if err != nil {
		t.Fatal(err)
	}
	cfg.HTTPClient = client()
	return cfg
}

// client is patient: a loaded machine makes DynamoDB Local slow, and a test
// that sees a request time out sees something else than it asked for.
var client = sync.OnceValue(func() *http.Client {
	return &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
})

// Open creates a table for the test. Table and Config of o are filled in; the table's
// name is in the second result. On a server of GROUNDSWELL_DYNAMODB the table is deleted
// when the test ends; one of our own keeps nothing when it goes, and to delete a table
// would hold up all others, for seconds if it is large.
func Open(t testing.TB, o dynamo.Options) (*dynamo.Table, string) {
	t.Helper()
	o.Table, o.Config = "test-"+rand.Text(), Config(t, dynamodb.ServiceID)
	if err := dynamo.CreateTable(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("GROUNDSWELL_DYNAMODB") == "" {
		return dynamo.New(o), o.Table
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := dynamodb.NewFromConfig(o.Config).DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &o.Table}); err != nil {
			t.Errorf("delete table: %v", err)
		}
	})
	return dynamo.New(o), o.Table
}
