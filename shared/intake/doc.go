// Package intake reads what admins import by the console: it is portal.IntakeReader on
// shared/transfer, which the operator's tool uses, too, so that both mean the same.
//
// Start with [Reader]: Look tells what a file would become, Step takes some of its rows.
// files.go makes of an uploaded file, a sheet, JSON or a ZIP, what transfer imports.
//
// The file comes with each call, and nothing is kept between them: what was taken is in
// the table, under ids that follow from the file, and how far it came in portal.Intake.
// A step reads the rows before it again, without a look at the table, which costs a
// second for 30 MB and spares keeping what an import has in mind somewhere. Who may
// import, and where files lie meanwhile, is shared/portal's and shared/store's.
package intake
