package cache_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"groundswell/shared/cache"
)

func TestKeepsWhatIsUsed(t *testing.T) {
	t.Parallel()
	c := cache.New[string](64 << 10)
	c.Put("hot", "v", 1)
	for i := range 10_000 {
		c.Put(fmt.Sprint("cold ", i), "v", 100)
		if v, ok := c.Get("hot"); !ok || v != "v" {
			t.Fatalf("after %d other entries: %q, %v", i+1, v, ok)
		}
	}
	if _, ok := c.Get("cold 0"); ok {
		t.Error("the first cold entry is still there: the cache has no bound")
	}
	if _, ok := c.Get("cold 9999"); !ok {
		t.Error("the newest entry is gone")
	}
}

func TestReplaces(t *testing.T) {
	t.Parallel()
	c := cache.New[int](64 << 10)
	for i := range 100_000 {
		c.Put("k", i, 100)
	}
	c.Put("other", 1, 100)
	if v, ok := c.Get("k"); !ok || v != 99_999 {
		t.Errorf("got %d, %v; want the last value: replacing must not eat up room", v, ok)
	}
}

func TestRefusesWhatWouldFillIt(t *testing.T) {
	t.Parallel()
	c := cache.New[string](8 << 10)
	c.Put("small", "v", 1)
	c.Put("huge", strings.Repeat("x", 4<<10), 4<<10)
	if _, ok := c.Get("huge"); ok {
		t.Error("the huge entry was kept")
	}
	if _, ok := c.Get("small"); !ok {
		t.Error("the huge entry drove out the small one")
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := cache.New[int](16 << 10)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 2_000 {
				k := fmt.Sprint((i + g) % 200)
				if v, ok := c.Get(k); ok && fmt.Sprint(v) != k {
					t.Errorf("key %s holds %d", k, v)
				}
				c.Put(k, (i+g)%200, 50)
			}
		})
	}
	wg.Wait()
}
