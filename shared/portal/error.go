package portal

import (
	"errors"
	"fmt"
	"time"
)

// Kind classes an Error; shared/web turns it into a status code.
type Kind uint8

// The kinds of Error.
const (
	Internal        Kind = iota // ours: the text must not reach a user
	Invalid                     // a field is wrong
	BadRequest                  // the request as a whole can't be understood
	Unauthenticated             // nobody is signed in, and somebody has to be
	Forbidden                   // the actor may not do this
	NotFound                    // no such thing, or not for this actor
	Conflict                    // it clashes with the state of things
	Stale                       // the version that the actor saw is no longer the current one
	TooMany                     // a limit on how often; see RetryAfter
)

// Error is a refusal that the user can be told about. Code is a stable name that
// the message catalogues of the front end know; Msg says the same in English.
type Error struct {
	Kind       Kind
	Code       string
	Msg        string
	Fields     []FieldError
	RetryAfter time.Duration // TooMany only
	Target     string        // the idea to look at instead, where there is one
}

// FieldError says what is wrong with one field of a form or a JSON body. Limit
// is the number that Code speaks of (a length, a count), or 0.
type FieldError struct {
	Name  string
	Code  string
	Limit int
	Msg   string
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Msg
	}
	return e.Msg + " " + e.Fields[0].Name + ": " + e.Fields[0].Msg
}

// KindOf is the kind of err: that of the *Error in its chain, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// fields collects what is wrong with an input, so that the user sees all of it
// at once.
type fields []FieldError

func (f *fields) add(name, code string, limit int, format string, args ...any) {
	*f = append(*f, FieldError{Name: name, Code: code, Limit: limit, Msg: fmt.Sprintf(format, args...)})
}

// take adds the fields of another refusal.
func (f *fields) take(err error) {
	var e *Error
	if errors.As(err, &e) {
		*f = append(*f, e.Fields...)
	}
}

func (f fields) err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Msg: "Some fields need attention.", Fields: f}
}

// InvalidField is an Error about one field.
func InvalidField(name, code string, limit int, msg string) *Error {
	return &Error{Kind: Invalid, Code: "invalid", Msg: "Some fields need attention.",
		Fields: []FieldError{{Name: name, Code: code, Limit: limit, Msg: msg}}}
}

var (
	errSignIn = &Error{Kind: Unauthenticated, Code: "sign_in_needed", Msg: "Sign in to do this."}
	errTeam   = &Error{Kind: Forbidden, Code: "team_only", Msg: "Only the product team may do this."}
	errNoIdea = &Error{Kind: NotFound, Code: "no_idea", Msg: "There is no such idea."}
	errStale  = &Error{Kind: Stale, Code: "stale", Msg: "Somebody changed this idea in the meantime. Look at it again, then decide."}
	errNoText = &Error{Kind: NotFound, Code: "no_comment", Msg: "There is no such comment."}
)
