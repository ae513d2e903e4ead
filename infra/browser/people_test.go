package browser

import (
	"testing"

	"groundswell/shared/app/onefile"
	"groundswell/shared/portal"
)

// customer is somebody who has signed up, without a browser.
type customer struct {
	portal.Actor
	t    *testing.T
	site *site
}

// member makes or finds the member with the address.
func (s *site) member(t *testing.T, email string, role portal.Role, locale string) *customer {
	t.Helper()
	m, err := s.one.Portal.Grant(t.Context(), email, role)
	if err != nil {
		t.Fatal(err)
	}
	m, err = s.one.Portal.EditProfile(t.Context(), portal.Actor{Member: m}, portal.ProfileEdit{Locale: &locale})
	if err != nil {
		t.Fatal(err)
	}
	return &customer{portal.Actor{Member: m}, t, s}
}

// boss is a colleague of whoever sits at the desk.
func (s *site) boss(t *testing.T) portal.Actor {
	t.Helper()
	m, err := s.one.Portal.Grant(t.Context(), "colleague@example.com", portal.RoleTeam)
	if err != nil {
		t.Fatal(err)
	}
	return portal.Actor{Member: m}
}

func (m *customer) submit(title string) portal.Idea {
	m.t.Helper()
	idea, _, err := m.site.one.Portal.SubmitIdea(m.t.Context(), m.Actor, portal.IdeaDraft{Title: title, Body: "They drip on **everything**: " + title, Category: m.site.one.Portal.Categories[0].ID})
	if err != nil {
		m.t.Fatal(err)
	}
	return idea
}

// counted waits until all there is has been counted.
func (s *site) counted(t *testing.T) {
	t.Helper()
	if err := s.one.Table.Drained(t.Context(), onefile.Projections, onefile.Notifications); err != nil {
		t.Fatal(err)
	}
}

// stands asks the portal itself where the idea stands, until it stands there.
func (s *site) stands(t *testing.T, id string, want portal.Status) {
	t.Helper()
	await(t, "the idea "+id+" stands at "+string(want), func() bool {
		idea, err := s.one.Store.Idea(t.Context(), id, true)
		return err == nil && idea.Status == want
	})
}

// mergedInto waits until the idea is the other's duplicate, and with "" until it is
// nobody's.
func (s *site) mergedInto(t *testing.T, id, want string) {
	t.Helper()
	await(t, "the idea "+id+" is merged into "+want, func() bool {
		idea, err := s.one.Store.Idea(t.Context(), id, true)
		return err == nil && idea.MergedInto == want
	})
}
