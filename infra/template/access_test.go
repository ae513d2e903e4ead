package template_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Resources, as the template spells them.
const (
	theTable      = `{"Fn::GetAtt":["Table","Arn"]}`
	theStream     = `{"Fn::GetAtt":["Table","StreamArn"]}`
	streams       = `{"Fn::Sub":"${Table.Arn}/stream/*"}`
	index1        = `{"Fn::Sub":"${Table.Arn}/index/ix1"}`
	index2        = `{"Fn::Sub":"${Table.Arn}/index/ix2"}`
	index3        = `{"Fn::Sub":"${Table.Arn}/index/ix3"}`
	mailQueue     = `{"Fn::GetAtt":["MailQueue","Arn"]}`
	eventFailures = `{"Fn::GetAtt":["EventFailures","Arn"]}`
	failures      = `{"Fn::GetAtt":["StreamFailures","Arn"]}`
	senders       = `{"Fn::Sub":"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*"}`
	mailSet       = `{"Fn::Sub":"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/${MailSet}"}`
)

// readsStream is what Lambda's event source mapping does in the function's name.
var readsStream = grants{
	theStream: "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator",
	streams:   "dynamodb:ListStreams",
	failures:  "sqs:SendMessage",
}

type grants map[string]string // actions by resource, in order

// used says which actions each function uses, on what, and what for; that it needs
// no others, infra/rehearsal shows, where a guard refuses them. A session is read by
// BatchGetItem and written back once a day by PutItem; a limit is counted by GetItem
// and PutItem. Of a transaction, the actions on its items count.
var used = map[string]grants{
	"ideas": {
		theTable: "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query", // pages, submitting
		index1:   "dynamodb:Query", index2: "dynamodb:Query", index3: "dynamodb:Query",     // lists, own votes
	},
	"votes": {theTable: "dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem"},
	"comments": {
		theTable: "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
		index3:   "dynamodb:Query", // what somebody new has written already
	},
	"statuses": {
		theTable: "dynamodb:BatchGetItem dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
		index1:   "dynamodb:Query", index2: "dynamodb:Query", index3: "dynamodb:Query", // the roadmap, Ideas in Action, the log
	},
	"accounts": {
		theTable:  "dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query", // codes and sessions come and go
		index2:    "dynamodb:Query",                                                                             // what a member did, of the log
		index3:    "dynamodb:Query",                                                                             // what a member wrote
		mailQueue: "sqs:SendMessage",                                                                            // codes
	},
	"pictures": {theTable: "dynamodb:Query"},                                                                             // an idea with its votes
	"imports":  {theTable: "dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query"}, // a file comes and goes
	"projections": with(readsStream, grants{
		theTable: "dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query", // sessions of a deleted account go
		index3:   "dynamodb:Query",                                                       // what a member with a new name wrote
	}),
	"reconcile": {
		theTable:      "dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query", // votes, tallies, suspects
		eventFailures: "sqs:SendMessage",
	},
	"notifications": with(readsStream, grants{theTable: "dynamodb:GetItem", mailQueue: "sqs:SendMessage"}),
	"feedback": {
		theTable:      "dynamodb:ConditionCheckItem dynamodb:GetItem dynamodb:PutItem", // of addresses, of the ledger
		eventFailures: "sqs:SendMessage",
	},
	"digest": {
		theTable:      "dynamodb:GetItem dynamodb:PutItem", // how far it has come
		mailQueue:     "sqs:SendMessage",
		eventFailures: "sqs:SendMessage",
	},
	"mail": {
		theTable: "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query", // the ledger, the idea
		index1:   "dynamodb:Query", index2: "dynamodb:Query",                               // summaries
		mailQueue: "sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage sqs:SendMessage",
		senders:   "ses:SendRawEmail",
		mailSet:   "ses:SendRawEmail",
	},
}

func with(gs ...grants) grants {
	out := grants{}
	for _, g := range gs {
		maps.Copy(out, g)
	}
	return out
}

