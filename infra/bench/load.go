package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// result is one measurement.
type result struct {
	perSecond float64
	p50, p99  time.Duration
}

// load keeps conns connections busy for the given time. request gives the n-th
// request of a connection as bytes; any status but 2xx is an error.
func load(addr string, conns int, length time.Duration, request func(conn, n int) []byte) (result, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var wg sync.WaitGroup
	end := time.Now().Add(length)
	start := time.Now()
	for c := range conns {
		wg.Go(func() {
			took, err := one(addr, end, func(n int) []byte { return request(c, n) })
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil {
				failed = err
			}
		})
	}
	wg.Wait()
	spent := time.Since(start)
	if failed != nil {
		return result{}, failed
	}
	slices.Sort(all)
	at := func(p float64) time.Duration { return all[int(float64(len(all)-1)*p)] }
	return result{float64(len(all)) / spent.Seconds(), at(.5), at(.99)}, nil
}

// one sends requests on one connection, one after the other. It speaks just enough
// HTTP/1.1 to leave the processor to the server.
func one(addr string, end time.Time, request func(n int) []byte) (took []time.Duration, err error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 64<<10)
	for n := 0; ; n++ {
		start := time.Now()
		if start.After(end) && n > 0 {
			return took, nil
		}
		if _, err := conn.Write(request(n)); err != nil {
			return nil, err
		}
		if err := response(r); err != nil {
			return nil, err
		}
		took = append(took, time.Since(start))
	}
}

func response(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 || line[9] != '2' {
		return fmt.Errorf("answer %q", bytes.TrimSpace(line))
	}
	length, chunked := 0, false
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	if !chunked {
		_, err := r.Discard(length)
		return err
	}
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, r, n+2); err != nil || n == 0 {
			return err
		}
	}
}
