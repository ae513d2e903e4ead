// Package cache keeps what is dear to make and cheap to lose: rendered texts and
// pages. Start with [New].
//
// It is bounded by size, not by time: what it holds must follow from its key
// alone, so that nothing in it can be stale. It must not hold anything of one
// member.
package cache

import "sync"

// perEntry is what an entry costs besides its key and value: two map slots and
// their headers, roughly.
const perEntry = 128

// Cache is a bounded map, safe for concurrent use. It has two generations: new
// entries go into the young one; when that has filled half of the room, it becomes
// the old one and the former old one is dropped. An entry that is read from the
// old generation moves to the young one. That keeps what is used, takes constant
// time, and needs no list of uses.
type Cache[V any] struct {
	mu         sync.Mutex
	half       int // bytes in one generation
	young, old map[string]entry[V]
	bytes      int // in young
}

type entry[V any] struct {
	value V
	size  int
}

// New makes a cache of at most maxBytes bytes.
func New[V any](maxBytes int) *Cache[V] {
	return &Cache[V]{half: maxBytes / 2, young: map[string]entry[V]{}}
}

// Get is the value put under key, if it is still there.
func (c *Cache[V]) Get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.young[key]; ok {
		return e.value, true
	}
	e, ok := c.old[key]
	if ok {
		delete(c.old, key)
		c.put(key, e)
	}
	return e.value, ok
}

// Put keeps the value of the given size in bytes. What takes more than a quarter
// of a generation is not kept: it would drive out everything else.
func (c *Cache[V]) Put(key string, v V, size int) {
	e := entry[V]{value: v, size: size + len(key) + perEntry}
	if e.size > c.half/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(key, e)
}

func (c *Cache[V]) put(key string, e entry[V]) {
	if before, ok := c.young[key]; ok {
		c.bytes -= before.size
	}
	if c.bytes+e.size > c.half {
		c.old, c.young, c.bytes = c.young, map[string]entry[V]{}, 0
	}
	c.young[key] = e
	c.bytes += e.size
}
