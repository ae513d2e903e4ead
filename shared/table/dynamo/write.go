package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"groundswell/shared/table"
)

// parallel is the number of requests that one WriteEach or BatchGet makes at a
// time.
const parallel = 16

// condition is a condition as DynamoDB wants it.
type condition struct {
	expr   *string
	names  map[string]string
	values item
}

var condExprs = [...]*string{
	table.Always:    nil,
	table.NotExists: aws.String("attribute_not_exists(pk) OR #ttl <= :now"), // an absent ttl compares false
	table.Exists:    aws.String("attribute_exists(pk) AND (attribute_not_exists(#ttl) OR #ttl > :now)"),
	table.VerEq:     aws.String("v = :n"),
	table.VerBelow:  aws.String("attribute_not_exists(pk) OR v < :n"),
}

// ttlNames stands in for ttl, which is a reserved word.
var ttlNames = map[string]string{"#ttl": attrTTL}

func (t *Table) condition(op table.Op) condition {
	c := condition{expr: condExprs[op.Cond]}
	switch op.Cond {
	case table.NotExists, table.Exists:
		c.names, c.values = ttlNames, item{":now": number(t.clock().Unix())}
	case table.VerEq, table.VerBelow:
		c.values = item{":n": number(op.N)}
	}
	return c
}

// Write applies all operations or none: one is a plain put or delete, more are
// a transaction, at twice the price.
func (t *Table) Write(ctx context.Context, ops ...table.Op) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := table.ValidateWrite(ops); err != nil {
		return err
	}
	if len(ops) > 1 {
		return t.transact(ctx, ops)
	}
	return t.writeOne(ctx, ops[0])
}

// WriteEach applies each operation on its own, several at a time.
func (t *Table) WriteEach(ctx context.Context, ops ...table.Op) []error {
	errs := make([]error, len(ops))
	each(len(ops), func(i int) { errs[i] = t.Write(ctx, ops[i]) })
	return errs
}

// each calls f with 0 to n-1, several at a time.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, parallel) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

func (t *Table) writeOne(ctx context.Context, op table.Op) error {
	switch op.Mut {
	case table.Check:
		return t.checkOne(ctx, op)
	case table.Delete:
		return t.deleteOne(ctx, op)
	}
	it, err := newItem(op.Rec)
	if err != nil {
		return err
	}
	c := t.condition(op)
	in := &dynamodb.PutItemInput{TableName: t.name, Item: it, ConditionExpression: c.expr,
		ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values, ReturnConsumedCapacity: t.report}
	err = write(ctx, func() error {
		out, err := t.client.PutItem(ctx, in)
		if err != nil {
			in.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld // for settle
			return err
		}
		t.consumed("PutItem", one(out.ConsumedCapacity)...)
		return nil
	}, func(failed error) bool {
		// Stored is just what was to be stored: the lost try did it.
		return reflect.DeepEqual(storedItem(failed), normal(it))
	})
	return wrapWrite("put", op.Rec.Key, err)
}

func (t *Table) deleteOne(ctx context.Context, op table.Op) error {
	c := t.condition(op)
	in := &dynamodb.DeleteItemInput{TableName: t.name, Key: keyItem(op.Rec.Key), ConditionExpression: c.expr,
		ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values, ReturnConsumedCapacity: t.report}
	err := write(ctx, func() error {
		out, err := t.client.DeleteItem(ctx, in)
		if err != nil {
			in.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld // for settle
			return err
		}
		t.consumed("DeleteItem", one(out.ConsumedCapacity)...)
		return nil
	}, func(failed error) bool { return storedItem(failed) == nil })
	return wrapWrite("delete", op.Rec.Key, err)
}

// storedItem is what the failed condition found.
func storedItem(err error) item {
	var cond *types.ConditionalCheckFailedException
	if errors.As(err, &cond) && len(cond.Item) > 0 {
		return normal(cond.Item)
	}
	return nil
}

// normal gives items that say the same the same form, by a round trip through
// a record; one that cannot make it stays as it is.
func normal(it item) item {
	r, err := RecordFromImage(it)
	if err != nil {
		return it
	}
	back, err := newItem(r)
	if err != nil {
		return it
	}
	return back
}

// checkOne is a read: a lone check has nothing to be atomic with.
func (t *Table) checkOne(ctx context.Context, op table.Op) error {
	r, found, err := t.getItem(ctx, op.Rec.Key, true)
	if err != nil {
		return wrapWrite("check", op.Rec.Key, err)
	}
	if !op.Cond.Met(op.N, found, r.Expired(t.clock()), r.Ver) {
		return &table.CondError{}
	}
	return nil
}

func (t *Table) transact(ctx context.Context, ops []table.Op) error {
	items := make([]types.TransactWriteItem, len(ops))
	for i, op := range ops {
		var err error
		if items[i], err = t.transactItem(op); err != nil {
			return fmt.Errorf("operation %d: %w", i, err)
		}
	}
	// The token makes DynamoDB answer a repeated transaction as it answered
	// the first, for 10 minutes, so that a lost answer does no harm.
	in := &dynamodb.TransactWriteItemsInput{TransactItems: items, ClientRequestToken: aws.String(rand.Text()),
		ReturnConsumedCapacity: t.report}
	err := write(ctx, func() error {
		out, err := t.client.TransactWriteItems(ctx, in)
		if err != nil {
			return err
		}
		t.consumed("TransactWriteItems", out.ConsumedCapacity...)
		return nil
	}, func(error) bool { return false })
	if _, failed := table.FailedCond(err); err == nil || failed {
		return err
	}
	return fmt.Errorf("write %d records from %s: %w", len(ops), ops[0].Rec.Key, err)
}

func (t *Table) transactItem(op table.Op) (types.TransactWriteItem, error) {
	c := t.condition(op)
	switch op.Mut {
	case table.Check:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: t.name, Key: keyItem(op.Rec.Key),
			ConditionExpression: c.expr, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values}}, nil
	case table.Delete:
		return types.TransactWriteItem{Delete: &types.Delete{TableName: t.name, Key: keyItem(op.Rec.Key),
			ConditionExpression: c.expr, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values}}, nil
	}
	it, err := newItem(op.Rec)
	return types.TransactWriteItem{Put: &types.Put{TableName: t.name, Item: it,
		ConditionExpression: c.expr, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values}}, err
}

// wrapWrite says what was being done, except of failed conditions, which are
// answers rather than errors.
func wrapWrite(what string, k table.Key, err error) error {
	if _, failed := table.FailedCond(err); err == nil || failed {
		return err
	}
	return fmt.Errorf("%s %s: %w", what, k, err)
}
