// Package transfer moves a portal's data in and out: ideas, comments and votes of
// other systems from CSV and JSON files, and everything there is to and from JSON
// Lines.
//
// Start with [Importer]: [Importer.Files] for other systems' files, described by a
// [Preset] and a [Mapping], and [Importer.Lines] for what [Export] wrote. A file is a
// source of rows: a sheet (records.go, sheet.go) or objects (text.go, objects.go,
// path.go); reader.go and its neighbours make ideas, comments and votes of them.
// [Sheets] writes tables for people. [Recounter] checks and repairs what is derived. All
// of it is for the operator (infra/admin); imports of files are also the console's, in
// [Steps] (shared/intake).
//
// An import can be run again, or run on after it was interrupted: an idea is known by
// what the other system calls it, every record is put only where there is none, and
// nothing that users did since is touched. A row that can't be taken is reported with
// its place and left out; the others go on. [RowWriter] writes it into a file of the
// same format, to be corrected and imported again, alone: what the rows belong to is
// found in the portal.
//
// Files are not trusted. They are read a record at a time, so that what is kept in
// mind is some 60 bytes a row (to know it again) and never a text; what is wrong with a
// quote or a bracket ends with its line; rich text becomes Markdown without what is
// no text (html.go), and no cell that is written begins a formula (shared/sheet).
//
// This package must not know how rows are spelled (shared/store) or what a title
// may be (shared/portal), and must not print: it reports.
package transfer
