package notify

import (
	"fmt"
	"strings"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
)

// Sample is a mail with made-up content, for whoever looks after words and looks.
type Sample struct {
	Kind, Case, Locale string // "launched", "one vote", "en"
	Mail               mail.Message
}

// Samples are all mails in these languages, the awkward cases too. Nobody gets them.
func Samples(t *Texts, locales []string) (all []Sample, err error) {
	for _, l := range locales {
		add := func(kind, name string, m mail.Message, failed error) {
			if failed != nil {
				err = fmt.Errorf("sample %s %q, %s: %w", kind, name, l, failed)
				return
			}
			m.ID, m.From, m.To = kind+"/"+name+"/"+l, mail.Named(t.Portal, "ideas@example.com"), "somebody@example.org"
			all = append(all, Sample{Kind: kind, Case: name, Locale: l, Mail: m})
		}
		for _, c := range signInSamples {
			m, failed := t.signIn(l, c.data)
			add(kindSignIn, c.name, m, failed)
		}
		m, failed := t.test(l)
		add(kindTest, "usual", m, failed)
		for _, c := range digestSamples(t.BaseURL, t.Words(l).Locale()) {
			m, failed := t.Digest(l, c.data)
			add(kindDigest, c.name, m, failed)
		}
		for _, c := range launchedSamples(t.BaseURL, t.Words(l).Locale()) {
			m, failed := t.Launched(l, c.data)
			add(kindLaunched, c.name, m, failed)
		}
		for _, c := range decidedSamples(t.BaseURL, t.Words(l).Locale()) {
			m, failed := t.Decided(l, c.data)
			add(kindDecided, c.name, m, failed)
		}
		for _, c := range enteredSamples(t.BaseURL, t.Words(l).Locale()) {
			m, failed := t.Entered(l, c.data)
			add(kindEntered, c.name, m, failed)
		}
		for _, c := range followedSamples(t.BaseURL, t.Words(l).Locale()) {
			m, failed := t.Followed(l, c.data)
			add(c.kind, c.name, m, failed)
		}
		for _, c := range mergedSamples(t.BaseURL, t.Words(l).Locale()) {
			m, failed := t.Merged(l, c.data)
			add(kindMerged, c.name, m, failed)
		}
	}
	return all, err
}

var signInSamples = []struct {
	name string
	data signInData
}{
	{"usual", signInData{Code: "402913", Minutes: 10}},
	{"nearly too late", signInData{Code: "000007", Minutes: 1}},
}

type launchedSample struct {
	name string
	data Launched
}

// launchedSamples begin with an idea as it should be; the others are what people
// really type, and what really happens.
func launchedSamples(baseURL, locale string) []launchedSample {
	s := wordsOf(locale)
	usual := Launched{Links: sampleLinks(baseURL), Title: s.title, URL: baseURL + "/ideas/06EXAMPLE0000000000000000/mugs", Name: s.name, Own: true, Votes: 1203, Days: 214,
		Path: way(214, portal.New, portal.UnderReview, portal.Planned, portal.InProgress, portal.Launched), Note: s.note}
	with := func(name string, change func(*Launched)) launchedSample {
		l := usual
		change(&l)
		return launchedSample{name, l}
	}
	return []launchedSample{
		{"own idea", usual},
		with("merged into another", func(l *Launched) { l.Own = false }),
		with("no note, 1 vote, the next day", func(l *Launched) {
			l.Note, l.Votes, l.Days, l.Path = "", 1, 1, way(1, portal.New, portal.Launched)
		}),
		with("35,094 votes, a link", func(l *Launched) {
			l.Votes, l.Days, l.Link = 35094, 1461, "https://shop.example.com/mugs?size=large&from=ideas"
			l.Path = way(1461, portal.New, portal.Planned, portal.Launched)
		}),
		with("-71 votes, the same day", func(l *Launched) {
			l.Votes, l.Days, l.Path = -71, 0, way(0, portal.New, portal.Launched)
		}),
		with("title of 253 characters", func(l *Launched) { l.Title = s.longTitle }),
		with("one long word", func(l *Launched) {
			l.Title, l.Name = strings.Repeat("Grande", 40), strings.Repeat("Maximilian", 6)
			l.Note = strings.Repeat("so", 120) + "\n\nhttps://example.com/" + strings.Repeat("deep/", 40)
		}),
		with("the other script", func(l *Launched) {
			other := wordsOf("zh")
			if locale == "zh" {
				other = wordsOf("en")
			}
			l.Title, l.Name, l.Note = other.title, other.name, other.note
		}),
		with("markup in every field", func(l *Launched) {
			l.Title, l.Name, l.Note = `<b>Tea</b> & "cake" </h2><script>alert(1)</script>`, "<i>Ann</i> & Co", s.everything
		}),
		with("to and fro", func(l *Launched) {
			page := portal.IdeaPage{Idea: portal.Idea{Title: l.Title, CreatedAt: firstDay}}
			for i := range int64(21) {
				to := []portal.Status{portal.UnderReview, portal.Planned}[i%2]
				if i == 20 {
					to = portal.Launched
				}
				page.History = append(page.History, portal.HistoryEntry{Ver: i + 1, At: firstDay.AddDate(0, 0, int(i)*9), To: to, From: map[bool]portal.Status{true: portal.New}[i > 0]})
			}
			l.Path = LaunchedFrom(page, 21).Path
		}),
	}
}

