// Package frontend is what readers see: the templates, the style sheet, the
// scripts and the messages, embedded into the program. Start with [Asset] and
// [Static]; the templates are parsed by shared/web, the messages read by
// shared/i18n.
//
// Style sheet and scripts are written by hand and served as they are: no bundler
// and no framework. Their addresses carry a hash of their content, so browsers
// keep them for ever. Every page works without the scripts.
//
// This package must not know what the pages are about.
package frontend

import "embed"

// Files holds everything, under templates/, static/ and locales/.
//
//go:embed templates static locales
var Files embed.FS

// LocalesDir is where the messages are, a file for each language.
const LocalesDir = "locales"
