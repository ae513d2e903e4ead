package fakeaws

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"
)

// SQS fakes standard queues of Amazon SQS with its JSON protocol (sqsapi.go):
// visibility timeouts, receive counts, dead-letter queues, and the second delivery
// that a standard queue may always make. Serve it and point AWS_ENDPOINT_URL_SQS
// at it.
type SQS struct {
	// Now is the queues' clock; nil means time.Now. Set it before first use.
	Now func() time.Time

	mu     sync.Mutex
	queues map[string]*Queue
	lastID int
}

// QueueConfig describes a queue.
type QueueConfig struct {
	Name       string
	Visibility time.Duration // how long a received message stays hidden; 0 means 30 s
	MaxReceive int           // receives before a message goes to DeadLetter; 0 means any number
	DeadLetter *Queue
	MostDelay  time.Duration // cuts the delay of messages short; 0 = as they ask
}

// Queue is one queue.
type Queue struct {
	sqs      *SQS
	cfg      QueueConfig
	messages []*message
	sent     int
}

type message struct {
	id, body string
	sentAt   time.Time
	visible  time.Time // hidden until then
	receives int
	receipt  string // of the last receive
	twice    bool   // stays after its next delete
}

// Message is one message as a test sees it.
type Message struct {
	ID, Body string
	Receives int
}

// Add makes a queue.
func (s *SQS) Add(cfg QueueConfig) *Queue {
	if cfg.Visibility == 0 {
		cfg.Visibility = 30 * time.Second
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queues == nil {
		s.queues = map[string]*Queue{}
	}
	q := &Queue{sqs: s, cfg: cfg}
	s.queues[cfg.Name] = q
	return q
}

func (s *SQS) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// URL is the queue's address under base, the address that the SQS is served at.
func (q *Queue) URL(base string) string { return base + "/" + AccountID + "/" + q.cfg.Name }

// ARN is the queue's Amazon Resource Name.
func (q *Queue) ARN() string { return queueARN(q.cfg.Name) }

func queueARN(name string) string { return "arn:aws:sqs:eu-west-1:" + AccountID + ":" + name }

// Messages returns what is in the queue, hidden messages included.
func (q *Queue) Messages() []Message {
	q.sqs.mu.Lock()
	defer q.sqs.mu.Unlock()
	out := make([]Message, 0, len(q.messages))
	for _, m := range q.messages {
		out = append(out, Message{m.id, m.body, m.receives})
	}
	return out
}

// Sent is the number of messages ever put in.
func (q *Queue) Sent() int {
	q.sqs.mu.Lock()
	defer q.sqs.mu.Unlock()
	return q.sent
}

// Duplicate makes the queue deliver the next n messages that it would deliver now
// once more than they are acknowledged.
func (q *Queue) Duplicate(n int) {
	q.sqs.mu.Lock()
	defer q.sqs.mu.Unlock()
	now := q.sqs.now()
	for _, m := range q.messages {
		if n > 0 && !m.visible.After(now) {
			m.twice = true
			n--
		}
	}
}

// Limit sets how often a message is received before it goes to the dead letters.
func (q *Queue) Limit(receives int) {
	q.sqs.mu.Lock()
	defer q.sqs.mu.Unlock()
	q.cfg.MaxReceive = receives
}

// Ready reports whether a poll would receive something now.
func (q *Queue) Ready() bool {
	at, ok := q.NextVisible()
	return ok && !at.After(q.sqs.now())
}

// Expire ends the visibility timeout of all messages at once.
func (q *Queue) Expire() {
	q.sqs.mu.Lock()
	defer q.sqs.mu.Unlock()
	for _, m := range q.messages {
		m.visible = time.Time{}
	}
}

// The methods below are called with sqs.mu held.

func (q *Queue) send(body string, delay time.Duration) *message {
	if q.cfg.MostDelay > 0 {
		delay = min(delay, q.cfg.MostDelay)
	}
	q.sqs.lastID++
	now := q.sqs.now()
	m := &message{
		id:      fmt.Sprintf("00000000-0000-4000-9000-%012d", q.sqs.lastID),
		body:    body,
		sentAt:  now,
		visible: now.Add(delay),
	}
	q.messages = append(q.messages, m)
	q.sent++
	return m
}

// receive hides and returns up to limit visible messages. One that was received
// MaxReceive times already moves to the dead-letter queue instead.
func (q *Queue) receive(limit int, visibility time.Duration) []*message {
	now := q.sqs.now()
	var out, keep []*message
	for _, m := range q.messages {
		switch {
		case len(out) == limit, m.visible.After(now):
			keep = append(keep, m)
		case q.cfg.DeadLetter != nil && m.receives >= q.cfg.MaxReceive:
			m.visible = now
			q.cfg.DeadLetter.messages = append(q.cfg.DeadLetter.messages, m)
		default:
			m.receives++
			m.visible = now.Add(visibility)
			m.receipt = fmt.Sprintf("%s/%d", m.id, m.receives)
			out, keep = append(out, m), append(keep, m)
		}
	}
	q.messages = keep
	return out
}

// remove deletes the message of that receipt. A stale receipt deletes nothing and
// is no error, as on SQS.
func (q *Queue) remove(receipt string) {
	for i, m := range q.messages {
		if m.receipt != receipt {
			continue
		}
		if m.twice {
			m.twice, m.visible = false, time.Time{}
			return
		}
		q.messages = slices.Delete(q.messages, i, i+1)
		return
	}
}

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}
