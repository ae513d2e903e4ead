package lambdahttp

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func FuzzJSONLen(f *testing.F) {
	for _, s := range []string{"", "plain", "<>&\"\\", "\x00\b\f\n\r\t\x1f\x7f", "é€\u2028\u2029😀", "\xff\xfe", "\xed\xa0\x80", "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := jsonLen(s); got != len(b) {
			t.Errorf("jsonLen(%q) = %d, JSON has %d", s, got, len(b))
		}
	})
}

func TestEncodedLenIsEnough(t *testing.T) {
	t.Parallel()
	r := events.APIGatewayV2HTTPResponse{
		StatusCode: 599, IsBase64Encoded: true, Body: strings.Repeat("<é\"", 1000),
		Headers: map[string]string{"A": "<1>", "B": ""}, Cookies: []string{"a=1", "b=<>"},
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if n := encodedLen(r); n < len(b) || n > len(b)+300 {
		t.Errorf("encodedLen = %d, JSON has %d bytes", n, len(b))
	}
}
