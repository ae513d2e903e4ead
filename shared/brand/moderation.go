package brand

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"groundswell/shared/portal"
)

// What fits into the part about moderation.
const (
	MaxWords     = 200
	MaxWord      = 60 // characters
	MaxThreshold = 100
)

// moderation is how texts are looked at before they are public; what is left out is as
// portal.Screen has it.
type moderation struct {
	Rules    *bool    `json:"rules"`
	Approval string   `json:"approval"` // off, first, all
	Links    *int     `json:"links"`
	Reports  *int     `json:"reports"` // 0 = none hold
	Words    []string `json:"words"`

	Throwaway string `json:"throwaway"` // addresses of mailboxes that are thrown away: mark, refuse
}

func (p *problems) moderation(m moderation) {
	switch m.Approval {
	case "", "off", string(portal.ApproveFirst), string(portal.ApproveAll):
	default:
		p.add("moderation.approval", "%q must be off, first or all", m.Approval)
	}
	if m.Throwaway != "" && m.Throwaway != "mark" && m.Throwaway != "refuse" {
		p.add("moderation.throwaway", "%q must be mark or refuse", m.Throwaway)
	}
	if m.Links != nil && (*m.Links < 1 || *m.Links > MaxThreshold) {
		p.add("moderation.links", "%d must be from 1 to %d", *m.Links, MaxThreshold)
	}
	if m.Reports != nil && (*m.Reports < 0 || *m.Reports > MaxThreshold) {
		p.add("moderation.reports", "%d must be from 0, for none, to %d", *m.Reports, MaxThreshold)
	}
	if len(m.Words) > MaxWords {
		p.add("moderation.words", "there are %d, at most %d fit", len(m.Words), MaxWords)
	}
	for i, w := range m.Words {
		field := fmt.Sprintf("moderation.words[%d]", i)
		if strings.TrimSpace(w) == "" {
			p.add(field, "is empty")
		}
		if n := utf8.RuneCountInString(w); n > MaxWord {
			p.add(field, "has %d characters, at most %d fit", n, MaxWord)
		}
	}
}

func (m moderation) screen() portal.Screen {
	s := portal.Screen{Off: m.Rules != nil && !*m.Rules, Words: m.Words, NoThrowaways: m.Throwaway == "refuse"}
	if m.Approval != "off" {
		s.Approval = portal.Approval(m.Approval)
	}
	if m.Links != nil {
		s.Links = *m.Links
	}
	if m.Reports != nil {
		if s.Reports = *m.Reports; s.Reports == 0 {
			s.Reports = -1
		}
	}
	return s
}
