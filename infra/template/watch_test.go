package template_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"groundswell/infra/template"
)

// alarms are the alarms of all parts, by id.
func alarms(t *testing.T) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for part, tpl := range parts(t) {
		for id, r := range tpl.Resources {
			if r.Type != "AWS::CloudWatch::Alarm" {
				continue
			}
			if out[id] != nil {
				t.Errorf("%s: %s a second time", part, id)
			}
			out[id] = r.Properties
		}
	}
	return out
}

// title is a function's name as ids begin with it: Ideas.
func title(f template.Function) string { return strings.TrimSuffix(f.ID, "Function") }

// TestAlarms: what has to be watched is, by an alarm that tells somebody, whom the
// runbook tells what to do.
func TestAlarms(t *testing.T) {
	t.Parallel()
	runbook, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	all := alarms(t)
	want := []string{"ApiErrors", "ApiLatency", "StreamFailuresFilled", "MailDeadLettersFilled", "EventFailuresFilled", "MailStuck", "MailRefused",
		"MailBounces", "MailComplaints", "TableThrottled", "TableErrors", "TableConflicts", "CountsDiffer"}
	for _, f := range functions(t) {
		want = append(want, title(f)+"Errors", title(f)+"Throttles", title(f)+"Duration")
		for _, s := range f.Sources {
			if s.Type == "DynamoDB" {
				want = append(want, title(f)+"Age", title(f)+"Loop")
			}
		}
		if load(t).Resources[f.ID].Properties["RecursiveLoop"] == "Allow" { // then Lambda does not stop it
			want = append(want, title(f)+"Loop")
		}
		for _, r := range f.Rules { // a clock that has stopped does not tell
			if r.Type != "EventBridgeRule" {
				want = append(want, title(f)+"Silent")
			}
		}
	}
	for _, id := range want {
		if all[id] == nil {
			t.Errorf("%s is missing: see infra/stack/watch.yaml", id)
		}
	}
	topics := []string{`[{"Ref":"AlarmTopic"}]`, `[{"Ref":"Topic"}]`}
	says := regexp.MustCompile(`Runbook: infra/README\.md, "([A-Za-z]+)"\.$`)
	for id, a := range all {
		if !slices.Contains(want, id) {
			t.Errorf("%s: an alarm that nobody asked for; add it here", id)
		}
		for _, action := range []string{"AlarmActions", "OKActions"} {
			if !slices.Contains(topics, compact(a[action])) {
				t.Errorf("%s: %s are %s", id, action, compact(a[action]))
			}
		}
		if a["ActionsEnabled"] == false || a["TreatMissingData"] == nil {
			t.Errorf("%s: switched off, or silence is not said to be good or bad", id)
		}
		heading := says.FindStringSubmatch(fmt.Sprint(a["AlarmDescription"]))
		if heading == nil || !strings.HasSuffix(id, heading[1]) {
			t.Errorf("%s: says %q, not where to read on", id, a["AlarmDescription"])
		} else if !strings.Contains(string(runbook), "\n#### "+heading[1]+"\n") {
			t.Errorf("%s: infra/README.md has no heading %q", id, heading[1])
		}
	}
	for h := range strings.SplitSeq(string(runbook), "\n#### ") {
		h, _, _ = strings.Cut(h, "\n")
		if strings.HasPrefix(h, "# ") {
			continue
		}
		if !slices.ContainsFunc(want, func(id string) bool { return strings.HasSuffix(id, h) }) {
			t.Errorf("infra/README.md tells of %s, which is no alarm", h)
		}
	}
	if got := compact(load(t).Resources["Watching"].Properties["Parameters"]); !strings.Contains(got, `"Topic":{"Ref":"AlarmTopic"}`) {
		t.Errorf("Topic is not the topic: %s", got)
	}
}

