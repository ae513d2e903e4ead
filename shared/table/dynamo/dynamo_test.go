package dynamo_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/table"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
	"groundswell/shared/table/tabletest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	tabletest.Run(t, func(t *testing.T) *tabletest.Env {
		clock := tabletest.NewClock()
		tab, name := dynamotest.Open(t, dynamo.Options{Clock: clock.Now,
			Observe: func(string, dynamo.CapacityUse) { requests.Add(1) }})
		return &tabletest.Env{Table: tab, Clock: clock, Feed: dynamotest.NewFeed(t, name).Next}
	})
	t.Logf("%d requests answered", requests.Load())
}

// TestCapacity pins what the cheapest calls cost. DynamoDB Local counts single
// puts and hits right.
func TestCapacity(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	used := map[string]dynamo.CapacityUse{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: func(op string, use dynamo.CapacityUse) {
		mu.Lock()
		defer mu.Unlock()
		used[op] = use
	}})
	vote := table.Record{Key: table.Key{PK: "V#1#a", SK: "abc"}, Kind: "vote", Ver: 1, Idx: [3]table.IndexKey{2: {P: "U#abc", S: "1"}}}
	if err := tab.Write(t.Context(), table.Op{Rec: vote, Cond: table.NotExists}); err != nil {
		t.Fatal(err)
	}
	if _, err := tab.Get(t.Context(), vote.Key, false); err != nil {
		t.Fatal(err)
	}
	if _, err := tab.Query(t.Context(), table.Query{Index: 3, PK: "U#abc"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]dynamo.CapacityUse{
		"PutItem": {Units: 2, Table: 1, Indexes: map[string]float64{"ix3": 1}},
		"GetItem": {Units: 0.5, Table: 0.5, Indexes: map[string]float64{}},
		"Query":   {Units: 0.5, Indexes: map[string]float64{"ix3": 0.5}},
	}
	if d := cmp.Diff(want, used); d != "" {
		t.Errorf("consumed (-want +got):\n%s", d)
	}
}

func TestFromEnv(t *testing.T) {
	t.Parallel()
	_, name := dynamotest.Open(t, dynamo.Options{})
	env := map[string]string{}
	for _, v := range dynamotest.Env(t) {
		k, v, _ := strings.Cut(v, "=")
		env[k] = v
	}
	getenv := func(k string) string { return env[k] }
	if _, err := dynamo.FromEnv(getenv); err == nil || !strings.Contains(err.Error(), "TABLE_NAME") {
		t.Errorf("without a table: %v; want an error that names TABLE_NAME", err)
	}
	env["TABLE_NAME"] = name
	tab, err := dynamo.FromEnv(getenv)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tab.Get(t.Context(), table.Key{PK: "p", SK: "s"}, false); !errors.Is(err, table.ErrNotFound) {
		t.Errorf("Get = %v; want ErrNotFound", err)
	}
}
