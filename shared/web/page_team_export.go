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

// takeoutView offers the team what the portal keeps as files: the kinds of rows, or a
// part of one of them.
type takeoutView struct {
	base
	Tab   string
	Kinds []takeoutKind // none on the page of one
	Kind  string        // its name in words
	Hint  string
	Count string // of the rows in this part
	Whole bool   // there are no other parts

	CSV, Excel, JSONL string // addresses of the part as a file
	Addresses         bool   // the reader may have it with addresses of members
	First, Next       string // pages of other parts; "" = none
}

type takeoutKind struct{ URL, Name, Hint string }

// maxTakeout is how long a file can be, in bytes: a function's answer is 6 MB at most,
// in base64 where it is compressed. Where it is not, JSON makes more of it.
const (
	maxTakeout      = 4 << 20
	maxTakeoutPlain = 2 << 20
)

var errTakeout = &portal.Error{Kind: portal.Conflict, Code: "takeout_too_big", Msg: "This part is too long for one answer that is not compressed. Ask for gzip, or use the operator's admin export."}

var errNoTakeout = &portal.Error{Kind: portal.NotFound, Code: "no_page", Msg: "There is nothing at this address."}

// takeoutPage lists the kinds, or reads a part of one to say how many rows it has and
// where the next part begins: as much as the file costs.
func (s *Server) takeoutPage(w http.ResponseWriter, r *http.Request) error {
	p := s.printer(r)
	v := takeoutView{base: s.base(r, "team", "/team/export"), Tab: "export"}
	v.Title = p.T("takeout.title")
	name, cursor := readQuery(r, "kind"), readQuery(r, "cursor")
	if name == "" {
		for _, k := range sheet.Kinds {
			v.Kinds = append(v.Kinds, takeoutKind{takeoutPath(k, ""), p.T("takeout." + string(k.Name)), p.T("takeout." + string(k.Name) + "_hint")})
		}
		return s.render(w, http.StatusOK, "team_export", v)
	}
	kind, ok := sheet.KindNamed(name)
	if !ok {
		return errNoTakeout
	}
	t, err := s.Portal.Take(r.Context(), actor(r), kind.Name, cursor, false)
	if err != nil {
		return err
	}
	v.Kind, v.Hint = p.T("takeout."+name), p.T("takeout."+name+"_hint")
	v.Count = p.Number(len(kind.Rows(t, nil)))
	v.Whole = cursor == "" && t.Next == ""
	v.CSV, v.JSONL = takeoutFilePath(kind, sheet.CSV, cursor, ""), takeoutFilePath(kind, sheet.JSONL, cursor, "")
	v.Excel = takeoutFilePath(kind, sheet.CSV, cursor, "1")
	v.Addresses = kind.Addressed() && actor(r).Role == portal.RoleAdmin
	if cursor != "" {
		v.First = takeoutPath(kind, "")
	}
	if t.Next != "" {
		v.Next = takeoutPath(kind, t.Next)
	}
	return s.render(w, http.StatusOK, "team_export", v)
}

func takeoutPath(k sheet.Kind, cursor string) string {
	q := url.Values{"kind": {string(k.Name)}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return "/team/export?" + q.Encode()
}

func takeoutFilePath(k sheet.Kind, f sheet.Format, cursor, excel string) string {
	q := url.Values{}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if excel != "" {
		q.Set("excel", excel)
	}
	path := "/team/export/" + k.File(f)
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// takeoutFile sends a part as a file. Where there is another part, a Link header says
// where it is (RFC 8288), for those who fetch them all by a program.
func (s *Server) takeoutFile(w http.ResponseWriter, r *http.Request) error {
	return s.sendTakeout(w, r, false)
}

// takeoutForm sends a part with the addresses of members. It is a form, since the log
// gets a line by it: what is only followed must change nothing.
func (s *Server) takeoutForm(w http.ResponseWriter, r *http.Request) error {
	return s.sendTakeout(w, r, true)
}

func (s *Server) sendTakeout(w http.ResponseWriter, r *http.Request, addresses bool) error {
	name, end, _ := strings.Cut(r.PathValue("file"), ".")
	format := sheet.Format(end)
	kind, ok := sheet.KindNamed(name)
	if !ok || !format.Valid() || addresses && !kind.Addressed() {
		return errNoTakeout
	}
	if addresses {
		kind = kind.WithAddresses()
	}
	excel := readQuery(r, "excel")
	t, err := s.Portal.Take(r.Context(), actor(r), kind.Name, readQuery(r, "cursor"), addresses)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out, err := sheet.NewWriter(&b, kind, sheet.Options{Format: format, Mark: excel != ""})
	if err != nil {
		return err
	}
	origin := s.origin(r)
	for _, row := range kind.Rows(t, func(i portal.Idea) string { return origin + ideaPath(i.ID, i.Title) }) {
		if err := out.Put(row); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	h := w.Header()
	if t.Next != "" {
		path := takeoutFilePath(kind, format, t.Next, excel)
		if strings.HasPrefix(r.URL.Path, "/api/") {
			path = "/api/v1" + path
		}
		h["Link"] = []string{"<" + path + `>; rel="next"`}
	}
	h["Content-Type"] = []string{format.ContentType()}
	h["Content-Disposition"] = []string{`attachment; filename="` + kind.File(format) + `"`}
	return sendFile(w, r, b.Bytes())
}

// sendFile answers with a file whose type and name are set, compressed where that is
// taken, if it fits an answer.
func sendFile(w http.ResponseWriter, r *http.Request, body []byte) error {
	h, most := w.Header(), maxTakeoutPlain
	if frontend.AcceptsGzip(r) {
		if z := frontend.Gzip(body); z != nil {
			body, most, h["Content-Encoding"] = z, maxTakeout, gzipEncoding
		}
	}
	if len(body) > most {
		for _, name := range []string{"Content-Encoding", "Content-Disposition", "Link"} {
			h.Del(name)
		}
		return errTakeout
	}
	h["Vary"] = []string{"Cookie, Accept-Encoding"}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the only error is a reader who has gone
	return nil
}
