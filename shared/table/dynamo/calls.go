package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// calls are the client's operations that a Table makes. A Table keeps these and
// not the client itself: a Table travels as an interface, and then, in a program
// that also has templates (which call methods by name), the linker keeps every
// exported method of every type that can be reached from it. Some fifty unused
// operations would be 280 KB of a function's zip.
type calls struct {
	GetItem            call[dynamodb.GetItemInput, dynamodb.GetItemOutput]
	BatchGetItem       call[dynamodb.BatchGetItemInput, dynamodb.BatchGetItemOutput]
	Query              call[dynamodb.QueryInput, dynamodb.QueryOutput]
	Scan               call[dynamodb.ScanInput, dynamodb.ScanOutput]
	PutItem            call[dynamodb.PutItemInput, dynamodb.PutItemOutput]
	DeleteItem         call[dynamodb.DeleteItemInput, dynamodb.DeleteItemOutput]
	TransactWriteItems call[dynamodb.TransactWriteItemsInput, dynamodb.TransactWriteItemsOutput]
}

type call[In, Out any] func(context.Context, *In, ...func(*dynamodb.Options)) (*Out, error)

func newCalls(c *dynamodb.Client) calls {
	return calls{
		GetItem:            c.GetItem,
		BatchGetItem:       c.BatchGetItem,
		Query:              c.Query,
		Scan:               c.Scan,
		PutItem:            c.PutItem,
		DeleteItem:         c.DeleteItem,
		TransactWriteItems: c.TransactWriteItems,
	}
}

func newClient(cfg aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} })
}
