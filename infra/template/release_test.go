package template_test

import (
	"strings"
	"testing"
)

// TestReleases: everything calls a function's alias. What visitors wait for is
// rolled out to a tenth of them first, and back if its alarm rings; a consumer
// changes at once, since old and new code side by side on one shard would help
// nobody: what it writes is computed anew and fenced, whoever runs.
func TestReleases(t *testing.T) {
	t.Parallel()
	all := translated(t)
	for _, f := range functions(t) {
		alias := all[f.ID+"Aliaslive"]
		if alias["Type"] != "AWS::Lambda::Alias" {
			t.Errorf("%s has no alias", f.ID)
			continue
		}
		if load(t).Resources[f.ID].Properties["AutoPublishAliasAllProperties"] != true {
			t.Errorf("%s: a change of its settings alone is not published", f.ID)
		}
		group, gradual := all[f.ID+"DeploymentGroup"]
		if len(f.Routes) == 0 {
			if gradual {
				t.Errorf("%s: a consumer in two versions at once", f.ID)
			}
			continue
		}
		p := at(group, "Properties")
		if got := compact(at(p, "DeploymentConfigName")); !strings.Contains(got, "Canary10Percent5Minutes") {
			t.Errorf("%s: rolled out by %s", f.ID, got)
		}
		if got := compact(at(p, "AlarmConfiguration", "Alarms")); got != `[{"Name":{"Ref":"`+title(f)+`Errors"}}]` {
			t.Errorf("%s: rolled back by %s", f.ID, got)
		}
		if got := compact(at(p, "AutoRollbackConfiguration", "Events")); !strings.Contains(got, "DEPLOYMENT_STOP_ON_ALARM") {
			t.Errorf("%s: rolled back on %s", f.ID, got)
		}
		if got := compact(at(alias, "UpdatePolicy", "CodeDeployLambdaAliasUpdate", "DeploymentGroupName")); got != `{"Ref":"`+f.ID+`DeploymentGroup"}` {
			t.Errorf("%s: the alias is moved by %s", f.ID, got)
		}
		for _, arn := range []string{`{"Fn::GetAtt":["` + f.ID + `","Arn"]}`, `{"Fn::Sub":"${` + f.ID + `.Arn}:live"}`} {
			if !strings.Contains(compact(at(all["DeployRole"], "Properties", "Policies")), arn) {
				t.Errorf("CodeDeploy may not move %s", arn)
			}
		}
	}
	for id, m := range ofType(all, "AWS::Lambda::EventSourceMapping") {
		if !strings.Contains(compact(m["FunctionName"]), "Aliaslive") {
			t.Errorf("%s calls %s, not an alias", id, compact(m["FunctionName"]))
		}
	}
	for id, p := range ofType(all, "AWS::Lambda::Permission") {
		if !strings.Contains(compact(p["FunctionName"]), "Aliaslive") {
			t.Errorf("%s is about %s, not an alias", id, compact(p["FunctionName"]))
		}
	}
}
