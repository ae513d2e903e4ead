package template

import (
	"fmt"
	"regexp"
	"strings"
)

// Values are what a deployment knows: parameters by name, what !Ref gives for a
// resource by its id (Table), attributes by both (Table.Arn), and pseudo
// parameters (AWS::Region).
type Values map[string]string

// Eval computes a value of the template. Parameters that are not among the values
// have their defaults; anything else that is missing is an error.
func (t *Template) Eval(v any, with Values) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int, float64, bool:
		return fmt.Sprint(v), nil
	case map[string]any:
		if len(v) == 1 {
			for name, arg := range v {
				return t.call(name, arg, with)
			}
		}
	}
	return "", fmt.Errorf("can't evaluate %v", v)
}

func (t *Template) call(name string, arg any, with Values) (string, error) {
	list, _ := arg.([]any)
	switch s, _ := arg.(string); {
	case name == "Ref":
		return t.lookup(s, with)
	case name == "Fn::GetAtt" && len(list) == 2:
		return t.lookup(fmt.Sprintf("%v.%v", list...), with)
	case name == "Fn::Sub" && s != "":
		return t.sub(s, with)
	case name == "Fn::Select" && len(list) == 2:
		parts, err := t.split(list[1], with)
		i := integer(list[0])
		if err != nil || i < 0 || i >= len(parts) {
			return "", fmt.Errorf("can't select %v of %v: %w", list[0], list[1], err)
		}
		return parts[i], nil
	case name == "Fn::If" && len(list) == 3:
		cond, _ := list[0].(string)
		yes, err := t.truth(t.Conditions[cond], with)
		if err != nil {
			return "", fmt.Errorf("condition %s: %w", cond, err)
		}
		if yes {
			return t.Eval(list[1], with)
		}
		return t.Eval(list[2], with)
	}
	return "", fmt.Errorf("can't evaluate %s of %v", name, arg)
}

// split computes Fn::Split, which makes the only list that !Select is used on.
func (t *Template) split(v any, with Values) ([]string, error) {
	args, ok := dict(v)["Fn::Split"].([]any)
	if !ok || len(args) != 2 {
		return nil, fmt.Errorf("not Fn::Split: %v", v)
	}
	s, err := t.Eval(args[1], with)
	return strings.Split(s, fmt.Sprint(args[0])), err
}

func (t *Template) lookup(name string, with Values) (string, error) {
	if s, ok := with[name]; ok {
		return s, nil
	}
	if p, ok := t.Parameters[name]; ok && p.Default != nil {
		return fmt.Sprint(p.Default), nil
	}
	return "", fmt.Errorf("no value for %s", name)
}

var placeholder = regexp.MustCompile(`\$\{([A-Za-z0-9:.]+)\}`)

func (t *Template) sub(s string, with Values) (string, error) {
	var failed error
	out := placeholder.ReplaceAllStringFunc(s, func(m string) string {
		v, err := t.lookup(strings.Trim(m, "${}"), with)
		if err != nil {
			failed = err
		}
		return v
	})
	return out, failed
}

func (t *Template) truth(cond any, with Values) (bool, error) {
	c := dict(cond)
	if not, ok := c["Fn::Not"].([]any); ok && len(not) == 1 {
		yes, err := t.truth(not[0], with)
		return !yes, err
	}
	if eq, ok := c["Fn::Equals"].([]any); ok && len(eq) == 2 {
		a, err := t.Eval(eq[0], with)
		if err != nil {
			return false, err
		}
		b, err := t.Eval(eq[1], with)
		return a == b, err
	}
	return false, fmt.Errorf("can't tell %v", cond)
}
