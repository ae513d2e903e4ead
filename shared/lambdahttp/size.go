package lambdahttp

import (
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// encodedLen is at least the length of the answer as JSON, which is what the 6 MB
// limit is about: a page of angle brackets grows sixfold on the way.
func encodedLen(r events.APIGatewayV2HTTPResponse) int {
	n := 256 + jsonLen(r.Body) // field names and punctuation
	for name, value := range r.Headers {
		n += jsonLen(name) + jsonLen(value) + 2
	}
	for _, c := range r.Cookies {
		n += jsonLen(c) + 1
	}
	return n
}

// jsonLen is the length of s as encoding/json writes it, quotes included, with
// HTML escaping on (the default of aws-lambda-go).
func jsonLen(s string) int {
	n := 2
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '"', c == '\\', c == '\n', c == '\r', c == '\t', c == '\b', c == '\f':
				n += 2
			case c < ' ', c == '<', c == '>', c == '&':
				n += 6
			default:
				n++
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == utf8.RuneError && size == 1, r == '\u2028', r == '\u2029':
			n += 6
		default:
			n += size
		}
	}
	return n
}
