package web

import (
	"bytes"
	"html/template"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"groundswell/frontend"
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// TestTemplates renders every page with its struct, full and almost empty, in
// every language: a field that a template misspells fails here, not at a visitor's.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages := samplePages()
	for _, name := range templateNames(t) {
		if pages[name] == nil {
			t.Errorf("templates/%s.html has no sample in this test", name)
		}
	}
	ids, err := i18n.IDs(i18n.Default)
	if err != nil {
		t.Fatal(err)
	}
	for name, samples := range pages {
		for _, locale := range i18n.Locales() {
			t.Run(name+" "+locale, func(t *testing.T) {
				t.Parallel()
				for _, data := range samples(locale) {
					var b bytes.Buffer
					if err := execute(&b, name, data); err != nil {
						t.Fatal(err)
					}
					checkPage(t, b.Bytes(), locale, ids)
				}
			})
		}
	}
}

func templateNames(t *testing.T) []string {
	files, err := fs.Glob(frontend.Files, "templates/*.html")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d templates (%v)", len(files), err)
	}
	var names []string
	for _, f := range files {
		if n := strings.TrimSuffix(strings.TrimPrefix(f, "templates/"), ".html"); n != "layout" && n != "archive" { // TestArchive has that one: it has no frame
			names = append(names, n)
		}
	}
	return names
}

var (
	asset    = regexp.MustCompile(`/static/[^"]+`)
	inlineJS = regexp.MustCompile(`(?i)\s(style|on\w+)=`)
)

