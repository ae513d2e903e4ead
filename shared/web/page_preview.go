package web

import (
	"net/http"
	"unicode/utf8"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// previewing reports whether the form's second button was pressed: show, do not
// save.
func previewing(do string) bool { return do == "preview" }

// similarView is an idea that the writer might vote for instead.
type similarView struct{ ID, URL, Title, Votes string }

// previewDraft shows the form again with the text as it will look and the ideas
// that are like it. Nothing is checked but the length, and nothing is written: so
// it needs no session, and a draft outlives one.
//
// The page's script asks for the same page with the text alone: without a title
// there is nothing to look for, and no read.
func (s *Server) previewDraft(w http.ResponseWriter, r *http.Request, page draftPage) error {
	status, page, err := s.previewed(r, page)
	if err != nil {
		return err
	}
	return s.render(w, status, "submit", page)
}

func (s *Server) previewed(r *http.Request, page draftPage) (status int, shown draftPage, err error) {
	p := s.printer(r)
	if utf8.RuneCountInString(page.Draft.Body) > portal.MaxBody {
		tooLong := portal.InvalidField("body", "too_long", portal.MaxBody, "Is too long.")
		ps, _ := formErrors(p, tooLong, nil)
		return http.StatusUnprocessableEntity, page.with(p, s, ps), nil
	}
	if page.Version == 0 && page.Draft.Title != "" { // an idea that is there already has been found
		like, err := s.Portal.Similar(r.Context(), page.Draft.Title, page.Draft.Body)
		if err != nil && portal.KindOf(err) != portal.Invalid { // the title is checked when it is sent
			return 0, page, err
		}
		page.Similar = similarViews(p, like)
	}
	page.Previewed, page.Preview = true, markdown.HTML(page.Draft.Body)
	return http.StatusOK, page.with(p, s, nil), nil
}

func similarViews(p *i18n.Printer, cards []portal.Card) []similarView {
	var out []similarView
	for _, c := range cards {
		out = append(out, similarView{c.ID, ideaPath(c.ID, c.Title), c.Title, p.N("vote.count", c.Votes)})
	}
	return out
}

// categoryHint says what belongs in a category.
type categoryHint struct{ ID, Name, Text string }

// categoryHints leaves out the categories that the operator did not describe.
func (s *Server) categoryHints(lang string) []categoryHint {
	var out []categoryHint
	for _, c := range s.Portal.Categories {
		text := c.Description[lang]
		if text == "" {
			text = c.Description[i18n.Default]
		}
		if text != "" {
			out = append(out, categoryHint{c.ID, s.category(lang, c.ID), text})
		}
	}
	return out
}
