// Package sheet writes what the portal keeps as tables for people to work with: CSV
// for spreadsheets, JSON Lines for programs. Start with [Writer], and the kinds of
// rows in rows.go.
//
// A CSV cell with a text never begins a formula ([Guard]); numbers and times are ours
// and stay what they are. An import with the generic preset of shared/transfer reads
// ideas and comments back: the columns are called the same. With addresses it reads
// votes back, too, each as its voter's; without, ideas bring their number along.
//
// This package must not read anything, and must not know who may see what.
package sheet
