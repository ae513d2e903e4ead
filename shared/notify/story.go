package notify

import (
	"context"
	"slices"
	"sync"
	"time"

	"groundswell/shared/portal"
)

// story is what all mails about one step of an idea have in common.
type story struct {
	page   portal.IdeaPage
	step   portal.HistoryEntry
	owners []portal.Owner // whoever submitted the idea or a duplicate of it
}

// launch reports whether the step is the idea's launch.
func (s *story) launch() bool { return launch(s.step) }

// overtaken reports whether the idea has moved on since: then the news is old, and
// the next step has its own. A launch is told all the same: it is why people came.
func (s *story) overtaken() bool {
	return !s.launch() && slices.ContainsFunc(s.page.History, func(h portal.HistoryEntry) bool { return h.Ver > s.step.Ver && h.Moves() })
}

// ideas are the idea and its duplicates: whoever follows one of them follows the idea.
func (s *story) ideas() []string {
	return append([]string{s.page.Idea.ID}, slices.Sorted(slices.Values(s.page.Idea.MergedFrom))...)
}

// storyFresh is how long a story is believed. A launch may mean a hundred thousand
// mails: read for each, the idea would cost more than all the rest.
const storyFresh = 5 * time.Second

// lastStory is the story that was read last: mails about one step come together.
type lastStory struct {
	mu   sync.Mutex
	idea string
	ver  int64
	read time.Time
	*story
}

// story reads the idea's step, or says in one word why nothing is told of it.
func (w *Worker) story(ctx context.Context, ideaID string, ver int64) (s *story, skip string, err error) {
	l, now := &w.last, w.Clock()
	l.mu.Lock()
	if l.story != nil && l.idea == ideaID && l.ver == ver && now.Sub(l.read) < storyFresh && !l.page.Idea.Hidden() { // that it is hidden is never old news
		s = l.story
	}
	l.mu.Unlock()
	if s == nil {
		if s, err = w.readStory(ctx, ideaID, ver); portal.KindOf(err) == portal.NotFound {
			return nil, portal.UnsentNoIdea, nil
		} else if err != nil {
			return nil, "", err
		}
		l.mu.Lock()
		l.idea, l.ver, l.read, l.story = ideaID, ver, now, s
		l.mu.Unlock()
	}
	switch {
	case s.page.Idea.Hidden():
		if still, err := w.missed(ctx, ideaID, missedStep(ver)); err != nil || still {
			return nil, portal.UnsentHidden, err
		}
		return w.story(ctx, ideaID, ver)
	case s.step.Ver == 0:
		return nil, portal.UnsentNoStep, nil // a backup was restored that is older than the job
	}
	return s, "", nil
}

func (w *Worker) readStory(ctx context.Context, ideaID string, ver int64) (*story, error) {
	page, err := w.Reads.IdeaPage(ctx, portal.IdeaQuery{ID: ideaID, Comments: 1, Fresh: true})
	if err != nil {
		return nil, err
	}
	s := &story{page: page}
	for _, h := range page.History {
		if h.Ver == ver {
			s.step = h
		}
	}
	s.owners, err = portal.Submitters(ctx, w.Reads, page.Idea, s.step)
	return s, err
}
