package dynamo

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"groundswell/shared/table"
	"groundswell/shared/table/internal/cursor"
)

// Get returns the record under key, or table.ErrNotFound.
func (t *Table) Get(ctx context.Context, key table.Key, consistent bool) (table.Record, error) {
	if err := errors.Join(ctx.Err(), key.Validate()); err != nil {
		return table.Record{}, err
	}
	r, found, err := t.getItem(ctx, key, consistent)
	if err != nil {
		return table.Record{}, fmt.Errorf("get %s: %w", key, err)
	}
	if !found || r.Expired(t.clock()) {
		return table.Record{}, table.ErrNotFound
	}
	return r, nil
}

// getItem also finds what has expired.
func (t *Table) getItem(ctx context.Context, key table.Key, consistent bool) (r table.Record, found bool, err error) {
	in := &dynamodb.GetItemInput{TableName: t.name, Key: keyItem(key), ConsistentRead: &consistent, ReturnConsumedCapacity: t.report}
	var out *dynamodb.GetItemOutput
	err = read(ctx, func() (err error) {
		out, err = t.client.GetItem(ctx, in)
		return err
	})
	if err != nil {
		return r, false, err
	}
	t.consumed("GetItem", one(out.ConsumedCapacity)...)
	if out.Item == nil {
		return r, false, nil
	}
	r, err = RecordFromImage(out.Item)
	return r, true, err
}

// batchMax is the number of keys that one BatchGetItem takes.
const batchMax = 100