// TestThresholds: the numbers that follow from others.
func TestThresholds(t *testing.T) {
	t.Parallel()
	all := alarms(t)
	for _, f := range functions(t) {
		d := all[title(f)+"Duration"]
		if ms, _ := d["Threshold"].(int); time.Duration(ms)*time.Millisecond != f.Timeout*8/10 {
			t.Errorf("%s: %v ms are not 80 %% of %v", f.Name, d["Threshold"], f.Timeout)
		}
		for _, kind := range []string{"Throttles", "Duration"} {
			if got := compact(all[title(f)+kind]["Dimensions"]); got != `[{"Name":"FunctionName","Value":{"Ref":"`+title(f)+`"}}]` {
				t.Errorf("%s%s looks at %s", title(f), kind, got)
			}
		}
		if got := compact(load(t).Resources["Watching"].Properties["Parameters"]); !strings.Contains(got, `"`+title(f)+`":{"Ref":"`+f.ID+`"}`) {
			t.Errorf("%s is not what infra/stack/watch.yaml takes for it", f.ID)
		}
	}
	for id, most := range map[string]float64{"ProjectionsAge": 60_000, "NotificationsAge": 60_000, "MailBounces": 0.05, "MailComplaints": 0.001,
		"MailDeadLettersFilled": 0, "StreamFailuresFilled": 0, "EventFailuresFilled": 0, "CountsDiffer": 0} {
		var got float64
		if _, err := fmt.Sscan(fmt.Sprint(all[id]["Threshold"]), &got); err != nil || got != most {
			t.Errorf("%s: %v, want %v", id, all[id]["Threshold"], most)
		}
	}
}

// TestTopic: what an alarm says is encrypted with a key that CloudWatch may use,
// and goes to whoever was named.
func TestTopic(t *testing.T) {
	t.Parallel()
	all := translated(t)
	if got := compact(at(all["AlarmTopic"], "Properties", "KmsMasterKeyId")); got != `{"Fn::If":["IsWatched",{"Ref":"AlarmKey"},{"Ref":"AWS::NoValue"}]}` {
		t.Errorf("encrypted with %s", got)
	}
	if at(all["AlarmKey"], "Properties", "EnableKeyRotation") != true {
		t.Error("the key is never changed")
	}
	usable := false
	for _, s := range list(at(all["AlarmKey"], "Properties", "KeyPolicy", "Statement")) {
		usable = usable || at(s, "Principal", "Service") == "cloudwatch.amazonaws.com" && compact(at(s, "Action")) == `["kms:Decrypt","kms:GenerateDataKey"]`
	}
	if !usable {
		t.Error("CloudWatch can't use the key: no alarm would arrive")
	}
	if got := compact(at(all["AlarmMail"], "Properties", "TopicArn")); got != `{"Ref":"AlarmTopic"}` {
		t.Errorf("mails come from %s", got)
	}
}

// TestDashboard: there is one, and its text is JSON that names every function.
func TestDashboard(t *testing.T) {
	t.Parallel()
	tpl := parts(t)["../stack/watch.yaml"]
	found := 0
	for _, r := range tpl.Resources {
		if r.Type != "AWS::CloudWatch::Dashboard" {
			continue
		}
		found++
		values := template.Values{"AWS::Region": "eu-west-1"}
		for name := range tpl.Parameters {
			values[name] = "the-" + name
		}
		body, err := tpl.Eval(r.Properties["DashboardBody"], values)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range functions(t) {
			if !strings.Contains(body, `"the-`+title(want)+`"`) {
				t.Errorf("does not show %s", want.Name)
			}
		}
		if decoded := decode(t, body); len(list(at(decoded, "widgets"))) < 10 {
			t.Errorf("%d widgets", len(list(at(decoded, "widgets"))))
		}
	}
	if found != 1 {
		t.Errorf("%d dashboards, want 1", found)
	}
}

// TestRefusals: the line that a function writes for an answer of 500 is one that
// the filter counts. Nothing else tells Lambda that it was no success.
func TestRefusals(t *testing.T) {
	t.Parallel()
	all := translated(t)
	for _, f := range functions(t) {
		if len(f.Routes) == 0 {
			continue
		}
		r := all[title(f)+"Refusals"]
		if got := at(r, "Properties", "FilterPattern"); got != `{ ($.message = "request") && ($.status >= 500) }` {
			t.Errorf("%s: counts %v", f.ID, got)
		}
		if got := compact(at(r, "Properties", "LogGroupName")); got != `{"Ref":"`+title(f)+`Log"}` {
			t.Errorf("%s: counts in %s", f.ID, got)
		}
		metric := at(r, "Properties", "MetricTransformations", 0, "MetricName")
		if !strings.Contains(compact(all[title(f)+"Errors"]), compact(metric)) {
			t.Errorf("%s: %v does not raise its alarm", f.ID, metric)
		}
	}
}