var firstDay = time.Date(2025, 3, 3, 9, 30, 0, 0, time.UTC)

// way makes steps, the last of them so many days after the first.
func way(days int, statuses ...portal.Status) (path []Step) {
	for i, s := range statuses {
		path = append(path, Step{To: s, Submitted: i == 0, Last: i == len(statuses)-1, At: firstDay.AddDate(0, 0, days*i/(len(statuses)-1))})
	}
	return path
}

// sampleWords are what the samples tell in one language.
type sampleWords struct {
	title, longTitle, name, note, everything string
	everyday                                 [4]string // titles
}

func wordsOf(locale string) sampleWords {
	if strings.HasPrefix(locale, "zh") {
		return sampleWords{
			title:      "带自己的杯子来，减两块钱",
			longTitle:  "每天早上排队的时候我都在想，要是能在路上用手机先点好，到店从写着名字的架子上拿了就走，不要盖子也不要吸管，还能直接用你们已经认识的那张卡付钱，那么谁都不用再等了；而且下雨天可以请店员送到门口，带着孩子的人也不必抱着孩子站在队伍里，赶火车的人不会因为一杯咖啡误了车，店员也能提前知道早上会有多少人来、要准备多少杯，不会一下子手忙脚乱，杯子和牛奶也不会浪费；最好还能记住我上次点的是什么，一按就好，要是卖完了就早一点告诉我，让我换一种，或者告诉我走五分钟就到的另一家店里还有没有，这样大家的早晨都会从容一些吧！",
			name:       "林晓雨",
			everyday:   [4]string{"下午三点以后点心打折", "店里多装几个插座", "燕麦奶不加价", "雨天送到门口"},
			note:       "你说得对：杯子带来了，就该有点好处。从**今天**起，每家店都减两块。\n\n为了这件事，我们换了收银机的程序，也给店员准备了量杯。你来的时候，记得让他们看看你的杯子。",
			everything: "### 谢谢\n\n第一点：\n\n- 自带杯**减两块**\n- 店里有[量杯](https://example.com/cups)，见 [这里](/ideas/1)\n\n> 原来的想法\n\n`代码` <script>alert(1)</script>\n\n    缩进的代码",
		}
	}
	return sampleWords{
		title:      "Two pence off when I bring my own mug",
		longTitle:  "Every morning in the queue I think how good it would be to order on the phone on my way, walk in, take my cup from a shelf that has my name on it, without a lid and without a straw, and pay with the card that you know already, so that no one has to wait",
		name:       "Ann Whitfield",
		everyday:   [4]string{"Cakes for less after three", "More sockets at the tables", "Oat milk at no extra charge", "Bring it to the door when it rains"},
		note:       "You were right: whoever brings a mug saves us a cup, and should feel it. From **today** it is two pence in every shop.\n\nWe had to change the tills for it, and gave each shop a measuring jug. Show them your mug when you drop in!",
		everything: "### Thank you\n\nWhat is new:\n\n- two pence off **with your own mug**\n- a [measuring jug](https://example.com/jugs) in each shop, see [here](/ideas/1)\n\n> What you wrote\n\n`code` <script>alert(1)</script>\n\n    indented code",
	}
}