// BatchGet returns the live records under keys, 100 keys a request, several
// requests at a time.
func (t *Table) BatchGet(ctx context.Context, keys []table.Key, consistent bool) (map[table.Key]table.Record, error) {
	seen := make(map[table.Key]bool, len(keys))
	var distinct []item
	for i, k := range keys {
		if err := k.Validate(); err != nil {
			return nil, fmt.Errorf("key %d: %w", i, err)
		}
		if !seen[k] {
			seen[k] = true
			distinct = append(distinct, keyItem(k))
		}
	}
	n := (len(distinct) + batchMax - 1) / batchMax
	pages, errs := make([][]table.Record, n), make([]error, n)
	each(n, func(i int) {
		pages[i], errs[i] = t.batch(ctx, distinct[i*batchMax:min((i+1)*batchMax, len(distinct))], consistent)
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	recs := make(map[table.Key]table.Record, len(distinct))
	for _, page := range pages {
		for _, r := range page {
			recs[r.Key] = r
		}
	}
	return recs, nil
}

// batch reads up to 100 keys. DynamoDB may leave some for another request.
func (t *Table) batch(ctx context.Context, keys []item, consistent bool) (recs []table.Record, err error) {
	for try := 1; len(keys) > 0; try++ {
		if try > 1 {
			if err := pause(ctx, min(try-1, maxTries)); err != nil {
				return nil, err
			}
		}
		in := &dynamodb.BatchGetItemInput{ReturnConsumedCapacity: t.report,
			RequestItems: map[string]types.KeysAndAttributes{*t.name: {Keys: keys, ConsistentRead: &consistent}}}
		var out *dynamodb.BatchGetItemOutput
		err := read(ctx, func() (err error) {
			out, err = t.client.BatchGetItem(ctx, in)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("get %d records: %w", len(keys), err)
		}
		t.consumed("BatchGetItem", out.ConsumedCapacity...)
		left := out.UnprocessedKeys[*t.name].Keys
		if len(left) == len(keys) && try >= maxTries {
			return nil, fmt.Errorf("get %d records: none processed in %d tries", len(keys), try)
		}
		keys = left
		for _, items := range out.Responses {
			page, err := t.live(items)
			if err != nil {
				return nil, err
			}
			recs = append(recs, page...)
		}
	}
	return recs, nil
}

// Query returns one page, by one request.
func (t *Table) Query(ctx context.Context, q table.Query) (table.Page, error) {
	q, err := q.Normalize()
	if err != nil {
		return table.Page{}, err
	}
	in := &dynamodb.QueryInput{TableName: t.name, Limit: aws.Int32(int32(q.Limit)), ScanIndexForward: aws.Bool(!q.Desc),
		ConsistentRead: &q.Consistent, ReturnConsumedCapacity: t.report}
	pk, sk := attrPK, attrSK
	if q.Index != 0 {
		pk, sk = attrIndex[q.Index-1][0], attrIndex[q.Index-1][1]
		in.IndexName = &indexName[q.Index-1]
		in.ConsistentRead = nil // not even false is taken for an index by every version of DynamoDB Local
	}
	if q.After != "" {
		pos, err := cursor.Decode(q)
		if err != nil {
			return table.Page{}, err
		}
		in.ExclusiveStartKey = keyItem(pos.Key)
		if q.Index != 0 {
			in.ExclusiveStartKey[pk], in.ExclusiveStartKey[sk] = str(q.PK), str(pos.S)
		}
	}
	expr, values, any := keyCondition(q, pk, sk)
	if !any {
		return table.Page{}, ctx.Err()
	}
	in.KeyConditionExpression, in.ExpressionAttributeValues = &expr, values

	var out *dynamodb.QueryOutput
	err = read(ctx, func() (err error) {
		out, err = t.client.Query(ctx, in)
		return err
	})
	if err != nil {
		return table.Page{}, fmt.Errorf("query %s: %w", q.PK, err)
	}
	t.consumed("Query", one(out.ConsumedCapacity)...)
	recs, err := t.live(out.Items)
	if err != nil {
		return table.Page{}, fmt.Errorf("query %s: %w", q.PK, err)
	}
	page := table.Page{Recs: recs}
	if len(out.LastEvaluatedKey) > 0 {
		// From LastEvaluatedKey, never from the last record: only DynamoDB
		// knows how far it has looked.
		d := decoder{it: out.LastEvaluatedKey}
		pos := cursor.Pos{Key: table.Key{PK: d.str(attrPK), SK: d.str(attrSK)}}
		if q.Index != 0 {
			pos.S = d.str(sk)
		}
		if d.err != nil {
			return table.Page{}, fmt.Errorf("query %s: last key: %w", q.PK, d.err)
		}
		page.Next = cursor.Encode(q, pos)
	}
	return page, nil
}

// keyCondition expresses partition and range of q; any is false for a range
// that holds nothing, which DynamoDB refuses.
func keyCondition(q table.Query, pk, sk string) (expr string, values item, any bool) {
	expr, values = pk+" = :p", item{":p": str(q.PK)}
	switch {
	case q.Prefix != "":
		values[":a"] = str(q.Prefix)
		return expr + " AND begins_with(" + sk + ", :a)", values, true
	case q.From != "" && q.To != "":
		last := before(q.To)
		values[":a"], values[":b"] = str(q.From), str(last)
		return expr + " AND " + sk + " BETWEEN :a AND :b", values, q.From <= last
	case q.From != "":
		values[":a"] = str(q.From)
		return expr + " AND " + sk + " >= :a", values, true
	case q.To != "":
		values[":b"] = str(q.To)
		return expr + " AND " + sk + " < :b", values, true
	}
	return expr, values, true
}

// before returns the greatest sort key below s that is of any use: BETWEEN
// includes its upper bound, and a key condition takes no second comparison.
// Between the two lie only keys with the noncharacter U+10FFFF in that place.
func before(s string) string {
	r, n := utf8.DecodeLastRuneInString(s)
	head := s[:len(s)-n]
	switch r {
	case 1:
		return head // keys hold no NUL
	case 0xE000:
		r = 0xD7FF // over the surrogates
	default:
		r--
	}
	return head + string(r) + string(utf8.MaxRune)
}

// Scan lists all live records, one request a page.
func (t *Table) Scan(ctx context.Context, after string, limit int) (table.Page, error) {
	limit, err := table.NormalizeLimit(limit)
	if err != nil {
		return table.Page{}, err
	}
	in := &dynamodb.ScanInput{TableName: t.name, Limit: aws.Int32(int32(limit)), ReturnConsumedCapacity: t.report}
	if after != "" {
		key, err := cursor.DecodeScan(after)
		if err != nil {
			return table.Page{}, err
		}
		in.ExclusiveStartKey = keyItem(key)
	}
	var out *dynamodb.ScanOutput
	err = read(ctx, func() (err error) {
		out, err = t.client.Scan(ctx, in)
		return err
	})
	if err != nil {
		return table.Page{}, fmt.Errorf("scan: %w", err)
	}
	t.consumed("Scan", one(out.ConsumedCapacity)...)
	recs, err := t.live(out.Items)
	if err != nil {
		return table.Page{}, fmt.Errorf("scan: %w", err)
	}
	page := table.Page{Recs: recs}
	if len(out.LastEvaluatedKey) > 0 {
		d := decoder{it: out.LastEvaluatedKey}
		page.Next = cursor.EncodeScan(table.Key{PK: d.str(attrPK), SK: d.str(attrSK)})
	}
	return page, nil
}
