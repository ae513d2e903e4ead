package fakeaws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Guard stands between a function and DynamoDB and does what IAM does there: it
// refuses what the function's role does not allow. It remembers what was asked for,
// so that a test can tell what a role allows for nothing.
//
// Actions and resources are those of the Service Authorization Reference: a query of
// an index is about the index, and each item of a transaction asks for the action
// that it would by itself.
type Guard struct {
	table  string
	allow  func(action, resource string) bool
	proxy  http.Handler
	mu     sync.Mutex
	used   map[string]bool
	denied []string
}

// NewGuard makes a Guard in front of DynamoDB at the endpoint. The table's ARN is
// the resource that allow is asked about, and what the ARNs of indexes start with.
func NewGuard(endpoint, tableARN string, allow func(action, resource string) bool) (*Guard, error) {
	to, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	return &Guard{table: tableARN, allow: allow, proxy: proxy, used: map[string]bool{}}, nil
}

// Used are the actions, each with its resource, that were asked for.
func (g *Guard) Used() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Sorted(maps.Keys(g.used))
}

// Denied are the requests that were refused.
func (g *Guard) Denied() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.denied)
}

func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	for _, need := range g.needs(op, body) {
		action, resource, _ := strings.Cut(need, " ")
		ok := g.allow(action, resource)
		g.mu.Lock()
		g.used[need] = true
		if !ok {
			g.denied = append(g.denied, need)
		}
		g.mu.Unlock()
		if !ok {
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized to perform %s"}`, need)
			return
		}
	}
	g.proxy.ServeHTTP(w, r)
}

// needs are the actions, each with its resource, that a request takes.
func (g *Guard) needs(op string, body []byte) []string {
	var in struct {
		IndexName     string
		TransactItems []map[string]json.RawMessage
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return []string{"dynamodb:" + op + " " + g.table}
	}
	switch {
	case op == "TransactWriteItems":
		actions := map[string]string{"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}
		var out []string
		for _, item := range in.TransactItems {
			for kind := range item {
				out = append(out, "dynamodb:"+actions[kind]+" "+g.table)
			}
		}
		return out
	case in.IndexName != "":
		return []string{"dynamodb:" + op + " " + g.table + "/index/" + in.IndexName}
	}
	return []string{"dynamodb:" + op + " " + g.table}
}
