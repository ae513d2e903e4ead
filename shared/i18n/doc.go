// Package i18n is the portal's languages: which one a reader gets, and its
// messages, plurals, numbers and dates. Start with [Match] and [For].
//
// A language is one file, frontend/locales/active.<tag>.json, in the format of
// go-i18n: a message is a string, or an object with the plural forms that the
// language has (CLDR: one, few, many, other, ...). Adding the file adds the
// language; the tests say which messages it lacks. Only the languages that are
// asked for are read, when they are asked for: a package that is imported costs a
// Lambda function nothing at its start.
//
// This package must not know what the messages are about, and must not read
// requests.
package i18n
