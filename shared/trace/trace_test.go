package trace_test

import (
	"context"
	"testing"

	"groundswell/shared/trace"
)

const id = "1-67891233-abcdef012345678912345678"

func TestRoot(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"Root=" + id:                id,
		"Root=" + id + ";Sampled=1": id,
		"Self=1-0-0; Root=" + id:    id,
		"":                          "",
		id:                          "",
		"Root=ada@example.com":      "",
		"Root=" + id + "0":          "",
		"Root=1-67891233-abcdef01234567891234567X": "",
		"Root=1-67891233+abcdef012345678912345678": "",
		"Parent=" + id: "",
	} {
		if got := trace.Root(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	if got := trace.Of(t.Context()); got != "" {
		t.Errorf("outside of an invocation: %q", got)
	}
	//lint:ignore SA1029 the key is aws-lambda-go's
	ctx := context.WithValue(t.Context(), "x-amzn-trace-id", "Root="+id) //nolint:revive // as above
	if got := trace.Of(ctx); got != id {
		t.Errorf("inside: %q", got)
	}
}
