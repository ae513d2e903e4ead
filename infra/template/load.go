package template

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// long turns a YAML node into plain values, the short forms of AWS
// CloudFormation's functions into the long ones.
func long(n *yaml.Node) (any, error) {
	v, err := untagged(n)
	if err != nil {
		return nil, err
	}
	name, ok := strings.CutPrefix(n.Tag, "!")
	if !ok || strings.HasPrefix(name, "!") { // YAML's own tags are !!str and so on
		return v, nil
	}
	switch name {
	case "Ref", "Condition":
		return map[string]any{name: v}, nil
	case "GetAtt":
		if s, ok := v.(string); ok {
			resource, attribute, _ := strings.Cut(s, ".")
			v = []any{resource, attribute}
		}
	}
	return map[string]any{"Fn::" + name: v}, nil
}

func untagged(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return long(n.Content[0])
	case yaml.AliasNode: // AWS CloudFormation refuses them as well
		return nil, fmt.Errorf("line %d: an alias", n.Line)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, c := range n.Content {
			v, err := long(c)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case yaml.MappingNode:
		out := make(map[string]any, len(n.Content)/2)
		for i := 0; i < len(n.Content); i += 2 {
			k := n.Content[i].Value
			if _, twice := out[k]; twice {
				return nil, fmt.Errorf("line %d: %s a second time", n.Content[i].Line, k)
			}
			v, err := long(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			out[k] = v
		}
		return out, nil
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return n.Value, nil
	}
	var v any
	err := n.Decode(&v)
	return v, err
}

// fromAny takes the plain values apart by way of JSON, but keeps whole numbers
// ints where they are not the template's own fields.
func fromAny(v any) (*Template, error) {
	top := dict(v)
	t := &Template{Conditions: dict(top["Conditions"]), Globals: dict(top["Globals"]), Outputs: dict(top["Outputs"]),
		Parameters: map[string]Parameter{}, Resources: map[string]Resource{}}
	parameters, err := json.Marshal(top["Parameters"])
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(parameters, &t.Parameters); err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	for id, v := range dict(top["Resources"]) {
		r := dict(v)
		typ, _ := r["Type"].(string)
		deletion, _ := r["DeletionPolicy"].(string)
		replace, _ := r["UpdateReplacePolicy"].(string)
		t.Resources[id] = Resource{Type: typ, Properties: dict(r["Properties"]), Metadata: dict(r["Metadata"]),
			DeletionPolicy: deletion, UpdateReplacePolicy: replace}
	}
	return t, nil
}
