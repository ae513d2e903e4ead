package browser

import (
	"fmt"
	"unicode"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// codes are the keys that are no letters: their virtual codes, and what they type.
var codes = map[string]struct {
	code int64
	text string
}{
	"Enter": {13, "\r"}, "Escape": {27, ""}, " ": {32, " "}, "Tab": {9, ""}, "ArrowLeft": {37, ""}, "ArrowRight": {39, ""}, "?": {191, "?"},
}

// key presses a key and lets it go. With ctrl, the control key is held meanwhile.
func (b *tab) key(name string, ctrl bool) {
	b.Helper()
	p := input.DispatchKeyEventParams{Type: "keyDown", Key: name, Text: name}
	if k, ok := codes[name]; ok {
		p.WindowsVirtualKeyCode, p.Text = k.code, k.text
	} else {
		p.WindowsVirtualKeyCode = int64(unicode.ToUpper([]rune(name)[0]))
	}
	if ctrl {
		p.Modifiers, p.Text = 2, ""
	}
	call(b, input.DispatchKeyEvent, p)
	p.Type, p.Text = "keyUp", ""
	call(b, input.DispatchKeyEvent, p)
}

// drag takes the first element that fits to the middle of another, as a hand does.
func (b *tab) drag(from, to string) {
	b.Helper()
	data := make(chan *input.DragData, 1)
	if err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*input.EventDragIntercepted); ok {
			select {
			case data <- e.Data:
			default:
			}
		}
	}); err != nil {
		b.Fatal(err)
	}
	call(b, input.SetInterceptDrags, input.SetInterceptDragsParams{Enabled: true})
	at := eval[spot](b, find(from))
	mouse := func(typ input.DispatchMouseEventType, x, y float64) {
		b.Helper()
		call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: typ, X: x, Y: y, Button: "left", Buttons: 1, ClickCount: 1})
	}
	mouse(chromedp.MousePressed, at.X, at.Y)
	mouse(chromedp.MouseMoved, at.X+5, at.Y+5)
	mouse(chromedp.MouseMoved, at.X+15, at.Y+15)
	d := <-data
	end := eval[spot](b, fmt.Sprintf(`(() => {
		const r = document.querySelector(%q).getBoundingClientRect();
		return { X: r.x + r.width / 2, Y: r.y + Math.min(r.height, innerHeight - r.y) / 2, Cover: "" };
	})()`, to))
	for _, typ := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
		call(b, input.DispatchDragEvent, input.DispatchDragEventParams{Type: typ, X: end.X, Y: end.Y, Data: d})
	}
	mouse(chromedp.MouseReleased, end.X, end.Y)
	call(b, input.SetInterceptDrags, input.SetInterceptDragsParams{Enabled: false})
}
