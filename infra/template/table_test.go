package template_test

import "testing"

// TestTable: what shared/table/dynamo and the readers of the stream rely on, and
// what keeps the data.
func TestTable(t *testing.T) {
	t.Parallel()
	table := ofType(translated(t), "AWS::DynamoDB::Table")["Table"]
	for what, c := range map[string]struct {
		got  any
		want string
	}{
		"billing":   {table["BillingMode"], `"PAY_PER_REQUEST"`},
		"keys":      {table["KeySchema"], `[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]`},
		"stream":    {table["StreamSpecification"], `{"StreamViewType":"NEW_AND_OLD_IMAGES"}`},
		"expiry":    {table["TimeToLiveSpecification"], `{"AttributeName":"ttl","Enabled":true}`},
		"recovery":  {table["PointInTimeRecoverySpecification"], `{"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":35}`},
		"cap":       {table["OnDemandThroughput"], throughput},
		"protected": {table["DeletionProtectionEnabled"], `{"Ref":"Protect"}`},
		"encrypted": {at(table, "SSESpecification", "SSEEnabled"), `true`},
		"3 indexes": {at(table, "GlobalSecondaryIndexes", 3), `null`},
		"index 1":   {at(table, "GlobalSecondaryIndexes", 0), index("1")},
		"index 2":   {at(table, "GlobalSecondaryIndexes", 1), index("2")},
		"index 3":   {at(table, "GlobalSecondaryIndexes", 2), index("3")},
	} {
		if got := compact(c.got); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

// throughput keeps the bill from running away; an index has a cap of its own.
const throughput = `{"MaxReadRequestUnits":{"Ref":"MaxReads"},"MaxWriteRequestUnits":{"Ref":"MaxWrites"}}`

func index(n string) string {
	return `{"IndexName":"ix` + n + `","KeySchema":[{"AttributeName":"g` + n + `p","KeyType":"HASH"},{"AttributeName":"g` + n + `s","KeyType":"RANGE"}],"OnDemandThroughput":` + throughput + `,"Projection":{"ProjectionType":"ALL"}}`
}
