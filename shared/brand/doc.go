// Package brand makes the portal somebody's own: its name, its words of welcome,
// its logo, its colour and its categories, all from one file of JSON that nobody
// has to rebuild anything for. README.md has an example.
//
// Start with [Parse]. It refuses what readers would suffer from, above all colours
// that can't be read, and says what would do instead. What the file does not say
// is as it is without a file.
//
// The arithmetic of colours is here alone (colour.go): pages get theirs as a style
// sheet, mails as [Colours]. The package must not do I/O, nor know pages or mails: it
// hands out values, and finished files for the web (see [Brand.File]).
package brand
