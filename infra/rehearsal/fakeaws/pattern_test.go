package fakeaws_test

import (
	"strings"
	"testing"

	"groundswell/infra/rehearsal/fakeaws"
)

const (
	voteInsert = `{"eventName":"INSERT","dynamodb":{"NewImage":{"k":{"S":"vote"},"pk":{"S":"V#i1#0"},"v":{"N":"1"}},"SequenceNumber":"1"}}`
	voteRemove = `{"eventName":"REMOVE","dynamodb":{"OldImage":{"k":{"S":"vote"},"pk":{"S":"V#i1#0"}},"SequenceNumber":"2"}}`
	cardModify = `{"eventName":"MODIFY","dynamodb":{"NewImage":{"k":{"S":"card"},"pk":{"S":"I#i1"}},"OldImage":{"k":{"S":"card"}},"SequenceNumber":"3"}}`
	ttlRemove  = `{"eventName":"REMOVE","userIdentity":{"type":"Service"},"dynamodb":{"OldImage":{"k":{"S":"session"},"tags":{"SS":["a","b"]},"z":{"NULL":true}}}}`
)

func TestPatternMatch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, pattern string
		yes, no       []string
	}{
		{
			"one of several kinds", `{"dynamodb":{"NewImage":{"k":{"S":["vote","comment"]}}}}`,
			[]string{voteInsert}, []string{voteRemove, cardModify, ttlRemove},
		},
		{
			"removals by the old image", `{"dynamodb":{"OldImage":{"k":{"S":["vote"]}}}}`,
			[]string{voteRemove}, []string{voteInsert, cardModify, ttlRemove},
		},
		{
			"either image", `{"dynamodb":{"$or":[{"NewImage":{"k":{"S":["vote"]}}},{"OldImage":{"k":{"S":["vote"]}}}]}}`,
			[]string{voteInsert, voteRemove}, []string{cardModify, ttlRemove},
		},
		{
			"all fields of an object", `{"eventName":["REMOVE"],"dynamodb":{"OldImage":{"k":{"S":["vote"]}}}}`,
			[]string{voteRemove}, []string{voteInsert, cardModify},
		},
		{
			"prefix", `{"dynamodb":{"NewImage":{"pk":{"S":[{"prefix":"V#"}]}}}}`,
			[]string{voteInsert}, []string{voteRemove, cardModify},
		},
		{
			"suffix and case", `{"dynamodb":{"NewImage":{"pk":{"S":[{"suffix":"#0"}]},"k":{"S":[{"equals-ignore-case":"VOTE"}]}}}}`,
			[]string{voteInsert}, []string{cardModify},
		},
		{
			"anything but, which needs something", `{"dynamodb":{"NewImage":{"k":{"S":[{"anything-but":["card","tally"]}]}}}}`,
			[]string{voteInsert}, []string{cardModify, voteRemove},
		},
		{
			"exists", `{"dynamodb":{"NewImage":{"k":{"S":[{"exists":true}]}}}}`,
			[]string{voteInsert, cardModify}, []string{voteRemove},
		},
		{
			"exists not", `{"dynamodb":{"NewImage":{"k":{"S":[{"exists":false}]}}}}`,
			[]string{voteRemove, ttlRemove}, []string{voteInsert},
		},
		{
			"absent or a literal", `{"userIdentity":{"type":[{"exists":false},"Service"]}}`,
			[]string{voteInsert, ttlRemove}, nil,
		},
		{
			"an element of an array", `{"dynamodb":{"OldImage":{"tags":{"SS":["b"]}}}}`,
			[]string{ttlRemove}, []string{voteRemove},
		},
		{
			"booleans", `{"dynamodb":{"OldImage":{"z":{"NULL":[true]}}}}`,
			[]string{ttlRemove}, []string{voteRemove},
		},
		{
			"a number is a string", `{"dynamodb":{"NewImage":{"v":{"N":[1]}}}}`,
			nil, []string{voteInsert},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := fakeaws.ParsePattern(tc.pattern)
			if err != nil {
				t.Fatal(err)
			}
			for want, records := range map[bool][]string{true: tc.yes, false: tc.no} {
				for _, r := range records {
					if got, err := p.Match([]byte(r)); err != nil || got != want {
						t.Errorf("Match(%s) = %v, %v; want %v", r, got, err, want)
					}
				}
			}
		})
	}
}

func TestPatternErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, pattern, want string }{
		{"numeric", `{"dynamodb":{"NewImage":{"v":{"N":[{"numeric":[">",1]}]}}}}`, `"numeric" is not supported`},
		{"wildcard", `{"dynamodb":{"NewImage":{"k":{"S":[{"wildcard":"v*"}]}}}}`, `"wildcard" is not supported`},
		{"anything-but prefix", `{"dynamodb":{"NewImage":{"k":{"S":[{"anything-but":{"prefix":"v"}}]}}}}`, "takes strings"},
		{"bare value", `{"eventName":"INSERT"}`, "arrays"},
		{"empty array", `{"eventName":[]}`, "empty array"},
		{"empty object", `{"dynamodb":{}}`, "empty object"},
		{"misspelt field", `{"dynamoDB":{"NewImage":{"k":{"S":["vote"]}}}}`, "no field"},
		{"two operators", `{"eventName":[{"prefix":"I","suffix":"T"}]}`, "one operator"},
		{"exists of text", `{"eventName":[{"exists":"yes"}]}`, "true or false"},
		{"single alternative", `{"dynamodb":{"$or":[{"NewImage":{"k":{"S":["vote"]}}}]}}`, "two alternatives"},
		{"nested array", `{"eventName":[["INSERT"]]}`, "array in an array"},
		{"no object", `["INSERT"]`, "not an object"},
		{"broken", `{"eventName":["INSERT"]`, "EOF"},
		{"trailing text", `{"eventName":["INSERT"]} x`, "text after"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := fakeaws.ParsePattern(tc.pattern); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("ParsePattern error = %v, want %q", err, tc.want)
			}
		})
	}

	p, err := fakeaws.ParsePattern(`{"dynamodb":{"NewImage":[{"exists":true}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Match([]byte(voteInsert)); err == nil || !strings.Contains(err.Error(), "leaves") {
		t.Errorf("exists on an object: %v, want an error", err)
	}
}

func TestMatchAny(t *testing.T) {
	t.Parallel()
	vote, err := fakeaws.ParsePattern(`{"dynamodb":{"NewImage":{"k":{"S":["vote"]}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := fakeaws.ParsePattern(`{"eventName":["REMOVE"]}`)
	if err != nil {
		t.Fatal(err)
	}
	for record, want := range map[string]bool{voteInsert: true, voteRemove: true, cardModify: false} {
		if got, err := fakeaws.MatchAny([]fakeaws.Pattern{vote, gone}, []byte(record)); err != nil || got != want {
			t.Errorf("MatchAny(%s) = %v, %v", record, got, err)
		}
	}
	if ok, err := fakeaws.MatchAny(nil, []byte(voteInsert)); !ok || err != nil {
		t.Errorf("no patterns = %v, %v, want true", ok, err)
	}
}
