// Package browser looks at the portal as its users do: a real Chromium walks through
// the whole of it, on a phone and at a desk, in English and Chinese, with JavaScript
// and without. It has tests only.
//
// Start with pages_test.go, which says what is looked at. Whatever page a test is on,
// tab.check (check_test.go) asks the same of it: axe-core finds nothing, in light and
// in dark; nothing sticks out of the window; nothing was logged, nothing failed to
// load, nothing came from another host. A tab acts with mouse and keyboard (tab_test.go):
// what is covered or out of reach can't be pressed.
//
// The portal is the local program's, on a file of its own; only its outbox, which no
// customer sees, is read past the browser. With GROUNDSWELL_SCREENSHOTS=DIR every page
// that is checked is drawn into that folder as well.
package browser
