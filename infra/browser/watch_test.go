package browser

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch hears what a tab asks for and complains about.
type watch struct {
	home string // the portal's address

	mu       sync.Mutex
	wrong    []string
	status   int64 // of the last page
	requests []string
	byID     map[network.RequestID]int // bytes on the wire, headers included
}

func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, "data:") {
			return
		}
		w.requests = append(w.requests, e.Request.URL)
		if !strings.HasPrefix(e.Request.URL, w.home+"/") {
			w.wrong = append(w.wrong, "request to another host: "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		switch {
		case e.Type == network.ResourceTypeDocument:
			w.status = e.Response.Status
		case e.Response.Status >= 400 && e.Response.Status != 401: // 401 is how a script learns that nobody is signed in
			w.wrong = append(w.wrong, fmt.Sprintf("%s: %d", e.Response.URL, e.Response.Status))
		}
	case *network.EventLoadingFinished:
		w.byID[e.RequestID] = int(e.EncodedDataLength)
	case *network.EventLoadingFailed:
		if !e.Canceled { // by going to another page
			w.wrong = append(w.wrong, fmt.Sprintf("a %s did not load: %s %s", e.Type, e.ErrorText, e.BlockedReason))
		}
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork { // answers are seen above
			w.wrong = append(w.wrong, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		w.wrong = append(w.wrong, text)
	case *runtime.EventConsoleAPICalled:
		for _, a := range e.Args {
			w.wrong = append(w.wrong, fmt.Sprintf("console.%s: %s%s", e.Type, a.Description, a.Value))
		}
	}
}

// complaints are those since the last time.
func (w *watch) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.wrong
	w.wrong = nil
	return out
}

// answered is the status of the last page.
func (w *watch) answered() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

// cost is what has been asked for, and the bytes that came.
func (w *watch) cost() (requests []string, bytes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.byID {
		bytes += n
	}
	return w.requests, bytes
}
