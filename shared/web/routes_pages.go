package web

// pageRoutes are the pages and the forms on them. Each form's action belongs to
// the noun that its JSON counterpart belongs to.
func (s *Server) pageRoutes() []Route {
	if s.Pages == nil && s.Portal != nil {
		return nil // the JSON alone
	}
	return []Route{
		// the same for everybody
		{Ideas, "GET /static/{file}", Public, s.staticFile},
		{Ideas, "GET /brand/{file}", Public, s.brandFile},
		{Ideas, "GET /robots.txt", Public, s.robots},
		{Ideas, "GET /sitemap.xml", Public, s.sitemapFile},
		{Ideas, "GET /feed.atom", Public, s.feedFile},
		{Ideas, "GET /sw.js", Public, s.workerFile},
		{Ideas, "GET /offline/{lang}", Public, s.offlinePage},
		{Pictures, "GET /ideas/{id}/card.png", Public, s.picture},

		// anybody
		{Ideas, "GET /{$}", Anyone, s.homePage},
		{Ideas, "GET /ideas/{id}", Anyone, s.ideaPage},
		{Ideas, "GET /ideas/{id}/{slug}", Anyone, s.ideaPage},
		{Statuses, "GET /in-action", Anyone, s.inActionPage},
		{Statuses, "GET /roadmap", Anyone, s.roadmapPage},
		{Statuses, "GET /withdraw", Anyone, s.withdrawPage},
		{Statuses, "POST /withdraw", Anyone, s.withdrawForm},
		{Accounts, "GET /members/{id}", Anyone, s.memberPage},
		{Accounts, "GET /sign-in", Anyone, s.signInPage},
		{Accounts, "POST /sign-in", Anyone, s.signInForm},
		{Accounts, "GET /sign-in/code", Anyone, s.codePage},
		{Accounts, "POST /sign-in/code", Anyone, s.codeForm},
		{Accounts, "POST /sign-out", Anyone, s.signOutForm},
		{Accounts, "POST /language", Anyone, s.languageForm},
		{Accounts, "GET /unsubscribe", Anyone, s.unsubscribePage},
		{Accounts, "POST /unsubscribe", Anyone, s.unsubscribeForm},
		{Accounts, "GET /mail-preferences", Anyone, s.preferencesPage},
		{Accounts, "POST /mail-preferences", Anyone, s.preferencesForm},

		// members; a form that a visitor sends leads through the sign-in page, or
		// shows what was typed again
		{Ideas, "GET /submit", Members, s.submitPage},
		{Ideas, "POST /submit", Anyone, s.submitForm},
		{Ideas, "GET /edit/{id}", Members, s.editPage},
		{Ideas, "POST /edit/{id}", Anyone, s.editForm},
		{Votes, "POST /ideas/{id}/vote", Anyone, s.voteForm},
		{Votes, "POST /ideas/{id}/follow", Anyone, s.followForm},
		{Comments, "POST /ideas/{id}/comments", Anyone, s.commentForm},
		{Comments, "GET /ideas/{id}/comments/{cid}/edit", Members, s.commentPage},
		{Comments, "POST /ideas/{id}/comments/{cid}/edit", Anyone, s.editCommentForm},
		{Comments, "POST /ideas/{id}/comments/{cid}/delete", Members, s.deleteCommentForm},
		{Statuses, "GET /ideas/{id}/report", Members, s.reportPage},
		{Statuses, "POST /ideas/{id}/report", Members, s.reportForm},
		{Statuses, "POST /ideas/{id}/appeal", Members, s.appealForm},
		{Accounts, "GET /me", Members, s.mePage},
		{Accounts, "POST /me", Members, s.profileForm},
		{Accounts, "POST /me/mail", Members, s.votedMailForm},
		{Accounts, "POST /me/sessions", Members, s.sessionForm},
		{Accounts, "POST /me/mail-again", Members, s.mailAgainForm},
		{Accounts, "GET /me/export", Members, s.exportMe},
		{Accounts, "GET /me/archive", Members, s.archiveMe},
		{Accounts, "POST /me/delete", Members, s.deleteMeForm},

		// the team
		{Statuses, "GET /team", Team, s.inboxPage},
		{Statuses, "GET /team/board", Team, s.boardPage},
		{Statuses, "GET /team/charts", Team, s.chartsPage},
		{Statuses, "GET /team/export", Team, s.takeoutPage},
		{Statuses, "GET /team/export/{file}", Team, s.takeoutFile},
		{Statuses, "POST /team/export/{file}", Team, s.takeoutForm},
		{Statuses, "GET /team/queue", Team, s.queuePage},
		{Statuses, "POST /team/queue", Team, s.queueForm},
		{Statuses, "GET /team/log", Team, s.logPage},
		{Statuses, "GET /team/members/{id}", Team, s.teamMemberPage},
		{Statuses, "POST /team/members/{id}", Team, s.teamMemberForm},
		{Statuses, "GET /team/ideas", Team, s.teamListPage},
		{Statuses, "GET /team/submit", Team, s.behalfPage},
		{Statuses, "POST /team/submit", Anyone, s.behalfForm},
		{Statuses, "POST /team/lists", Team, s.listsForm},
		{Statuses, "GET /team/tags", Team, s.tagsPage},
		{Statuses, "POST /team/tags", Team, s.tagsForm},
		{Statuses, "GET /team/bulk", Team, s.bulkPage},
		{Statuses, "POST /team/bulk", Team, s.bulkForm},
		{Statuses, "POST /team/ideas/{id}/dossier", Team, s.dossierForm},
		{Statuses, "POST /team/ideas/{id}/notes", Team, s.memoForm},
		{Statuses, "POST /team/ideas/{id}/answer", Team, s.answerForm},
		{Statuses, "GET /team/ideas/{id}", Team, s.teamIdeaPage},
		{Statuses, "GET /team/ideas/{id}/told", Team, s.toldPage},
		{Statuses, "POST /team/ideas/{id}/mail", Team, s.mailPreview},
		{Statuses, "POST /team/ideas/{id}/status", Team, s.teamStatusForm},
		{Statuses, "GET /team/ideas/{id}/merge", Team, s.teamMergePage},
		{Statuses, "POST /team/ideas/{id}/merge", Team, s.teamMergeForm},
		{Statuses, "POST /ideas/{id}/status", Team, s.statusForm},
	}
}
