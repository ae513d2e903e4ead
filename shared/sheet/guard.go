package sheet

import (
	"strings"
	"unicode/utf8"
)

// formula reports whether a spreadsheet would take the cell for a formula: its
// first character says so (OWASP, "CSV Injection"), in its wide forms too, which
// some spreadsheets fold.
func formula(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// Guard is a text as a cell that no spreadsheet takes for a formula: an apostrophe
// before what would begin one, and one more before what has some already. An import
// takes it off again.
func Guard(cell string) string {
	if formula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Unguard takes it off again; what Guard did not write stays as it is.
func Unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && formula(strings.TrimLeft(cell, "'")) {
		return cell[1:]
	}
	return cell
}
