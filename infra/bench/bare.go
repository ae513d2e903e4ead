package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"groundswell/shared/app/onefile"
	"groundswell/shared/portal"
)

// serveBare answers the same requests as the portal with the least that can be
// done: the reads and writes of the store that the use case makes, and a number for
// an answer. The consumers run behind it as they do behind the portal.
func serveBare(ctx context.Context, dir string) error {
	one, err := onefile.Open(dir, onefile.Options{})
	if err != nil {
		return err
	}
	defer one.Close()
	b := bare{one.Store, portal.IDs{Rand: one.Portal.IDs.Rand}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", b.list)
	mux.HandleFunc("GET /api/v1/ideas", b.list)
	mux.HandleFunc("GET /ideas/{id}/{slug}", b.idea)
	mux.HandleFunc("PUT /api/v1/ideas/{id}/vote", b.vote)
	mux.HandleFunc("POST /api/v1/ideas/{id}/comments", b.comment)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("bare is at http://%s\n", l.Addr())
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- one.Run(ctx) }()
	err = http.Serve(l, mux)
	stop()
	return errors.Join(err, <-done)
}

type bare struct {
	store portal.Store
	ids   portal.IDs
}

func answer(w http.ResponseWriter, n int, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(strconv.AppendInt(nil, int64(n), 10))
}

func (b bare) list(w http.ResponseWriter, r *http.Request) {
	page, err := b.store.Cards(r.Context(), portal.ListQuery{Sort: portal.Trending, Limit: portal.DefaultLimit})
	answer(w, len(page.Cards), err)
}

func (b bare) idea(w http.ResponseWriter, r *http.Request) {
	page, err := b.store.IdeaPage(r.Context(), portal.IdeaQuery{ID: r.PathValue("id"), Comments: portal.DefaultLimit})
	answer(w, len(page.Comments), err)
}

// member reads the session, as the portal does before every write.
func (b bare) member(r *http.Request) (portal.Member, error) {
	c, err := r.Cookie("gs_session")
	if err != nil {
		return portal.Member{}, err
	}
	_, m, err := b.store.Session(r.Context(), c.Value[:20], portal.HashToken(c.Value[21:]))
	return m, err
}

func (b bare) vote(w http.ResponseWriter, r *http.Request) {
	m, err := b.member(r)
	if err != nil {
		answer(w, 0, err)
		return
	}
	card, err := b.store.CardOf(r.Context(), r.PathValue("id"))
	if err == nil {
		_, err = b.store.PutVote(r.Context(), portal.Vote{IdeaID: card.ID, MemberID: m.ID, At: time.Now()})
	}
	answer(w, card.Votes, err)
}

func (b bare) comment(w http.ResponseWriter, r *http.Request) {
	m, err := b.member(r)
	if err != nil {
		answer(w, 0, err)
		return
	}
	now := time.Now()
	card, err := b.store.CardOf(r.Context(), r.PathValue("id"))
	if err == nil {
		_, err = b.store.CountUse(r.Context(), portal.Use{Name: "comments", Subject: m.ID, Quota: portal.Quota{N: 1e6, Per: time.Hour}, Cost: 1, At: now})
	}
	if err == nil {
		id, _ := b.ids.At(now)
		err = b.store.Moderate(r.Context(), portal.Deed{Comment: &portal.Comment{ID: id, IdeaID: card.ID, Body: "bare", Author: m.Author(), CreatedAt: now, Version: 1}})
	}
	answer(w, 1, err)
}
