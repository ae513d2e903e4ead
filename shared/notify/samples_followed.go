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

type mergedSample struct {
	name string
	data Merged
}

// mergedSamples are what the authors of two ideas get that were merged.
func mergedSamples(baseURL, locale string) []mergedSample {
	all := launchedSamples(baseURL, locale)
	of := func(l Launched, own bool, votes int) Merged {
		l.Votes, l.Days, l.Path, l.Note, l.Link, l.Own = 0, 0, nil, "", "", own
		return Merged{Launched: l, Dup: wordsOf(locale).everyday[0], To: portal.UnderReview, Together: votes}
	}
	long, markup := of(all[5].data, false, 0), of(all[8].data, true, 35094)
	long.Dup, markup.Dup = long.Title, markup.Title
	both := of(all[0].data, false, 12)
	both.Both = true
	return []mergedSample{
		{"the duplicate's author", of(all[0].data, false, 214)},
		{"the original's author, 1 vote", of(all[0].data, true, 1)},
		{"titles of 253 characters, not counted yet", long},
		{"markup in every field", markup},
		{"both by one author", both},
	}
}
