// Package dynamo is the table port on Amazon DynamoDB: one table, three sparse
// indexes, a stream with both images.
//
// Start with [New] or [FromEnv]; [CreateTable] shows the schema that
// template.yaml declares. Attributes are short because they are paid for:
//
//	pk sk        key
//	k v ttl      kind, version, expiry (absent when zero or empty)
//	b            body, a native map, so that the console, exports and stream
//	             filters can read it
//	g1p g1s ...  partition and sort key in ix1, ix2, ix3
//
// This is the only package that knows DynamoDB's types. It retries by itself,
// with the SDK's retries off: only a loop that knows what each try has met can
// tell "nothing was written" from "outcome unknown" (see retry.go).
package dynamo

import (
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"groundswell/shared/awsenv"
	"groundswell/shared/table"
)

// Options say which table to use and how.
type Options struct {
	Table  string           // name or ARN
	Config aws.Config       // region, credentials, endpoint, HTTP client; see awsenv.Config
	Clock  func() time.Time // nil: time.Now

	// Observe, if set, is told what each answered request consumed. It is
	// called by many goroutines at once.
	Observe func(op string, use CapacityUse)
}

// CapacityUse is what one request consumed, in read or write units, whichever
// its operation uses.
type CapacityUse struct {
	Units   float64            // all of it
	Table   float64            // of the table itself
	Indexes map[string]float64 // by name of the index
}

// Table is a DynamoDB table. It implements table.Table and table.Scanner.
type Table struct {
	name    *string
	client  calls
	clock   func() time.Time
	observe func(op string, use CapacityUse)
	report  types.ReturnConsumedCapacity
}

var (
	_ table.Table   = (*Table)(nil)
	_ table.Scanner = (*Table)(nil)
)

// New returns the table. It makes no request.
func New(o Options) *Table {
	t := &Table{name: &o.Table, clock: o.Clock, observe: o.Observe, report: types.ReturnConsumedCapacityNone}
	t.client = newCalls(newClient(o.Config))
	if t.clock == nil {
		t.clock = time.Now
	}
	if t.observe != nil {
		t.report = types.ReturnConsumedCapacityIndexes
	}
	return t
}

// FromEnv returns the table that TABLE_NAME names, with the settings that
// awsenv.Config reads.
func FromEnv(getenv func(string) string) (*Table, error) {
	name := getenv("TABLE_NAME")
	if name == "" {
		return nil, errors.New("dynamo: no table: set TABLE_NAME")
	}
	cfg, err := awsenv.Config(getenv, dynamodb.ServiceID)
	if err != nil {
		return nil, err
	}
	return New(Options{Table: name, Config: cfg}), nil
}

// consumed reports capacity to the observer.
func (t *Table) consumed(op string, all ...types.ConsumedCapacity) {
	if t.observe == nil {
		return
	}
	use := CapacityUse{Indexes: map[string]float64{}}
	for _, c := range all {
		use.Units += aws.ToFloat64(c.CapacityUnits)
		if c.Table != nil {
			use.Table += aws.ToFloat64(c.Table.CapacityUnits)
		}
		for name, i := range c.GlobalSecondaryIndexes {
			use.Indexes[name] += aws.ToFloat64(i.CapacityUnits)
		}
	}
	t.observe(op, use)
}

func one(c *types.ConsumedCapacity) []types.ConsumedCapacity {
	if c == nil {
		return nil
	}
	return []types.ConsumedCapacity{*c}
}
