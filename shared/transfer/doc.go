// Package transfer moves a portal's data in and out: ideas and comments of other
// systems from CSV files, and everything there is to and from JSON Lines.
//
// Start with [Importer]: [Importer.CSV] for other systems' files, described by a
// [Preset], and [Importer.Lines] for what [Export] wrote. [Recounter] checks and
// repairs derived numbers. All of it is for the operator (infra/admin).
//
// An import can be run again, or run on after it was interrupted: ids follow from
// the other system's, every record is put only where there is none, and nothing
// that users did since is touched. A line that can't be taken is reported with
// its place and left out; the others go on.
//
// This package must not know how rows are spelled (shared/store) or what a title
// may be (shared/portal), and must not print: it reports.
package transfer
