package web

import "net/http"

// Noun is the owner of a route: the function that serves it.
type Noun string

// The nouns, each a folder in functions/.
const (
	Ideas    Noun = "ideas"
	Votes    Noun = "votes"
	Comments Noun = "comments"
	Statuses Noun = "statuses"
	Accounts Noun = "accounts"
	Pictures Noun = "pictures" // of ideas, for previews of links
	Imports  Noun = "imports"  // from other systems
)

// Access is who may call a route. The use cases check again: this only answers
// earlier, before a body is read.
type Access uint8

// The kinds of access.
const (
	Public  Access = iota // the same for everybody: the session is not even looked up
	Anyone                // visitors too, but members may see more
	Members               // signed in
	Team                  // the product team
)

// Route is one line of the route table.
type Route struct {
	Noun    Noun
	Pattern string // "METHOD /path", as http.ServeMux takes it
	Access  Access
	handle  func(http.ResponseWriter, *http.Request) error
}

// Routes is the whole table: what template.yaml has to declare.
func Routes() []Route {
	s := new(Server)
	s.ServeImports()
	return s.routes()
}

func (s *Server) routes() []Route {
	all := append(s.jsonRoutes(), s.pageRoutes()...)
	if s.imports != nil && (s.Pages != nil || s.Portal == nil) {
		all = append(all, s.imports()...)
	}
	return all
}

func (s *Server) jsonRoutes() []Route {
	return []Route{
		// anybody
		{Ideas, "GET /api/v1/openapi.json", Public, s.getOpenAPI},
		{Ideas, "GET /api/v1/categories", Public, s.getCategories},
		{Ideas, "GET /api/v1/ideas", Anyone, s.listIdeas},
		{Ideas, "GET /api/v1/ideas/similar", Anyone, s.similarIdeas},
		{Ideas, "GET /api/v1/ideas/{id}", Anyone, s.getIdea},
		{Comments, "GET /api/v1/ideas/{id}/comments", Anyone, s.listComments},
		{Statuses, "GET /api/v1/statuses", Public, s.getStatuses},
		{Accounts, "GET /api/v1/members/{id}", Anyone, s.getMember},
		{Accounts, "POST /api/v1/sign-in", Anyone, s.signIn},
		{Accounts, "POST /api/v1/sign-in/confirm", Anyone, s.confirmSignIn},
		{Accounts, "POST /api/v1/sign-out", Anyone, s.signOut},

		// members
		{Ideas, "POST /api/v1/ideas", Members, s.createIdea},
		{Ideas, "PATCH /api/v1/ideas/{id}", Members, s.editIdea},
		{Votes, "PUT /api/v1/ideas/{id}/vote", Members, s.castVote},
		{Votes, "DELETE /api/v1/ideas/{id}/vote", Members, s.withdrawVote},
		{Votes, "PUT /api/v1/ideas/{id}/follow", Members, s.followIdea},
		{Votes, "DELETE /api/v1/ideas/{id}/follow", Members, s.unfollowIdea},
		{Comments, "POST /api/v1/ideas/{id}/comments", Members, s.addComment},
		{Comments, "PATCH /api/v1/ideas/{id}/comments/{cid}", Members, s.editComment},
		{Comments, "DELETE /api/v1/ideas/{id}/comments/{cid}", Members, s.deleteComment},
		{Statuses, "POST /api/v1/ideas/{id}/report", Members, s.report},
		{Statuses, "POST /api/v1/ideas/{id}/appeal", Members, s.appeal},
		{Accounts, "GET /api/v1/me", Members, s.getMe},
		{Accounts, "PATCH /api/v1/me", Members, s.editMe},
		{Accounts, "DELETE /api/v1/me", Members, s.deleteMe},
		{Accounts, "POST /api/v1/me/mail-again", Members, s.mailAgain},
		{Accounts, "GET /api/v1/me/export", Members, s.exportMe},
		{Accounts, "GET /api/v1/me/sessions", Members, s.listSessions},
		{Accounts, "DELETE /api/v1/me/sessions/{session}", Members, s.endSession},

		// the team
		{Statuses, "GET /api/v1/team/ideas", Team, s.teamIdeas},
		{Statuses, "POST /api/v1/team/ideas", Team, s.submitFor},
		{Statuses, "GET /api/v1/team/ideas/{id}", Team, s.getDesk},
		{Statuses, "PATCH /api/v1/team/ideas/{id}", Team, s.editDesk},
		{Statuses, "POST /api/v1/team/ideas/{id}/notes", Team, s.addMemo},
		{Statuses, "PATCH /api/v1/team/ideas/{id}/notes/{note}", Team, s.editMemo},
		{Statuses, "DELETE /api/v1/team/ideas/{id}/notes/{note}", Team, s.deleteMemo},
		{Statuses, "PUT /api/v1/team/ideas/{id}/answer", Team, s.pinAnswer},
		{Statuses, "DELETE /api/v1/team/ideas/{id}/answer", Team, s.unpinAnswer},
		{Statuses, "POST /api/v1/team/statuses", Team, s.changeStatuses},
		{Statuses, "GET /api/v1/team/tags", Team, s.listTags},
		{Statuses, "POST /api/v1/team/tags", Team, s.addTag},
		{Statuses, "PATCH /api/v1/team/tags/{tag}", Team, s.editTag},
		{Statuses, "DELETE /api/v1/team/tags/{tag}", Team, s.deleteTag},
		{Statuses, "GET /api/v1/team/lists", Team, s.listLists},
		{Statuses, "POST /api/v1/team/lists", Team, s.saveList},
		{Statuses, "DELETE /api/v1/team/lists/{list}", Team, s.deleteList},
		{Statuses, "POST /api/v1/ideas/{id}/status", Team, s.changeStatus},
		{Statuses, "POST /api/v1/ideas/{id}/merge", Team, s.mergeIdea},
		{Statuses, "DELETE /api/v1/ideas/{id}/merge", Team, s.unmergeIdea},
		{Statuses, "GET /api/v1/ideas/{id}/moderation", Team, s.getCase},
		{Statuses, "POST /api/v1/ideas/{id}/moderation", Team, s.decide},
		{Statuses, "POST /api/v1/members/{id}/sanctions", Team, s.sanction},
		{Statuses, "GET /api/v1/team/waiting", Team, s.getWaiting},
		{Statuses, "GET /api/v1/team/queue", Team, s.listQueue},
		{Statuses, "GET /api/v1/team/votes", Team, s.listVoteCases},
		{Statuses, "GET /api/v1/team/votes/{id}", Team, s.getVoteCase},
		{Statuses, "POST /api/v1/team/votes/{id}/decision", Team, s.decideVotes},
		{Statuses, "GET /api/v1/team/log", Team, s.listLog},
		{Statuses, "GET /api/v1/team/members/{id}", Team, s.getStanding},
		{Statuses, "GET /api/v1/team/ideas/{id}/told", Team, s.listTold},
		{Statuses, "GET /api/v1/team/numbers", Team, s.getNumbers},
		{Statuses, "GET /api/v1/team/export/{file}", Team, s.takeoutFile},
		{Statuses, "POST /api/v1/team/export/{file}", Team, s.takeoutForm},
	}
}
