package notify

import (
	"html"
	"html/template"
	"strings"
)

// dressed gives the elements of a rendered note the styles that the mail's own have:
// some mail programs know nothing but style attributes. Links that lead inside the
// portal get its address. It relies on what Markdown is: sanitised, so that a "<" is
// always a tag's, and tags are written in one way only.
func dressed(h template.HTML, baseURL, ideaURL string, c Colours) template.HTML {
	const sans = "margin:0 0 12px 0;"
	link := `<a class="accent" style="color:` + c.Accent + `;" href="`
	heading := `style="margin:16px 0 8px 0;font-size:17px;line-height:24px;font-weight:bold;"`
	return template.HTML(strings.NewReplacer( //nolint:gosec // attributes of ours in what is sanitised
		"<p>", `<p style="`+sans+`">`,
		"<ul>", `<ul style="`+sans+`padding:0 0 0 22px;">`,
		"<ol", `<ol style="`+sans+`padding:0 0 0 22px;"`,
		"<li>", `<li style="margin:0 0 4px 0;">`,
		"<blockquote>", `<blockquote class="soft line" style="margin:0 0 12px 0;padding:0 0 0 14px;border-left:3px solid #e3dbce;color:#665d53;">`,
		"<pre>", `<pre class="line" style="`+sans+`padding:10px 12px;border:1px solid #e3dbce;white-space:pre-wrap;font-size:14px;line-height:20px;">`,
		"<code>", `<code style="font-family:Consolas,Menlo,monospace;font-size:14px;">`,
		"<hr>", `<hr class="line" style="margin:16px 0;border:0;border-top:1px solid #e3dbce;">`,
		"<h3>", "<h3 "+heading+">", "<h4>", "<h4 "+heading+">", "<h5>", "<h5 "+heading+">", "<h6>", "<h6 "+heading+">",
		`<a href="/`, link+html.EscapeString(baseURL)+"/",
		`<a href="#`, link+html.EscapeString(ideaURL)+"#",
		`<a href="`, link,
	).Replace(string(h)))
}
