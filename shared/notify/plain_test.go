package notify

import "testing"

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"short", "a b", "a b"},
		{"words", "one two three four", "one two\nthree four"},
		{"exactly", "one two 34 five", "one two 34\nfive"},
		{"a word too long stays whole", "see https://example.com/x now", "see\nhttps://example.com/x\nnow"},
		{"lines stay", "one\n\ntwo  \nthree", "one\n\ntwo\nthree"},
		{"Chinese", "一二三四五六七", "一二三四五\n六七"},
		{"no sign at the beginning of a line", "一二三四五，六", "一二三四\n五，六"},
		{"no bracket at the end of a line", "一二三四（五六）", "一二三四\n（五六）"},
		{"both scripts", "一二 tea 三四五", "一二 tea\n三四五"},
		{"list", "- one two three", "- one two\n  three"},
		{"quote", "> one two three", "> one two\n> three"},
		{"list in a list", "  * one two three", "  * one\n    two\n    three"},
		{"code", "    one two three", "    one two three"},
		{"accents take no room", "ne\u0301e\u0301 ne\u0301e\u0301 e\u0301e\u0301", "ne\u0301e\u0301 ne\u0301e\u0301\ne\u0301e\u0301"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			limit := 10
			if tc.name == "accents take no room" {
				limit = 7
			}
			if got := wrap(tc.in, limit); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

func TestHeadingsAndDots(t *testing.T) {
	t.Parallel()
	if got, want := underlined("Tea 茶", "-"), "Tea 茶\n------"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, tc := range [][2]string{{"Launched", "3 October 2025"}, {"已上线", "2025年10月3日"}} {
		if got := dots(tc[0], tc[1]); wide(got) != menu {
			t.Errorf("%d columns, want %d: %s", wide(got), menu, got)
		}
	}
	if got, want := dots("A name that is far longer than any status is", "today"), "A name that is far longer than any status is ... today"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	if got, want := tidy("\n\na \n\n\n\nb\n-- \nc\n\n"), "a\n\nb\n-- \nc\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := tidy(""); got != "\n" {
		t.Errorf("nothing becomes %q", got)
	}
}
