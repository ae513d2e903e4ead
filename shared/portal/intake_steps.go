package portal

import (
	"context"
	"path"
	"strings"
)

// What an admin does with an Intake, from the file that comes to its end.

func (a Actor) needImporter() error {
	if err := a.needTeam(); err != nil {
		return err
	}
	if a.Role != RoleAdmin {
		return errIntakeAdmin
	}
	return nil
}

// Intake is what the actor has under way; Version 0 if it is nothing. Admins only, as
// all that follows.
func (p *Portal) Intake(ctx context.Context, a Actor) (Intake, error) {
	if err := a.needImporter(); err != nil {
		return Intake{}, err
	}
	return p.Store.Intake(ctx, a.ID)
}

// OpenIntake keeps a file to be looked at, in the place of one that was looked at before
// or is done. Fields: file, preset, source, day.
func (p *Portal) OpenIntake(ctx context.Context, a Actor, name string, data []byte, setup IntakeSetup) (Intake, error) {
	prev, err := p.Intake(ctx, a)
	if err != nil {
		return prev, err
	}
	if prev.State == IntakeRuns {
		return prev, errIntakeRuns
	}
	var f fields
	name = line(strings.ToValidUTF8(path.Base(strings.ReplaceAll(name, `\`, "/")), ""))
	if name == "." || name == "/" || len(data) == 0 {
		f.add("file", "required", 0, "Must not be empty.")
	}
	if len(data) > MaxIntake {
		f.add("file", "file_too_large", MaxIntake>>20, "Must be at most %d MB.", MaxIntake>>20)
	}
	f.setup(&setup, p)
	if err := f.err(); err != nil {
		return prev, err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return prev, err
	}
	now := p.now()
	id, err := p.IDs.At(now)
	if err != nil {
		return prev, err
	}
	in := Intake{ID: id, By: a.ID, State: IntakeOpen, File: CutText(name, maxFileName), Size: len(data), Setup: setup, At: now, Version: prev.Version + 1}
	if err := p.Store.PutIntakeFile(ctx, in, data); err != nil {
		return prev, err
	}
	if err := p.Store.PutIntake(ctx, in, prev.Version); err != nil {
		return prev, err
	}
	return in, p.Store.DropIntakeFile(ctx, prev)
}

// SetIntake says how the file is to be read, as long as nothing of it is an idea yet.
func (p *Portal) SetIntake(ctx context.Context, a Actor, id string, setup IntakeSetup) (Intake, error) {
	in, err := p.intake(ctx, a, id)
	if err != nil {
		return in, err
	}
	if in.State != IntakeOpen {
		return in, errIntakeRuns
	}
	var f fields
	f.setup(&setup, p)
	if err := f.err(); err != nil {
		return in, err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return in, err
	}
	prev := in.Version
	in.Setup, in.Version = setup, prev+1
	return in, p.Store.PutIntake(ctx, in, prev)
}

// LookAtIntake reads the file and tells what it would become.
func (p *Portal) LookAtIntake(ctx context.Context, a Actor) (Intake, IntakeLook, error) {
	in, err := p.Intake(ctx, a)
	if err != nil || in.State != IntakeOpen {
		return in, IntakeLook{}, err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return in, IntakeLook{}, err
	}
	data, err := p.Store.IntakeFile(ctx, in)
	if err != nil {
		return in, IntakeLook{}, err
	}
	look, err := p.Intakes.Look(ctx, in, data)
	return in, look, err
}

// StepIntake takes the next rows of the file. Whoever calls it twice at once, or again
// after it was cut off, gets the same in the end: rows are stored only where they are
// not, and of two that came equally far the first is counted. The last step, which
// brings the line of the log in the same write, removes the file.
func (p *Portal) StepIntake(ctx context.Context, a Actor, id string) (Intake, error) {
	in, err := p.intake(ctx, a, id)
	if err != nil {
		return in, err
	}
	if in.State == IntakeDone { // who came as far may have been cut off before the file was gone
		came := in
		came.State = IntakeRuns
		return in, p.Store.DropIntakeFile(ctx, came)
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return in, err
	}
	data, err := p.Store.IntakeFile(ctx, in)
	if err != nil {
		return in, err
	}
	next, err := p.Intakes.Step(ctx, in, data)
	if err != nil {
		return in, err
	}
	var lines []LogEntry
	if next.State == IntakeDone {
		var left []byte
		if next.Left, left, err = p.Intakes.Left(ctx, in, data); err != nil {
			return in, err
		}
		if next.Left != "" {
			if err := p.Store.PutIntakeFile(ctx, next, left); err != nil {
				return in, err
			}
		}
		if lines, err = p.intakeLog(next); err != nil {
			return in, err
		}
	}
	next.Version = in.Version + 1
	err = p.Store.PutIntake(ctx, next, in.Version, lines...)
	switch {
	case KindOf(err) == Stale:
		return p.intake(ctx, a, id) // another request came as far
	case err != nil:
		return in, err
	case next.State == IntakeDone:
		err = p.Store.DropIntakeFile(ctx, in)
	}
	return next, err
}

// intakeLog says who imported what, and what came of it.
func (p *Portal) intakeLog(in Intake) ([]LogEntry, error) {
	t := in.Rows["ideas"]
	l, err := p.logged(p.now(), LogEntry{What: LogImport, By: in.By, Note: in.Setup.Source + ": " + in.File, From: in.Setup.Preset, To: t.String()})
	return []LogEntry{l}, err
}

// LeftOfIntake is a file with the rows that can't be taken, or were not. NotFound if
// there are none.
func (p *Portal) LeftOfIntake(ctx context.Context, a Actor, id string) (name string, data []byte, err error) {
	in, err := p.intake(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return "", nil, err
	}
	if in.State == IntakeDone && in.Left == "" {
		return "", nil, errNoIntake
	}
	if data, err = p.Store.IntakeFile(ctx, in); err != nil || in.State == IntakeDone {
		return in.Left, data, err
	}
	if name, data, err = p.Intakes.Left(ctx, in, data); err == nil && name == "" {
		err = errNoIntake
	}
	return name, data, err
}

// EndIntake forgets an intake, done or given up, and its file; what is in stays.
func (p *Portal) EndIntake(ctx context.Context, a Actor, id string) error {
	in, err := p.intake(ctx, a, id)
	if KindOf(err) == NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return err
	}
	var lines []LogEntry
	if in.State == IntakeRuns { // what is in came from somewhere
		if lines, err = p.intakeLog(in); err != nil {
			return err
		}
	}
	return p.Store.DeleteIntake(ctx, in, lines...)
}

// intake is the actor's, if it is the one with the id.
func (p *Portal) intake(ctx context.Context, a Actor, id string) (Intake, error) {
	in, err := p.Intake(ctx, a)
	if err == nil && (in.Version == 0 || in.ID != id) {
		err = errNoIntake
	}
	return in, err
}