// checkPage holds what is true of every page.
func checkPage(t *testing.T, page []byte, locale string, ids []string) {
	t.Helper()
	s := string(page)
	for _, bad := range []string{"<no value>", "ZgotmplZ", "%!", "<script>", "<style", "map["} {
		if strings.Contains(s, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if m := inlineJS.FindString(s); m != "" {
		t.Errorf("the page has an inline style or script: %q", m)
	}
	for _, id := range ids {
		if strings.Contains(s, ">"+id+"<") || strings.Contains(s, `"`+id+`"`) {
			t.Errorf("the page shows the id of a message: %s", id)
		}
	}
	for _, a := range asset.FindAllString(s, -1) {
		if loaded := strings.TrimPrefix(a, "/static/"); strings.Count(loaded, ".") != 2 {
			t.Errorf("asset %s has no hash: is there such a file?", a)
		}
	}
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	seen, labels, controls, h1 := map[string]bool{}, map[string]bool{}, map[string]string{}, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		at := attrs(n)
		if id := at["id"]; id != "" {
			if seen[id] {
				t.Errorf("the id %q is there twice", id)
			}
			seen[id] = true
		}
		switch n.Data {
		case "html":
			if at["lang"] != locale {
				t.Errorf("lang=%q", at["lang"])
			}
		case "h1":
			h1++
		case "label":
			labels[at["for"]] = true
		case "input", "select", "textarea":
			if at["type"] != "hidden" {
				controls[at["id"]] = at["name"]
			}
		case "form":
			if at["method"] == "" || at["action"] == "" {
				t.Errorf("a form without method or action: %v", at)
			}
		}
	}
	if h1 != 1 {
		t.Errorf("the page has %d h1", h1)
	}
	for id, name := range controls {
		if !labels[id] {
			t.Errorf("the control %q (id %q) has no label", name, id)
		}
	}
	for n := range doc.Descendants() {
		at := attrs(n)
		for _, ref := range []string{"aria-describedby", "aria-labelledby", "for"} {
			for id := range strings.FieldsSeq(at[ref]) {
				if !seen[id] {
					t.Errorf("%s=%q leads nowhere", ref, id)
				}
			}
		}
		if id, ok := strings.CutPrefix(at["href"], "#"); ok && !seen[id] {
			t.Errorf("href=#%s leads nowhere", id)
		}
	}
}

func attrs(n *html.Node) map[string]string {
	m := map[string]string{}
	for _, a := range n.Attr {
		m[a.Key] = a.Val
	}
	return m
}

func samplePages() map[string]func(locale string) []framed {
	at := whenOf(i18n.For("en"), time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC))
	ada, noor := portal.Author{ID: "0123456789abcdefghjk", Name: "Ada <b>"}, portal.Author{ID: "1123456789abcdefghjk", Name: "Noor", Team: true}
	frame := func(locale string, member bool) base {
		b := base{Site: "Groundswell", Lang: locale, Section: "ideas", Here: "/?sort=top", SignIn: "/sign-in?next=%2F%3Fsort%3Dtop"}
		if member {
			b.Me, b.Notice, b.Title, b.Canonical, b.Description = &ada, "Done & dusted.", "Title", "https://example.com/", "Words"
			b.Languages = []languageChoice{{"en", "English", true}, {"zh", "中文", false}}
		}
		return b
	}
	card := cardView{ID: "1", URL: "/ideas/1/a", Title: "Tea & <milk>", Excerpt: "Words", Category: "Tea", CategoryURL: "/?category=tea&x=y", Status: portal.Planned, Author: ada,
		Created: at, Comments: "1 comment", Vote: voteView{ID: "1", Title: "Tea & <milk>", Votes: 35_094, Count: "35,094", Voted: true, Back: "/#i-1"}}
	merged := card
	merged.ID, merged.Vote.Closed, merged.Vote.Count, merged.Excerpt, merged.Status = "2", true, "-71", "", ""
	row := rowView{URL: "/ideas/1/a", Title: "Tea", Status: portal.Launched, Votes: "1 vote", Author: noor}
	groups := []optionGroup{{"Product", []option{{"tea", "Tea", true}, {"coffee", "Coffee", false}}}}
	wrong := func(field string) fieldProblem {
		return fieldProblem{Field: field, Label: "Label", Text: "Must not be <empty>."}
	}
	pages := pager{First: "/", Next: "/?cursor=x"}
	steps := []stepView{{To: portal.New, Name: "Submitted", At: at, By: ada}, {To: portal.Launched, Name: "Launched", At: at, By: noor, Note: "<p>Note</p>", Link: "https://example.com/", Idea: "2", Current: true}}
	reply := &commentForm{ID: "reply-1", Field: "reply-body-1", Action: "/ideas/1/comments", Parent: "1", Body: "typed", Open: true, Problem: wrong("reply-body-1")}
	comment := commentView{Anchor: "c-1", URL: "/ideas/1/a?comment=1#c-1", Author: ada, Created: at, Edited: true, Body: "<p>Hi</p>", MayEdit: true, EditURL: "/e", DeleteURL: "/d", Reply: reply}
	gone := commentView{Anchor: "c-2", Deleted: true, Orphan: true}
	linked := threadView{Comment: commentView{Anchor: "c-3", Author: noor, Created: at}}
	compose := commentForm{ID: "comment", Field: "comment-body", Action: "/ideas/1/comments"}
	team := &teamForms{Version: 3, StatusURL: "/s", MergeURL: "/m", Statuses: []option{{"planned", "Coming soon", true}}, Note: "n", Link: "l", Silent: true,
		StatusProblem: wrong("new-status"), NoteProblem: wrong("note"), LinkProblem: wrong("link")}
	two := func(full func(base) framed, others ...func(base) framed) func(string) []framed {
		return func(locale string) []framed {
			out := []framed{full(frame(locale, true))}
			for _, other := range others {
				out = append(out, other(frame(locale, false)))
			}
			return out
		}
	}
	said := func() *moderationView {
		return &moderationView{Heading: "Held", Text: "Wait.", Reasons: []string{"Spam", "Links"}, Note: "<b>No</b>",
			Appeal: &appealForm{Action: "/ideas/1/appeal", Comment: "1", ID: "words-1", Words: "x", Open: true, Problem: wrong("words-1")}}
	}
	entries := []entryView{{ID: "1", What: "Hidden", At: at, By: noor, ByURL: "/team/log?by=1", Whose: ada, WhoseURL: "/team/members/1", Thing: "Idea", ThingURL: "/ideas/1",
		Reasons: []string{"Spam"}, Change: "a → b", Note: "n", Digest: "0a"}, {ID: "2", What: "Held", At: at}}
	return map[string]func(string) []framed{
		"report": two(func(b base) framed {
			return reportPage{base: b, Action: "/ideas/1/report", Cancel: "/ideas/1", About: "Tea", Reasons: []option{{"spam", "Spam", true}}, Words: "x",
				Problems: problems{wrong("reason")}, ReasonProblem: wrong("reason"), WordsProblem: wrong("words")}
		}, func(b base) framed { return reportPage{base: b, Action: "/ideas/1/report", Cancel: "/ideas/1"} }),
		"team_queue": two(func(b base) framed {
			return &queueView{base: b, Tab: "queue", Queues: []queueTab{{"/team/queue?queue=held", "Held", "3+", true}}, Order: sortLink{URL: "/", Text: "Newest"}, Pager: pages,
				Rows: []queueRow{{"Tea", "Idea", "Links", at, "/team/queue?case=1#panel", true}}, Chosen: true,
				Panel: &caseView{ID: "1", Version: 2, What: "Comment", Title: "Tea", URL: "/ideas/1", On: "Milk", Author: ada, AuthorURL: "/team/members/1", Standing: []string{"Blocked"},
					Written: at, Body: "<p>x</p>", State: said(), Held: []string{"Links"}, Evidence: []string{"Links: 7"}, Counts: []string{"Spam: 2"}, Reports: []reportView{{"Spam", "w", []string{"Too fast"}, at}},
					Answer: "No.", AnswerAt: at, Waits: true, Action: "/team/queue", Back: "/team/queue?queue=held", Next: "2", Reasons: []option{{"spam", "Spam", true}}, Note: "n",
					Problems: problems{wrong("reason")}, ReasonProblem: wrong("reason"), NoteProblem: wrong("note")}}
		}, func(b base) framed {
			return &queueView{base: b, Tab: "queue", Panel: &caseView{Gone: true, Waits: true, Action: "/team/queue"}}
		}, func(b base) framed {
			return &queueView{base: b, Tab: "queue", Votes: &voteCaseView{ID: "1", Version: 2, Title: "Tea", URL: "/ideas/1", Open: true, Since: at, Why: []string{"One network"}, Facts: []string{"9 votes"}, With: []linkView{{"/ideas/2", "Milk"}},
				Members: []suspectView{{"Ada", "/team/members/1", at, []string{"network 1"}, []string{"Throw-away"}}, {Name: "former member", At: at}}, More: true, Action: "/team/queue", Back: "/team/queue?queue=votes", Next: "2",
				Note: "n", Problems: problems{wrong("note")}, NoteProblem: wrong("note")}}
		}, func(b base) framed {
			return &queueView{base: b, Tab: "queue", Votes: &voteCaseView{ID: "1", Outcome: "Left out", By: ada, At: at, Action: "/team/queue"}}
		}),
		"team_log": two(func(b base) framed {
			return logView{base: b, Tab: "log", Acts: []option{{"hide", "Hidden", true}}, By: "Noor", Whose: "Ada", Entries: entries, Pager: pages}
		}, func(b base) framed { return logView{base: b, Tab: "log"} }),
		"team_member": two(func(b base) framed {
			return &teamMemberView{base: b, Member: noor, PublicURL: "/members/1", Since: at, Standing: []string{"Blocked"}, BlockedFor: "Links", Acts: []sanctionView{{"block", "Block", "Reads", true}},
				Action: "/team/members/1", Reasons: []option{{"spam", "Spam", true}}, Note: "n", Problems: problems{wrong("reason")}, ReasonProblem: wrong("reason"), NoteProblem: wrong("note"),
				Entries: entries, Pager: pages}
		}, func(b base) framed { return &teamMemberView{base: b, Member: ada} }),
		"home": two(func(b base) framed {
			return homePage{base: b, Query: homeQuery{Sort: portal.Top, Category: "tea", Words: "x"}, Heading: "Tea", Sorts: []sortLink{{URL: "/", Text: "Trending", Current: true}, {URL: "/?sort=top", Text: "Top"}},
				Place: "Tea", Categories: "<p>Links</p>", Statuses: []option{{"new", "New", true}}, Filtered: true, Cards: sampleCards(b.Lang, card, merged), Pager: pages}
		}, func(b base) framed { return homePage{base: b, Query: homeQuery{Sort: portal.Trending}} }),
		"idea": two(func(b base) framed {
			return ideaView{base: b, Card: card, Status: portal.Planned, Body: "<p>Text</p>", MergedFrom: []rowView{row}, Answer: must(stepsAs(b.Lang, "answer", steps[1:])), Similar: "/?q=Tea", Steps: castSteps(b.Lang, steps), Discussion: "3 comments",
				Threads: castThreads(b.Lang, threadView{comment, []commentView{gone}}), Linked: castThreads(b.Lang, linked), Earlier: "/", Pager: pages, Compose: compose, EditURL: "/edit/1", Team: team,
				Problems: problems{wrong("note"), {Text: "Somebody was faster."}}}
		}, func(b base) framed {
			return ideaView{base: b, Card: merged, Status: portal.New, MergedInto: &row, Team: &teamForms{Merged: true, MergeURL: "/m"}, Steps: castSteps(b.Lang, steps[:1])}
		}),
		"submit": two(func(b base) framed {
			return draftPage{base: b, Lead: "Lead", Button: "Go", Action: "/submit", Cancel: "/", Key: "k", Version: 1, Draft: portal.IdeaDraft{Title: `"`, Body: "</textarea>"},
				Groups: groups, SignInAgain: true, Hints: []categoryHint{{"tea", "Tea", "Hot & <iced>"}}, Previewed: true, Preview: "<p>Hi</p>", Similar: []similarView{{"1", "/ideas/1/a", "Tea & <milk>", "1 vote"}}, Problems: problems{wrong("title"), wrong("body"), wrong("category")}, TitleProblem: wrong("title"), BodyProblem: wrong("body"), CategoryProblem: wrong("category")}
		}, func(b base) framed {
			return draftPage{base: b, Button: "Go", Action: "/submit", Previewed: true}
		}),
		"team_submit": two(func(b base) framed {
			d := draftPage{base: b, Behalf: true, Lead: "Lead", Button: "Go", Action: "/team/submit", Cancel: "/", Key: "k", Draft: portal.IdeaDraft{Title: `"`, Body: "</textarea>"},
				Groups: groups, SignInAgain: true, Previewed: true, Preview: "<p>Hi</p>", Similar: []similarView{{"1", "/ideas/1/a", "Tea & <milk>", "1 vote"}}, Problems: problems{wrong("email"), wrong("title")}, TitleProblem: wrong("title")}
			return behalfPage{draftPage: d, Tab: "list", For: portal.BehalfDraft{Email: "a@example.com", Name: "<b>", Words: "</textarea>", Agreed: true}, Channels: []option{{"shop", "In a shop", true}},
				Locales: []option{{"en", "English", true}}, EmailProblem: wrong("email"), NameProblem: wrong("name"), LocaleProblem: wrong("locale"), ChannelProblem: wrong("channel"), WordsProblem: wrong("words"), AgreedProblem: wrong("agreed")}
		}, func(b base) framed {
			return behalfPage{draftPage: draftPage{base: b, Behalf: true, Button: "Go", Action: "/team/submit", Cancel: "/"}}
		}),
		"withdraw": func(locale string) (all []framed) {
			p := withdrawPage{base: frame(locale, false), Action: "/withdraw?t=x", How: "You told us.", Idea: "Tea & <milk>", IdeaURL: "/ideas/1", Body: "<p>Hot</p>"}
			off, waits, gone := p, p, p
			off.Withdrawn, off.IdeaURL = true, ""
			waits.Withdrawn, waits.Waits, waits.Body = true, true, ""
			gone.Gone = true
			return []framed{p, off, waits, gone}
		},
		"comment": two(func(b base) framed {
			return commentPage{base: b, Action: "/a", Cancel: "/", Body: "x", Problem: wrong("body")}
		},
			func(b base) framed { return commentPage{base: b, Action: "/a", Cancel: "/"} }),
		"sign_in": two(func(b base) framed {
			return signInView{base: b, Email: "a@example.com", Next: "/", Errand: errand{Do: "vote", Idea: "1", Title: "Tea", Text: "Then"}, Back: "/sign-in", Problem: wrong("email")}
		}, func(b base) framed { return signInView{base: b, Next: "/"} }),
		"code": two(func(b base) framed {
			return signInView{base: b, Email: "a@example.com", Next: "/", Errand: errand{Do: "vote", Idea: "1", Title: "Tea", Text: "Then"}, Back: "/sign-in", Wait: 43, Problem: wrong("code")}
		}, func(b base) framed { return signInView{base: b, Next: "/", Back: "/sign-in"} }),
		"in_action": two(func(b base) framed {
			return inActionPage{base: b, Groups: groups, Years: []option{{"2026", "2026", true}}, Filtered: true, Totals: []figureView{{"1", "idea launched"}}, Partial: true,
				Stories: []storyView{{Card: card, Also: []portal.Author{noor}, Days: 1, Launched: at, Note: "<p>Note</p>", Link: "https://example.com/", Steps: steps}, {Card: merged, Steps: steps}}, Pager: pages,
				Next: []laneView{{Status: portal.InProgress, Cards: []cardView{card}}, {Status: portal.Planned}}}
		}, func(b base) framed { return inActionPage{base: b} }),
		"roadmap": two(func(b base) framed {
			return roadmapPage{base: b, Lanes: []laneView{{portal.Planned, []cardView{card}, "1+", "/?status=planned"}, {Status: portal.Launched}}}
		}, func(b base) framed { return roadmapPage{base: b} }),
		"team":       func(locale string) []framed { return inboxSamples(frame(locale, true), card, team, steps) },
		"team_merge": func(locale string) []framed { return mergeSamples(frame(locale, true), card, row, wrong("into")) },
		"team_told":  two(toldPageSample, func(b base) framed { return toldPageView{base: b, Idea: "Tea", Back: "/team/ideas/1"} }),
		"team_board": func(locale string) []framed { return boardSamples(frame(locale, true)) },
		"team_list":  func(locale string) []framed { return teamListSamples(frame(locale, true), card) },
		"team_bulk":  func(locale string) []framed { return bulkSamples(frame(locale, true)) },
		"team_tags":  func(locale string) []framed { return tagsSamples(frame(locale, true)) },
		"team_export": two(func(b base) framed {
			return takeoutView{base: b, Tab: "export", Kind: "Votes", Hint: "Each", Count: "200", CSV: "/a.csv", Excel: "/a.csv?excel=1", JSONL: "/a.jsonl", Addresses: true,
				First: "/team/export?kind=votes", Next: "/team/export?cursor=x&kind=votes"}
		}, func(b base) framed {
			return takeoutView{base: b, Kinds: []takeoutKind{{"/team/export?kind=votes", "Votes", "Each"}}}
		}),
		"team_import": func(locale string) []framed { return importSamples(frame(locale, true), wrong) },
		"team_charts": two(func(b base) framed {
			now := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
			c := portal.Charts{Now: now, Census: portal.Census{Reached: [5]int{900, 3, 2, 1, 1}, BaseVotes: 35_094}}
			c.Born.Add(now, 1000, now)
			c.Whole.Add(40, 1)
			c.Took[0].Add(1, 1)
			return chartsViewOf(i18n.For(b.Lang), b, c)
		}, func(b base) framed { return chartsViewOf(i18n.For(b.Lang), b, portal.Charts{Now: time.Unix(1, 0)}) }),
		"me": func(locale string) []framed {
			full := mePage{base: frame(locale, true), Email: "a@example.com", Name: "Ada", Locales: []option{{"en", "English", true}}, Mail: mailViewOf(portal.DefaultMail()), Problems: problems{wrong("name")},
				NameProblem: wrong("name"), Ideas: []ownView{{rowView: row}, {row, &row, "Not public"}}, Votes: []ownView{{row, &row, "Not public"}}, IdeasPager: pages, VotesPager: pages,
				Comments: []ownComment{{"/ideas/1/a?comment=1#c-1", "Tea", "Words", at, ""}, {"/ideas/1/a", "Tea", "", at, "Not public"}}, CommentsPager: pages, Follows: []ownView{{rowView: row}}, Mutes: []ownView{{rowView: row}}, FollowsPager: pages, MutesPager: pages, Blocked: true, BlockedFor: "<Links>", Confirm: "x", ConfirmProblem: wrong("confirm"),
				Trouble: troubleOf(i18n.For(locale), portal.BarredBounce, time.Now()), Sessions: []sessionView{{"1", "Firefox, Linux", at, true}, {"2", "Safari, iPhone", at, false}}}
			return []framed{full, mePage{base: frame(locale, true)}}
		},
		"offline": two(func(b base) framed { return offlinePage{b} }, func(b base) framed { return offlinePage{b} }),
		"unsubscribe": func(locale string) (all []framed) {
			for _, scope := range []portal.Scope{"1kqsdr2g0hf5ztjgh", portal.ScopeOwn, portal.ScopeVoted, portal.ScopeDigest, portal.ScopeAll} {
				p := unsubscribePage{base: frame(locale, false), Action: "/unsubscribe?t=x", Choose: "/mail-preferences?t=y", Scope: scope, CanAll: true, Undo: mailViewOf(portal.MailPrefs{Own: true, Followed: portal.AllChanges, Voted: true, Digest: true})}
				all = append(all, p)
				p.Off, p.Idea = true, &row
				all = append(all, p)
				p.All = true
				all = append(all, p)
			}
			return all
		},
		"preferences": two(func(b base) framed {
			return preferencesPage{base: b, Action: "/mail-preferences?t=x", Mail: mailViewOf(portal.DefaultMail()), Saved: true}
		}, func(b base) framed {
			return preferencesPage{base: b, Action: "/a", Mail: mailViewOf(portal.NoMail()), Saved: true, Nothing: true}
		}),
		"goodbye": two(func(b base) framed { return goodbyePage{b} }, func(b base) framed { return goodbyePage{b} }),
		"member": two(func(b base) framed {
			return memberView{base: b, Member: noor, Since: at, Launched: []ownView{{rowView: row}}, Ideas: []ownView{{row, &row, ""}}, Pager: pages}
		}, func(b base) framed { return memberView{base: b, Member: ada} }),
		"error": two(func(b base) framed {
			return errorView{base: b, Status: 500, Heading: "Oh", Text: "Text", Reasons: []string{"Reason"}, Target: "/ideas/1", Back: "/x", Wait: "In a minute.", Search: true, RequestID: "id", Typed: []typedText{{"words", "Words", "w"}}, SignedOut: true}
		}, func(b base) framed { return errorView{base: b, Status: 404, Heading: "Oh", Text: "Text"} }),
	}
}

