package browser

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// offline goes from one page to the next, loses the network, and reads why; once it
// is back, the same link leads to the page.
func offline(t *testing.T, c *chrome, s *site, l look) {
	server := httptest.NewUnstartedServer(s.one.Handler())
	server.Start()
	at := server.Listener.Addr().String()
	b := c.visit(t, &site{url: server.URL}, l)
	b.open("/")
	if eval[bool](b, `navigator.serviceWorker.controller !== null`) {
		t.Error("a first visit loads the service worker")
	}
	b.follow(`nav a[href="/roadmap"]`)
	b.wait(`navigator.serviceWorker.controller !== null`)
	b.follow(`nav a[href="/in-action"]`) // through the worker, which learns the language
	b.wait(complete)
	server.CloseClientConnections()
	server.Close()

	call(b, page.Navigate, page.NavigateParams{URL: server.URL + "/?sort=top"})
	b.wait(`document.querySelector("h1")?.textContent === "` + map[string]string{"en": "You are offline", "zh": "网络断开了"}[l.lang] + `"`)
	if got, want := eval[string](b, `location.pathname + location.search`), "/?sort=top"; got != want {
		t.Errorf("the page is at %s, want %s: a reload should lead there", got, want)
	}
	b.complaints() // of the browser, about the network
	b.check("offline")
	b.wait(`(globalThis.looking ??= (async () => {
		globalThis.kept = [];
		for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) kept.push(new URL(r.url).pathname);
		globalThis.looked = true;
	})(), globalThis.looked === true)`)
	kept := eval[[]string](b, `kept`)
	for _, path := range kept {
		if !eval[bool](b, `/^\/(offline|static|brand)\//.test("`+path+`")`) {
			t.Errorf("%s is kept on the machine", path)
		}
	}
	if len(kept) < 5 {
		t.Errorf("kept are only %v", kept)
	}
	again := httptest.NewUnstartedServer(s.one.Handler())
	if err := again.Listener.Close(); err != nil {
		t.Fatal(err)
	}
	again.Listener = listen(t, at)
	again.Start()
	t.Cleanup(again.Close)
	b.follow("main .button")
	b.shows("article.card", "")
}
