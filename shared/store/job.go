package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"groundswell/shared/table"
)

// Job is a message of a local queue. Its place in the queue is Due, when it may
// be handed out next; handing it out moves it behind its lease.
type Job struct {
	Queue    string
	Key      string // its row; "" before it is in a queue
	Body     string
	Receives int       // how often it has been handed out
	Sent     time.Time // when it first came into a queue
	Due      time.Time
	Leased   bool // handed out, until Due
	Version  int64
}

type jobRow struct {
	Body     string `json:"b"`
	Receives int    `json:"n,omitempty"`
	Sent     int64  `json:"ct"`
	Leased   bool   `json:"l,omitempty"`
}

// A due time is in the key, in milliseconds, so that the queue's order is the
// partition's; random keeps jobs of one moment apart.
func queuePK(queue string) string { return "Q#" + queue }
func jobKey(queue string, due time.Time, random string) table.Key {
	return table.Key{PK: queuePK(queue), SK: fmt.Sprintf("%013d", ms(due)) + random}
}

func jobRecord(j Job, random string) table.Record {
	return record(jobKey(j.Queue, j.Due, random), KindJob, j.Version, jobRow{Body: j.Body, Receives: j.Receives,
		Sent: ms(j.Sent), Leased: j.Leased})
}

func jobOf(queue string, r table.Record) (Job, error) {
	row, err := unmarshal[jobRow](r)
	j := Job{Queue: queue, Key: r.SK, Body: row.Body, Receives: row.Receives, Sent: at(row.Sent), Leased: row.Leased, Version: r.Ver}
	due, perr := strconv.ParseInt(r.SK[:min(13, len(r.SK))], 10, 64)
	if perr != nil && err == nil {
		err = fmt.Errorf("read job row: key without a time: %w", perr)
	}
	j.Due = at(due)
	return j, err
}

// AddJobs puts new jobs into their queues: all of them or none, 100 at most.
func (s *Store) AddJobs(ctx context.Context, jobs []Job, random func() string) error {
	ops := make([]table.Op, len(jobs))
	for i, j := range jobs {
		j.Version = 1
		ops[i] = table.Op{Rec: jobRecord(j, random()), Cond: table.NotExists}
	}
	return stale(s.Table.Write(ctx, ops...), "add jobs")
}

// Jobs are the first jobs of a queue in the order of Due, whether due or not.
func (s *Store) Jobs(ctx context.Context, queue string, limit int) ([]Job, error) {
	page, err := s.Table.Query(ctx, table.Query{PK: queuePK(queue), Limit: limit, Consistent: true})
	if err != nil {
		return nil, fmt.Errorf("query jobs: %w", err)
	}
	jobs := make([]Job, 0, len(page.Recs))
	for _, r := range page.Recs {
		j, err := jobOf(queue, r)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// MoveJob replaces a job by what it has become (another due time, another queue)
// in one write, and returns it with its new Key. Stale if the job is not as it was
// read: somebody else has it.
func (s *Store) MoveJob(ctx context.Context, was, is Job, random string) (Job, error) {
	is.Version = was.Version + 1
	r := jobRecord(is, random)
	err := s.Table.Write(ctx,
		table.Op{Mut: table.Delete, Rec: table.Record{Key: table.Key{PK: queuePK(was.Queue), SK: was.Key}}, Cond: table.VerEq, N: was.Version},
		table.Op{Rec: r, Cond: table.NotExists})
	is.Key = r.SK
	return is, stale(err, "move job")
}

// DeleteJob takes a job out of its queue; Stale if somebody else has it by now.
func (s *Store) DeleteJob(ctx context.Context, j Job) error {
	err := s.Table.Write(ctx, table.Op{Mut: table.Delete, Cond: table.VerEq, N: j.Version,
		Rec: table.Record{Key: table.Key{PK: queuePK(j.Queue), SK: j.Key}}})
	return stale(err, "delete job")
}
