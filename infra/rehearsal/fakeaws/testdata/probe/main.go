// Command probe is a Lambda function that does as its payload says, for the tests
// of package fakeaws.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func main() {
	if os.Getenv("PROBE_EXIT") != "" {
		fmt.Println("probe gives up")
		os.Exit(1)
	}
	fmt.Println("probe says hello")
	lambda.Start(handle)
}

func handle(ctx context.Context, in struct {
	Do string `json:"do"`
}) (map[string]any, error) {
	switch in.Do {
	case "env":
		out := map[string]any{"HOME": os.Getenv("HOME")}
		for _, kv := range os.Environ() {
			name, value, _ := strings.Cut(kv, "=")
			out[name] = value
		}
		return out, nil
	case "who":
		lc, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return map[string]any{
			"pid":        os.Getpid(),
			"request_id": lc.AwsRequestID,
			"arn":        lc.InvokedFunctionArn,
			"left_ms":    time.Until(deadline).Milliseconds(),
		}, nil
	case "error":
		return nil, errors.New("probe error")
	case "panic":
		panic("probe panic")
	case "exit":
		os.Exit(3)
	case "hang":
		fmt.Println("probe hangs")
		select {}
	case "big":
		return map[string]any{"x": strings.Repeat("x", 7<<20)}, nil
	}
	return nil, nil
}
