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

// Why a message is rejected, where that is known: both are an ErrRejected.
var (
	// ErrAddress: it is not an address that mail can be sent to.
	ErrAddress = fmt.Errorf("not an address that takes mail: %w", ErrRejected)
	// ErrSandbox: the account may send to verified addresses only. Nothing is wrong
	// with the message; an operator has to ask AWS for production access.
	ErrSandbox = fmt.Errorf("the account is in the sandbox of Amazon SES and the recipient is not verified (verify the address, or ask AWS for production access): %w", ErrRejected)
)

// ErrDailyQuota is an ErrThrottled that lasts: the quota counts the last 24 hours.
var ErrDailyQuota = fmt.Errorf("daily quota used up: %w", ErrThrottled)

var errAddress = errors.New("is not an address that mail can use")
