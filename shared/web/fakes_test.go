package web_test

import (
	"bytes"
	"context"
	"sync"
	"time"

	"groundswell/shared/portal"
)

// A clock stands still until the test lets time pass.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// stamp is the time of the last request, as JSON has it.
func (c *clock) stamp() string { return c.Now().Format("2006-01-02T15:04:05.000Z") }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// mails keeps the last code of each address.
type mails struct {
	mu    sync.Mutex
	codes map[string]string
}

func (m *mails) SendCode(_ context.Context, c portal.CodeMail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.codes[c.Email] = c.Code
	return nil
}

func (m *mails) code(email string) string { m.mu.Lock(); defer m.mu.Unlock(); return m.codes[email] }

// logLines is a log to read back.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logLines) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.String() }
