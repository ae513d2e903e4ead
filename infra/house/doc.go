// Package house tests the rules that the whole tree keeps: who may import what
// (imports_test.go), what every package and file has or has not (tree_test.go).
// README.md says why the layers are as they are.
package house
