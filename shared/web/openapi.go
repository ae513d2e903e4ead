package web

import (
	_ "embed"
	"encoding/json"
	"net/http"
)

// openAPI is openapi.yaml as JSON; a test says when it is not.
//
//go:generate go run groundswell/infra/tools/yaml2json openapi.yaml openapi.json
//go:embed openapi.json
var openAPI []byte

// listCache is for answers that change with a deployment only.
var listCache = []string{"public, max-age=300"}

func (s *Server) getOpenAPI(w http.ResponseWriter, r *http.Request) error {
	w.Header()["Cache-Control"] = listCache
	return sendJSON(w, http.StatusOK, json.RawMessage(openAPI))
}
