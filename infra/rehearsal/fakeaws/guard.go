package fakeaws

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Guard stands between a function and a service and does what IAM does there: it
// refuses what the function's role does not allow. It remembers what was asked for,
// so that a test can tell what a role allows for nothing.
//
// Actions and resources are those of the Service Authorization Reference: a query of
// an index is about the index, and each item of a transaction asks for the action
// that it would by itself.
type Guard struct {
	needs   func(r *http.Request, body []byte) []string // actions, each with its resource
	allow   func(action, resource string) bool
	next    http.Handler
	mu      sync.Mutex
	used    map[string]bool
	denied  []string
	written float64
}

// NewGuard makes a Guard in front of DynamoDB at the endpoint. The table's ARN is
// the resource that allow is asked about, and what the ARNs of indexes start with.
func NewGuard(endpoint, tableARN string, allow func(action, resource string) bool) (*Guard, error) {
	to, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	g := &Guard{allow: allow, used: map[string]bool{}}
	g.needs = func(r *http.Request, body []byte) []string {
		_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		return tableNeeds(tableARN, op, body)
	}
	g.next = &httputil.ReverseProxy{ModifyResponse: g.weigh, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	return g, nil
}

// NewQueueGuard makes a Guard in front of an SQS. To send a batch takes the action
// of sending.
func NewQueueGuard(next http.Handler, allow func(action, resource string) bool) *Guard {
	return &Guard{allow: allow, next: next, used: map[string]bool{}, needs: func(r *http.Request, body []byte) []string {
		var in struct{ QueueUrl string }
		_ = json.Unmarshal(body, &in) // then the queue is none
		op := strings.TrimSuffix(strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS."), "Batch")
		return []string{"sqs:" + op + " " + queueARN(path.Base(in.QueueUrl))}
	}}
}

// NewMailGuard makes a Guard in front of an SES. To send takes the action on the
// sender's identity, and on the configuration set if there is one.
func NewMailGuard(next http.Handler, allow func(action, resource string) bool) *Guard {
	return &Guard{allow: allow, next: next, used: map[string]bool{}, needs: func(_ *http.Request, body []byte) []string {
		form, _ := url.ParseQuery(string(body)) // then the action is none
		const arn = "arn:aws:ses:eu-west-1:" + AccountID + ":"
		action := "ses:" + form.Get("Action")
		out := []string{action + " " + arn + "identity/" + cmp.Or(form.Get("Source"), "any")}
		if set := form.Get("ConfigurationSetName"); set != "" {
			out = append(out, action+" "+arn+"configuration-set/"+set)
		}
		return out
	}}
}

// Written is how many write units DynamoDB has billed so far. DynamoDB Local counts
// single writes as DynamoDB does, transactions it does not.
func (g *Guard) Written() float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.written
}

// weigh adds up what a write took; weighed has asked for that.
func (g *Guard) weigh(r *http.Response) error {
	_, op, _ := strings.Cut(r.Request.Header.Get("X-Amz-Target"), ".")
	if op != "PutItem" && op != "DeleteItem" && op != "UpdateItem" || r.StatusCode != http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var out struct {
		ConsumedCapacity struct{ CapacityUnits float64 }
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.written += out.ConsumedCapacity.CapacityUnits
	return nil
}

// weighed is the request with the wish to hear what it takes.
func weighed(body []byte) []byte {
	const wish, none = `"ReturnConsumedCapacity":"TOTAL"`, `"ReturnConsumedCapacity":"NONE"`
	if out := bytes.Replace(body, []byte(none), []byte(wish), 1); len(out) != len(body) {
		return out
	}
	if !bytes.HasPrefix(body, []byte("{")) || bytes.Contains(body, []byte(`"ReturnConsumedCapacity"`)) || len(body) < 3 {
		return body
	}
	return append([]byte("{"+wish+","), body[1:]...)
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
	for _, need := range g.needs(r, body) {
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
	if _, dynamo := g.next.(*httputil.ReverseProxy); dynamo {
		body = weighed(body)
		r.ContentLength = int64(len(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	g.next.ServeHTTP(w, r)
}

// tableNeeds are the actions, each with its resource, that a request takes.
func tableNeeds(table, op string, body []byte) []string {
	var in struct {
		IndexName     string
		TransactItems []map[string]json.RawMessage
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return []string{"dynamodb:" + op + " " + table}
	}
	switch {
	case op == "TransactWriteItems":
		actions := map[string]string{"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}
		var out []string
		for _, item := range in.TransactItems {
			for kind := range item {
				out = append(out, "dynamodb:"+actions[kind]+" "+table)
			}
		}
		return out
	case in.IndexName != "":
		return []string{"dynamodb:" + op + " " + table + "/index/" + in.IndexName}
	}
	return []string{"dynamodb:" + op + " " + table}
}
