package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"groundswell/frontend"
	"groundswell/shared/portal"
	"groundswell/shared/sheet"
)

// takeoutView offers the team a part of all ideas as files.
type takeoutView struct {
	base
	Tab   string
	Count string // of the ideas in this part
	Files []takeoutFile
	Pager pager
}

type takeoutFile struct {
	Name  string
	CSV   string // addresses
	Excel string
	JSONL string
}

// takeoutKinds are what the console gives out; people and mails are the operator's.
var takeoutKinds = []sheet.Kind{sheet.Ideas, sheet.Comments, sheet.History}

// maxTakeout is how long a file can be, in bytes: a function's answer is 6 MB at most,
// in base64 where it is compressed. Where it is not, JSON makes more of it.
const (
	maxTakeout      = 4 << 20
	maxTakeoutPlain = 900 << 10
)

var errTakeout = &portal.Error{Kind: portal.Conflict, Code: "takeout_too_big", Msg: "This part is too long for one answer. The operator's admin export has no such limit."}

func (s *Server) takeoutPage(w http.ResponseWriter, r *http.Request) error {
	cursor := readQuery(r, "cursor")
	t, err := s.Portal.TakeoutAt(r.Context(), actor(r), cursor)
	if err != nil {
		return err
	}
	p := s.printer(r)
	v := takeoutView{base: s.base(r, "team", "/team/export"), Tab: "export", Count: p.Number(len(t.Cards))}
	v.Title = p.T("takeout.title")
	address := func(k sheet.Kind, f sheet.Format, mark bool) string {
		q := url.Values{}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		if mark {
			q.Set("excel", "1")
		}
		path := "/team/export/" + k.Name + "." + string(f)
		if len(q) > 0 {
			path += "?" + q.Encode()
		}
		return path
	}
	names := map[string]string{sheet.Ideas.Name: p.T("takeout.ideas"), sheet.Comments.Name: p.T("takeout.comments"), sheet.History.Name: p.T("takeout.history")}
	for _, k := range takeoutKinds {
		v.Files = append(v.Files, takeoutFile{names[k.Name], address(k, sheet.CSV, false), address(k, sheet.CSV, true), address(k, sheet.JSONL, false)})
	}
	if cursor != "" {
		v.Pager.First = "/team/export"
	}
	if t.Next != "" {
		v.Pager.Next = "/team/export?" + url.Values{"cursor": {t.Next}}.Encode()
	}
	return s.render(w, http.StatusOK, "team_export", v)
}

// takeoutFile sends a kind of rows of the part as a file.
func (s *Server) takeoutFile(w http.ResponseWriter, r *http.Request) error {
	name, end, _ := strings.Cut(r.PathValue("file"), ".")
	format := sheet.Format(end)
	var kind sheet.Kind
	for _, k := range takeoutKinds {
		if k.Name == name {
			kind = k
		}
	}
	if kind.Name == "" || !format.Valid() {
		return &portal.Error{Kind: portal.NotFound, Code: "no_page", Msg: "There is nothing at this address."}
	}
	rows, err := s.takeoutRows(r, kind)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out, err := sheet.NewWriter(&b, kind, sheet.Options{Format: format, Mark: readQuery(r, "excel") != ""})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := out.Put(row); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	body, most := b.Bytes(), maxTakeoutPlain
	h := w.Header()
	if frontend.AcceptsGzip(r) {
		if z := frontend.Gzip(body); z != nil {
			body, most, h["Content-Encoding"] = z, maxTakeout, gzipEncoding
		}
	}
	if len(body) > most {
		h.Del("Content-Encoding")
		return errTakeout
	}
	h["Content-Type"] = []string{format.ContentType()}
	h["Content-Disposition"] = []string{`attachment; filename="` + kind.Name + "." + string(format) + `"`}
	h["Vary"] = []string{"Cookie, Accept-Encoding"}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the only error is a reader who has gone
	return nil
}

func (s *Server) takeoutRows(r *http.Request, k sheet.Kind) (rows []sheet.Row, err error) {
	ctx, a, cursor := r.Context(), actor(r), readQuery(r, "cursor")
	if k.Name == sheet.Comments.Name {
		t, err := s.Portal.TakeComments(ctx, a, cursor)
		return each(t.Talk, sheet.Comment), err
	}
	t, err := s.Portal.TakeIdeas(ctx, a, cursor)
	if err != nil {
		return nil, err
	}
	cards := make(map[string]portal.Card, len(t.Cards))
	for _, c := range t.Cards {
		cards[c.ID] = c
	}
	for _, text := range t.Texts {
		if k.Name == sheet.History.Name {
			rows = append(rows, each(text.History, sheet.Step)...)
			continue
		}
		rows = append(rows, sheet.Idea(text, cards[text.Idea.ID], s.origin(r)+ideaPath(text.Idea.ID, text.Idea.Title)))
	}
	return rows, nil
}
