package template

import (
	"fmt"
	"slices"
	"strings"
)

// Policy is what a role allows; nothing in template.yaml's roles denies.
type Policy []Grant

// Grant allows an action on a resource, of which a * may stand for any part.
type Grant struct{ Action, Resource string }

// Allows reports whether the policy allows the action on the resource, conditions
// left out.
func (p Policy) Allows(action, resource string) bool {
	return slices.ContainsFunc(p, func(g Grant) bool { return g.Action == action && glob(g.Resource, resource) })
}

func glob(pattern, s string) bool {
	head, tail, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == s
	}
	return len(s) >= len(head)+len(tail) && strings.HasPrefix(s, head) && strings.HasSuffix(s, tail)
}

// Policy is what the function's role allows in a deployment.
func (t *Template) Policy(f Function, with Values) (Policy, error) {
	attribute, _ := dict(f.Role)["Fn::GetAtt"].([]any)
	if len(attribute) == 0 {
		return nil, fmt.Errorf("%s: the role is not of the template", f.ID)
	}
	id := fmt.Sprint(attribute[0])
	var p Policy
	for _, policy := range each(t.Resources[id].Properties["Policies"]) {
		for _, s := range each(dict(dict(policy)["PolicyDocument"])["Statement"]) {
			if dict(s)["Effect"] != "Allow" {
				return nil, fmt.Errorf("%s: a statement that does not allow", id)
			}
			for _, r := range each(dict(s)["Resource"]) {
				resource, err := t.resource(r, with)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", id, err)
				}
				for _, action := range each(dict(s)["Action"]) {
					p = append(p, Grant{fmt.Sprint(action), resource})
				}
			}
		}
	}
	return p, nil
}

// resource is "" where the template drops it: what !Ref AWS::NoValue says.
func (t *Template) resource(v any, with Values) (string, error) {
	known := Values{"AWS::NoValue": ""}
	for k, v := range with {
		known[k] = v
	}
	if _, ok := dict(v)["Fn::GetAtt"]; ok {
		if s, err := t.Eval(v, known); err == nil {
			return s, nil
		}
		return fmt.Sprint(v), nil // the deployment at hand does not have it
	}
	return t.Eval(v, known)
}

// each is a list, or a single value as one.
func each(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}
