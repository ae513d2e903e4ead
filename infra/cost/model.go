package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"path/filepath"

	"groundswell/infra/template"
)

var (
	//go:embed prices.json
	pricesJSON []byte
	//go:embed model.json
	modelJSON []byte
)

// price is what AWS asks for Per units of something, after the Free ones that every
// account has each month, for as long as it is one.
type price struct {
	USD, Per, Free float64
	Read, Source   string
}

func (p price) of(units float64) float64 { return max(0, units-p.Free) / p.Per * p.USD }

// access is a line of the table of access patterns, what the table says it takes,
// and that as read and write units.
type access struct {
	Name, Says    string
	Reads, Writes float64
}

func (a *access) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&a.Name, &a.Says, &a.Reads, &a.Writes})
}

// model is what a hundred requests are.
type model struct {
	Requests []struct {
		What    string
		Of      float64 // of a hundred
		Access  []access
		Follows struct {
			Reads, Writes, Invocations, Mails float64
			Assumed                           string
		}
	}
	Assumed struct {
		RequestMS     float64 `json:"request_ms"`
		RequestMB     float64 `json:"request_mb"`
		ConsumerMS    float64 `json:"consumer_ms"`
		ConsumerMB    float64 `json:"consumer_mb"`
		PageKB        float64 `json:"page_kb"`
		Files         float64 `json:"files_per_request"`
		FileKB        float64 `json:"file_kb"`
		LogRequestKB  float64 `json:"log_kb_per_request"`
		LogConsumerKB float64 `json:"log_kb_per_invocation"`
		Polls         float64 `json:"queue_polls_per_month"`
		QueuePerMail  float64 `json:"queue_requests_per_mail"`
		RowKB         float64 `json:"row_kb_per_write"`
		Months        float64 `json:"months_kept"`
		Metrics       float64
	}
	Months []float64 // requests a month
}

// standing is what is there, whoever comes.
type standing struct{ alarms, dashboards, keys float64 }

// stands counts in the templates below dir. CloudWatch asks for each metric that an
// alarm looks at.
func stands(dir string) (standing, error) {
	files, err := filepath.Glob(filepath.Join(dir, "infra", "stack", "*.yaml"))
	if err != nil {
		return standing{}, err
	}
	var s standing
	for _, file := range append(files, filepath.Join(dir, "template.yaml")) {
		t, err := template.Load(file)
		if err != nil {
			return s, err
		}
		for _, r := range t.Resources {
			switch r.Type {
			case "AWS::CloudWatch::Alarm":
				s.alarms += metrics(r.Properties)
			case "AWS::CloudWatch::Dashboard":
				s.dashboards++
			case "AWS::KMS::Key":
				s.keys++
			}
		}
	}
	return s, nil
}

func metrics(alarm map[string]any) float64 {
	list, ok := alarm["Metrics"].([]any)
	if !ok {
		return 1
	}
	n := 0.0
	for _, m := range list {
		if m, ok := m.(map[string]any); ok && m["MetricStat"] != nil {
			n++
		}
	}
	return n
}

func read() (map[string]price, model, error) {
	var p struct{ Prices map[string]price }
	var m model
	if err := json.Unmarshal(pricesJSON, &p); err != nil {
		return nil, m, fmt.Errorf("prices.json: %w", err)
	}
	if err := json.Unmarshal(modelJSON, &m); err != nil {
		return nil, m, fmt.Errorf("model.json: %w", err)
	}
	return p.Prices, m, nil
}
