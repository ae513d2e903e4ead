package notify

import "groundswell/shared/portal"

// sampleLinks lead nowhere: nobody signed them.
func sampleLinks(baseURL string) Links {
	return Links{Unsubscribe: baseURL + portal.ToUnsubscribe.Path() + "?t=u.1.sample.sample.sample", Preferences: baseURL + portal.ToPreferences.Path() + "?t=p.1.sample.all.sample"}
}

type followedSample struct {
	kind, name string
	data       Followed
}

// followedSamples are what followers and voters get.
func followedSamples(baseURL, locale string) []followedSample {
	all := launchedSamples(baseURL, locale)
	step := func(l Launched, to portal.Status, way []Step) Followed {
		l.Votes, l.Days, l.Path = 0, 0, way
		return Followed{Launched: l, To: to}
	}
	usual, long := all[0].data, all[5].data
	short := usual
	short.Note, short.Name = "", ""
	declined := step(usual, portal.Declined, way(30, portal.New, portal.UnderReview, portal.Declined))
	return []followedSample{
		{kindLaunched, "to a follower", Followed{Launched: usual, To: portal.Launched}},
		{kindLaunched, "to a voter, no note", Followed{Launched: short, To: portal.Launched, Voter: true}},
		{kindChanged, "coming soon", step(usual, portal.Planned, way(60, portal.New, portal.UnderReview, portal.Planned))},
		{kindChanged, "declined", declined},
		{kindChanged, "long title, no note", step(func() Launched { long.Note, long.Name = "", ""; return long }(), portal.UnderReview, way(3, portal.New, portal.UnderReview))},
	}
}
