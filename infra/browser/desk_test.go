package browser

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"

	"groundswell/shared/portal"
)

// tools walks what the team keeps beside its decisions: who looks after an idea, tags
// and notes, lists of its own, many decisions at once, charts and files to take home.
func (b *tab) tools(ideas []portal.Idea) {
	b.Helper()
	b.open("/team/charts")
	b.shows("svg", "")
	b.check("console-charts")
	for _, table := range eval[[]string](b, `[...document.querySelectorAll("details:has(table)")].map((d) => (d.open = true, d.querySelector("tbody tr") ? "" : d.textContent)).filter(Boolean)`) {
		b.Errorf("%s: a chart's table is empty: %s", b.where(), table)
	}
	b.check("console-charts-tables")
	b.open("/team/export")
	b.check("console-export")

	tag := map[string]string{"en": "rainy days", "zh": "下雨天"}[b.lang]
	b.keep(ideas[0], tag)
	b.open("/team/tags")
	b.shows(".tags .chip", tag)
	b.press(".tags summary")
	b.check("console-tags")
	b.pardon()
	b.write("#name", tag)
	b.follow(".tag-new button")
	b.shows("#name-error", "")
	b.check("console-tags-taken")

	b.open("/team/ideas")
	b.check("console-list")
	b.choose("#tag", eval[string](b, fmt.Sprintf(`[...document.querySelectorAll("#tag option")].find((o) => o.textContent.includes(%q)).value`, tag)))
	b.follow(".narrowing button")
	b.shows(".rows .title", ideas[0].Title)
	if n := eval[int](b, `document.querySelectorAll(".rows.picking li").length`); n != 1 {
		b.Errorf("%s: %d ideas carry the tag, want 1", b.where(), n)
	}
	b.write("#name", tag)
	b.follow(`.saving form button.quiet`)
	b.shows(".saved a", tag)
	b.check("console-list-saved")
	b.many()
	b.behalf()
}

// keep gives the idea an owner and a tag, and writes what the team alone should know.
func (b *tab) keep(idea portal.Idea, tag string) {
	b.Helper()
	b.open("/team/ideas/" + idea.ID)
	b.press("#desk-head summary")
	b.choose("#owner", eval[string](b, `[...document.querySelectorAll("#owner option")].find((o) => o.value && !o.selected).value`))
	b.write("#tags", tag)
	b.check("console-owner")
	b.follow("#dossier button")
	b.shows("#desk-head .chip", tag)
	b.write("#memo", "Ask the *door's* maker first.")
	b.follow(`#memos form button`)
	b.shows(".memo em", "door's")
	b.press(`details.pin summary`)
	b.write("#answer", "We are measuring the **doors**.")
	b.follow(`#pin button[value="pin"]`)
	b.shows(`details.pin summary .muted`, "")
	b.check("console-kept")
	b.open("/ideas/" + idea.ID)
	b.shows("strong", "doors")
	b.check("idea-answered")
}

// many takes one decision about two ideas: first without the reason that declining
// needs, then with it.
func (b *tab) many() {
	b.Helper()
	b.open("/team/ideas?status=new")
	b.press(".picking li:nth-child(1) input")
	b.press(".picking li:nth-child(2) input")
	b.follow("#bulk-bar button")
	b.check("console-bulk")
	b.pardon()
	b.press("#to-declined")
	b.follow("#many button")
	b.shows("#note-error", "")
	if n := eval[int](b, `document.querySelectorAll(".picked input:checked").length`); n != 2 {
		b.Errorf("%s: %d ideas are still picked, want 2", b.where(), n)
	}
	b.check("console-bulk-wrong")
	b.write("#note", "No room by the door.")
	b.follow("#many button")
	b.shows(".results .status.declined", "")
	b.check("console-bulk-done")
}

// unite merges an idea into another from what the search finds, and takes it back.
func (b *tab) unite(s *site, child, original portal.Idea) {
	b.Helper()
	b.open("/team/ideas/" + child.ID + "/merge")
	b.check("console-merge")
	b.open("/team/ideas/" + child.ID + "/merge?into=" + original.ID)
	b.shows("#result .stays", original.Title)
	b.check("console-merge-result")
	b.follow(`#merge button[value="merge"]`)
	s.mergedInto(b.T, child.ID, original.ID)
	b.open("/ideas/" + child.ID)
	b.shows("main", original.Title)
	b.check("idea-merged")
	b.open("/team/ideas/" + child.ID)
	b.check("console-merged")
	b.open("/team/ideas/" + child.ID + "/merge")
	b.check("console-merge-undo")
	b.follow(`#merge button[value="unmerge"]`)
	s.mergedInto(b.T, child.ID, "")
}

// behalf writes down what somebody told the team, and takes it back as that customer by
// the link in the mail.
func (b *tab) behalf() {
	b.Helper()
	customer := address("told", b.look)
	b.open("/team/submit")
	b.check("console-submit")
	b.pardon()
	b.write("#title", "A quiet corner for reading")
	b.choose("#category", eval[string](b, `document.querySelector("#category option:not([value=''])").value`))
	b.write("#email", customer)
	b.choose("#channel", "shop")
	b.write("#words", "She said it twice.")
	b.follow("form.draft p > button:not([name])")
	b.shows("#agreed-error", "")
	b.wait(`document.querySelector("#words").value === "She said it twice."`)
	b.check("console-submit-wrong")
	b.press("#agreed")
	b.follow("form.draft p > button:not([name])")
	b.shows(".entered blockquote", "She said it twice.")
	b.check("console-entered")

	const at = "/withdraw?t="
	m := b.site.mail(b.T, customer, func(l letter) bool { return strings.Contains(l.Text, at) })
	_, rest, _ := strings.Cut(m.Text, at)
	token, _, _ := strings.Cut(rest, "\n")
	b.open(at + strings.TrimSpace(token))
	b.check("withdraw")
	b.follow("main form button")
	b.check("withdrawn")
}

// moveIn imports a small file: what it would become, the form with what is wrong, its end.
func (b *tab) moveIn() {
	b.Helper()
	b.open("/team/import")
	b.check("console-import")
	eval[chromedp.Void](b, `(() => {
		const all = new DataTransfer();
		all.items.add(new File(["id,title,category,created,votes\n1,A slide,tea,2024-03-01,3\n2,X,tea,2024-03-01,1\n3,Swings,parks,2024-03-01,1\n"], "acme.csv"));
		document.querySelector("#file").files = all.files;
	})()`)
	b.follow(`form[enctype] button`)
	b.shows(".tallies td", "3")
	b.check("console-import-look")
	b.follow(`form[action="/team/import/step"] button`)
	b.wait(`document.querySelector("#import").dataset.state === "done"`)
	b.check("console-import-done")
	b.follow(`form[action="/team/import/end"] button`)
	b.shows("#file-hint", "4 MB")
}
