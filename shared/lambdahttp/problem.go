package lambdahttp

import (
	"encoding/json"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// problem is the answer to what no handler answers, in the form of RFC 9457. The
// detail of a server error is the same fixed sentence for all of them.
func problem(status int, detail, id, method string) events.APIGatewayV2HTTPResponse {
	if status >= 500 {
		detail = "Something went wrong on our side. Please try again."
	}
	body, err := json.Marshal(struct {
		Type      string `json:"type"`
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Detail    string `json:"detail"`
		RequestID string `json:"request_id,omitempty"`
	}{"about:blank", http.StatusText(status), status, detail, id})
	if err != nil {
		body = []byte("{}") // strings and an int: cannot happen
	}
	resp := events.APIGatewayV2HTTPResponse{
		StatusCode: status,
		Headers: map[string]string{
			"Content-Type":           "application/problem+json",
			"Cache-Control":          "no-store",
			"X-Content-Type-Options": "nosniff",
		},
	}
	if method != http.MethodHead {
		resp.Body = string(body)
	}
	return resp
}
