package mail

import (
	"context"
	"errors"
	"fmt"
)

// Sender hands a message over for delivery.
type Sender interface {
	// Send returns the id that the message got from whoever delivers it. An error
	// that is none of ErrRejected, ErrThrottled, ErrPaused and ErrConfig leaves it
	// open whether the message went out.
	Send(ctx context.Context, m Message) (id string, err error)
}

// What can stand in the way of a message. After each of these it has not been sent.
var (
	// ErrRejected: this message will never be taken, however often it is tried.
	ErrRejected = errors.New("mail rejected")
	// ErrThrottled: too many mails in a second or a day; try again later.
	ErrThrottled = errors.New("sending too fast")
	// ErrPaused: sending has been switched off; an operator decides when it goes on.
	ErrPaused = errors.New("sending paused")
	// ErrConfig: the sender is set up wrongly; an operator has to mend it.
	ErrConfig = errors.New("sending not configured")
)

// ErrDailyQuota is an ErrThrottled that lasts: the quota counts the last 24 hours.
var ErrDailyQuota = fmt.Errorf("daily quota used up: %w", ErrThrottled)

var errAddress = errors.New("is not an address that mail can use")