// TestAccess: each function may do what it does, on what it does it on, and no more.
func TestAccess(t *testing.T) {
	t.Parallel()
	all := translated(t)
	for _, f := range functions(t) {
		role, _ := at(f.Role, "Fn::GetAtt", 0).(string)
		got := map[string][]string{}
		logs := false
		for _, p := range list(at(all[role], "Properties", "Policies")) {
			for _, s := range list(at(p, "PolicyDocument", "Statement")) {
				if at(s, "Effect") != "Allow" {
					t.Errorf("%s: a statement that does not allow", role)
				}
				for _, r := range list(at(s, "Resource")) {
					if compact(r) == `{"Fn::GetAtt":["`+strings.TrimSuffix(role, "Role")+`Log","Arn"]}` {
						logs = compact(at(s, "Action")) == `["logs:CreateLogStream","logs:PutLogEvents"]`
						continue
					}
					for _, a := range list(at(s, "Action")) {
						got[compact(r)] = append(got[compact(r)], a.(string))
					}
				}
			}
		}
		if !logs {
			t.Errorf("%s: can't write to its own log", role)
		}
		joined := grants{}
		for r, actions := range got {
			slices.Sort(actions)
			joined[r] = strings.Join(actions, " ")
		}
		if d := cmp.Diff(used[f.Name], joined); d != "" {
			t.Errorf("%s: - used, + granted\n%s", role, d)
		}
	}
}

// TestAuditLog: whoever can write to the table is denied to change what is in the audit
// log, whatever else is granted.
func TestAuditLog(t *testing.T) {
	t.Parallel()
	all := translated(t)
	p := at(all["AuditLogPolicy"], "Properties")
	want := `[{"Action":["dynamodb:DeleteItem","dynamodb:UpdateItem","dynamodb:BatchWriteItem","dynamodb:PartiQLDelete","dynamodb:PartiQLUpdate"],` +
		`"Condition":{"ForAnyValue:StringEquals":{"dynamodb:LeadingKeys":["L#log"]}},"Effect":"Deny","Resource":{"Fn::GetAtt":["Table","Arn"]}}]`
	if got := compact(at(p, "PolicyDocument", "Statement")); got != want {
		t.Errorf("statement %s", got)
	}
	denied := compact(at(p, "Roles"))
	for _, f := range functions(t) {
		role := fmt.Sprint(at(f.Role, "Fn::GetAtt", 0))
		if writes := strings.Contains(used[f.Name][theTable], "PutItem"); writes != strings.Contains(denied, `{"Ref":"`+role+`"}`) {
			t.Errorf("%s writes to the table: %v, is denied to change the log: %v", role, writes, !writes)
		}
	}
}

// TestNoWildcards: no managed policies, which are about all of an account's
// resources, no actions by pattern, and none on everything, but for those that know
// no resources. In the policy of a key, * is the key itself.
func TestNoWildcards(t *testing.T) {
	t.Parallel()
	all := translated(t)
	users := map[string]string{"DeployRole": "codedeploy.amazonaws.com"}
	for _, f := range functions(t) {
		users[fmt.Sprint(at(f.Role, "Fn::GetAtt", 0))] = "lambda.amazonaws.com"
	}
	for id, r := range all {
		if r["Type"] == "AWS::IAM::Role" {
			if at(r, "Properties", "ManagedPolicyArns") != nil {
				t.Errorf("%s: managed policies", id)
			}
			if got := at(r, "Properties", "AssumeRolePolicyDocument", "Statement", 0, "Principal", "Service"); got != users[id] {
				t.Errorf("%s: assumed by %v, want %q", id, got, users[id])
			}
		}
		if r["Type"] == "AWS::KMS::Key" {
			continue
		}
		walk(r, func(v map[string]any) {
			if v["Effect"] != "Allow" {
				return
			}
			for _, a := range list(v["Action"]) {
				if strings.Contains(a.(string), "*") {
					t.Errorf("%s: allows %s", id, a)
				}
			}
			for _, res := range list(v["Resource"]) {
				if res == "*" && compact(v["Action"]) != `"cloudwatch:DescribeAlarms"` {
					t.Errorf("%s: on every resource there is", id)
				}
			}
		})
	}
}

func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, sub := range v {
			walk(sub, visit)
		}
	case []any:
		for _, sub := range v {
			walk(sub, visit)
		}
	}
}

// TestSender: mails go out under the one address that whoever deploys has chosen.
func TestSender(t *testing.T) {
	t.Parallel()
	for _, s := range list(at(translated(t)["MailRole"], "Properties", "Policies", 0, "PolicyDocument", "Statement")) {
		if at(s, "Action") != "ses:SendRawEmail" {
			continue
		}
		if got := compact(at(s, "Condition")); got != `{"StringEquals":{"ses:FromAddress":{"Ref":"MailFrom"}}}` {
			t.Errorf("condition %s", got)
		}
		return
	}
	t.Error("mail can't be sent")
}
