package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"

	"groundswell/shared/portal"
)

// importPath is where admins move in from another system.
const importPath = "/team/import"

// importRoutes have a function of their own, which links what reads other systems' files
// and nothing else of the portal: see ImportHandler.
func (s *Server) importRoutes() []Route {
	return []Route{
		{Imports, "GET /team/import", Team, s.importPage},
		{Imports, "POST /team/import", Team, s.importFile},
		{Imports, "POST /team/import/reading", Team, s.importReading},
		{Imports, "POST /team/import/step", Team, s.importStep},
		{Imports, "POST /team/import/end", Team, s.importEnd},
		{Imports, "GET /team/import/left", Team, s.importLeft},
	}
}

// importPage is the form for a file; once there is one, what it would become, then how
// far it is, and in the end what became of it.
func (s *Server) importPage(w http.ResponseWriter, r *http.Request) error {
	in, look, err := s.Portal.LookAtIntake(r.Context(), actor(r))
	if portal.KindOf(err) == portal.NotFound { // the file is gone, as all are after a day
		in, err = portal.Intake{}, nil
	}
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "team_import", s.importView(r, in, look))
}

// drained is how much of a file that is too large is read to its end, since a browser
// shows no answer before it has sent all.
const drained = 64 << 20

// importFile keeps a file. What can't be taken comes back as the form; a browser alone
// can't put a file into one again.
func (s *Server) importFile(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Portal.Intake(r.Context(), actor(r)); err != nil { // before a body is read
		return err
	}
	up, err := readUpload(w, r)
	if err == nil {
		_, err = s.Portal.OpenIntake(r.Context(), actor(r), up.name, up.file, portal.IntakeSetup{Preset: up.preset, Source: up.source})
	}
	if err == nil {
		http.Redirect(w, r, importPath, http.StatusSeeOther)
		return nil
	}
	ps, rest := formErrors(s.printer(r), err, nil)
	if rest != nil {
		return rest
	}
	v := s.importView(r, portal.Intake{Setup: portal.IntakeSetup{Preset: up.preset, Source: up.source}}, portal.IntakeLook{})
	return s.render(w, statusOf(err), "team_import", v.with(ps))
}

// upload is what the form with the file sent.
type upload struct {
	preset, source, name string
	file                 []byte
}

var (
	errFileTooLarge = portal.InvalidField("file", "file_too_large", portal.MaxIntake>>20, "Must be at most 4 MB.")
	errBrokenForm   = badRequest("", "broken_form", "The form could not be read.")
)

// readUpload reads the form's fields, which come before the file, so that they are known
// whatever is wrong with that.
func readUpload(w http.ResponseWriter, r *http.Request) (up upload, err error) {
	t, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || t != "multipart/form-data" || params["boundary"] == "" {
		return up, &refusal{http.StatusUnsupportedMediaType, "media_type", "The request body must be multipart/form-data.",
			[]portal.FieldError{{Name: "Content-Type", Code: "media_type", Msg: "Must be multipart/form-data."}}}
	}
	parts := multipart.NewReader(http.MaxBytesReader(callOf(r).ResponseWriter, r.Body, drained), params["boundary"])
	for range 10 {
		part, err := parts.NextPart()
		if err == io.EOF {
			return up, nil
		}
		if err != nil {
			return up, unreadUpload(err)
		}
		most := 64 << 10
		if part.FormName() == "file" {
			most = portal.MaxIntake
		}
		data, err := io.ReadAll(io.LimitReader(part, int64(most)+1))
		if err != nil {
			return up, unreadUpload(err)
		}
		if len(data) > most {
			_, _ = io.Copy(io.Discard, part) // as far as it goes
			return up, errFileTooLarge
		}
		switch part.FormName() {
		case "preset":
			up.preset = string(data)
		case "source":
			up.source = strings.ToValidUTF8(string(data), "�")
		case "file":
			up.name, up.file = part.FileName(), data
		}
	}
	return up, errBrokenForm
}

func unreadUpload(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errFileTooLarge
	}
	return errBrokenForm
}

// importReading says how the file is to be read, and shows what that makes of it.
func (s *Server) importReading(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	setup := setupOf(v)
	_, err = s.Portal.SetIntake(r.Context(), actor(r), v.Get("id"), setup)
	if err == nil {
		http.Redirect(w, r, importPath+"#read", http.StatusSeeOther)
		return nil
	}
	ps, rest := formErrors(s.printer(r), err, nil)
	if rest != nil {
		return rest
	}
	in, look, err2 := s.Portal.LookAtIntake(r.Context(), actor(r))
	if err2 != nil {
		return err2
	}
	in.Setup = setup
	return s.render(w, statusOf(err), "team_import", s.importView(r, in, look).with(ps))
}

// setupOf reads the form. A column of "-" is none.
func setupOf(v url.Values) portal.IntakeSetup {
	setup := portal.IntakeSetup{Preset: v.Get("preset"), Source: v.Get("source"), Day: v.Get("day"), DayFirst: v.Get("dayfirst") != "", Cut: v.Get("cut") != "",
		Categories: map[string]string{}, Statuses: map[string]portal.Status{}}
	for part, into := range map[string]*map[string]string{"ideas.": &setup.Ideas, "comments.": &setup.Comments, "votes.": &setup.Votes} {
		for name := range v {
			if field, ok := strings.CutPrefix(name, part); ok && v.Get(name) != "" {
				if *into == nil {
					*into = map[string]string{}
				}
				(*into)[field] = v.Get(name)
			}
		}
	}
	for i, name := range v["category_name"] {
		if i < len(v["category"]) && v["category"][i] != "" {
			setup.Categories[name] = v["category"][i]
		}
	}
	for i, name := range v["status_name"] {
		if i < len(v["status"]) && v["status"][i] != "" {
			setup.Statuses[name] = portal.Status(v["status"][i])
		}
	}
	return setup
}

// importStep takes the next rows: the page's script sends it until all are in, people
// press the button.
func (s *Server) importStep(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if _, err := s.Portal.StepIntake(r.Context(), actor(r), v.Get("id")); err != nil {
		return err
	}
	http.Redirect(w, r, importPath, http.StatusSeeOther)
	return nil
}

// importEnd forgets the file.
func (s *Server) importEnd(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if err := s.Portal.EndIntake(r.Context(), actor(r), v.Get("id")); err != nil {
		return err
	}
	http.Redirect(w, r, importPath, http.StatusSeeOther)
	return nil
}

// importLeft sends the rows that could not be taken, as a file.
func (s *Server) importLeft(w http.ResponseWriter, r *http.Request) error {
	name, data, err := s.Portal.LeftOfIntake(r.Context(), actor(r), readQuery(r, "id"))
	if err != nil {
		return err
	}
	kind := map[string]string{".json": "application/json", ".jsonl": "application/jsonl", ".zip": "application/zip"}[path.Ext(name)]
	if kind == "" {
		kind = "text/csv; charset=utf-8"
	}
	h := w.Header()
	h["Content-Type"] = []string{kind}
	h["Content-Disposition"] = []string{mime.FormatMediaType("attachment", map[string]string{"filename": name})}
	return sendFile(w, r, data)
}