func sampleCards(locale string, cards ...cardView) template.HTML {
	return must(castAll("home", locale, "card", cards))
}

func castSteps(locale string, steps []stepView) template.HTML { return must(stepsHTML(locale, steps)) }

func castThreads(locale string, ts ...threadView) template.HTML {
	return must(threadsHTML(locale, ts))
}

func must(h template.HTML, err error) template.HTML {
	if err != nil {
		panic(err)
	}
	return h
}

func TestLocal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/": "/", "/ideas/1/a?b=c#d": "/ideas/1/a?b=c#d", "/?q=a%20b": "/?q=a%20b", "/%5Cevil.example": "/%5Cevil.example",
		"": "/", "ideas": "/", "//evil.example": "/", "/\\evil.example": "/", "\\/evil.example": "/", "https://evil.example/": "/", "/\t/evil.example": "/",
		"/\n/evil.example": "/", "javascript:alert(1)": "/", " /x": "/", "/a b": "/", "/" + strings.Repeat("a", 3000): "/",
	} {
		if got := local(in); got != want {
			t.Errorf("local(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"/me": "/me?done=x", "/a?b=c": "/a?b=c&done=x", "/a?b=c#d": "/a?b=c&done=x#d", "/a#d": "/a?done=x#d"} {
		if got := done(in, "x"); got != want {
			t.Errorf("done(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCodeDigits(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"123456": "123456", " 123 456\n": "123456", "123-456": "123456", "\u00a0123\u2009456": "123456", "１２３４５６": "123456",
		"Your code: 123456.": "123456", "": "", "abc": "abc"} {
		if got := codeDigits(in); got != want {
			t.Errorf("codeDigits(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAgentName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                  "Firefox, Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":                   "Edge, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":                                "Chrome, Android",
		"curl/8.0": "curl/8.0",
		"":         "",
	} {
		if got := agentName(in); got != want {
			t.Errorf("agentName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestThreads(t *testing.T) {
	t.Parallel()
	idea := portal.Idea{ID: "1", Title: "T"}
	got := threads(i18n.For("en"), portal.Actor{}, idea, []portal.Comment{{ID: "a"}, {ID: "b", Parent: "a"}, {ID: "c"}, {ID: "d", Parent: "a"}, {ID: "e", Parent: "earlier"}, {ID: "f", Parent: "c", Deleted: true}})
	var shape []string
	for _, th := range got {
		s := th.Comment.Anchor
		for _, r := range th.Replies {
			s += " " + r.Anchor
		}
		if th.Comment.Orphan {
			s += " orphan"
		}
		shape = append(shape, s)
	}
	if want := []string{"c-a c-b c-d", "c-c c-f", "c-e orphan"}; !slices.Equal(shape, want) {
		t.Errorf("threads are %q, want %q", shape, want)
	}
}

func TestFormErrors(t *testing.T) {
	t.Parallel()
	p := i18n.For("zh")
	err := &portal.Error{Kind: portal.Invalid, Fields: []portal.FieldError{{Name: "status", Code: "unknown", Msg: "x"}, {Name: "title", Code: "too_short", Limit: 3, Msg: "x"}, {Name: "odd", Code: "no_such_code", Msg: "In English."}}}
	got, rest := formErrors(p, err, teamFields)
	want := problems{{"new-status", "状态", "请从给出的选项中选择。"}, {"title", "标题", "至少需要 3 个字。"}, {"odd", "odd", "In English."}}
	if rest != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, rest)
	}
	other := &portal.Error{Kind: portal.Conflict}
	if got, rest := formErrors(p, other, nil); got != nil || rest != other {
		t.Errorf("a conflict: got %v, %v", got, rest)
	}
}

// Every page has to be in the struct table under its template's name; this keeps
// the table from growing stale the other way round.
func TestNoSampleWithoutTemplate(t *testing.T) {
	t.Parallel()
	names := templateNames(t)
	for name := range maps.Keys(samplePages()) {
		if !slices.Contains(names, name) {
			t.Errorf("there is a sample of %s, but no such template", name)
		}
	}
}
