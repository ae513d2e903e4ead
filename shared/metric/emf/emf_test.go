package emf_test

import (
	"strings"
	"testing"

	"groundswell/shared/metric/emf"
)

const right = `{"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[["D"]],"Metrics":[{"Name":"M","Unit":"Count"}]}]},"D":"d","M":1}`

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	if p, err := emf.Parse([]byte(right)); err != nil || len(p) != 1 || p[0].Value != 1 || p[0].Dimensions["D"] != "d" {
		t.Fatalf("%+v, %v", p, err)
	}
	for name, c := range map[string]struct{ old, new string }{
		"not JSON":                  {`{"_aws"`, `{_aws`},
		"no metadata":               {`"_aws"`, `"aws"`},
		"seconds":                   {`1700000000000`, `1700000000`},
		"no time":                   {`"Timestamp":1700000000000,`, ``},
		"no namespace":              {`"N"`, `""`},
		"a strange namespace":       {`"N"`, `"N N"`},
		"no list of dimensions":     {`[["D"]]`, `[]`},
		"a dimension that is not":   {`[["D"]]`, `[["E"]]`},
		"a dimension of a number":   {`"D":"d"`, `"D":1`},
		"an empty dimension":        {`"D":"d"`, `"D":""`},
		"a dimension twice":         {`[["D"]]`, `[["D","D"]]`},
		"no metric":                 {`[{"Name":"M","Unit":"Count"}]`, `[]`},
		"a unit of ours":            {`"Count"`, `"Votes"`},
		"a value that is not there": {`"M":1`, `"X":1`},
		"a value that is text":      {`"M":1`, `"M":"1"`},
		"a value of null":           {`"M":1`, `"M":null`},
		"a member nobody knows":     {`"Timestamp"`, `"LogGroup":"x","Timestamp"`},
	} {
		line := strings.Replace(right, c.old, c.new, 1)
		if line == right {
			t.Fatalf("%s: nothing replaced", name)
		}
		if p, err := emf.Parse([]byte(line)); err == nil {
			t.Errorf("%s: read as %+v", name, p)
		}
	}
}
