package template_test

import (
	"slices"
	"strings"
	"testing"
)

// TestMailSet: mails go over TLS, their fate is heard of, and the stack can set up
// what receivers check.
func TestMailSet(t *testing.T) {
	t.Parallel()
	all := translated(t)
	set := at(all["MailSet"], "Properties")
	for what, got := range map[string][2]string{
		"TLS":         {compact(at(set, "DeliveryOptions", "TlsPolicy")), `"REQUIRE"`},
		"suppression": {compact(at(set, "SuppressionOptions", "SuppressedReasons")), `["BOUNCE","COMPLAINT"]`},
		"reputation":  {compact(at(set, "ReputationOptions", "ReputationMetricsEnabled")), `true`},
		"DKIM":        {compact(at(all["MailIdentity"], "Properties", "DkimAttributes", "SigningEnabled")), `true`},
		"key":         {compact(at(all["MailIdentity"], "Properties", "DkimSigningAttributes", "NextSigningKeyLength")), `"RSA_2048_BIT"`},
		"MAIL FROM":   {compact(at(all["MailIdentity"], "Properties", "MailFromAttributes", "MailFromDomain")), `{"Fn::Sub":"bounce.${MailDomain}"}`},
		"only if":     {compact(all["MailIdentity"]["Condition"]), `"HasMailDomain"`},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %s, want %s", what, got[0], got[1])
		}
	}
	d := at(all["MailEvents"], "Properties", "EventDestination")
	for _, typ := range []any{"bounce", "complaint"} {
		if !slices.Contains(list(at(d, "MatchingEventTypes")), typ) || at(d, "Enabled") != true {
			t.Errorf("nobody hears of a %v", typ)
		}
	}
	if got := compact(at(d, "EventBridgeDestination")); !strings.Contains(got, ":event-bus/default") {
		t.Errorf("events go to %s; SES knows the default bus only", got)
	}
	if at(all["MailEvents"], "Properties", "ConfigurationSetName", "Ref") != "MailSet" {
		t.Error("events of another set")
	}
	dns := compact(load(t).Outputs["MailDns"])
	for _, record := range []string{"DkimDNSTokenValue1", "DkimDNSTokenValue2", "DkimDNSTokenValue3", " MX 10 feedback-smtp.", "v=spf1 include:amazonses.com", "_dmarc.", "v=DMARC1"} {
		if !strings.Contains(dns, record) {
			t.Errorf("the outputs don't tell %s", record)
		}
	}
}
