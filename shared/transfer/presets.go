package transfer

import "groundswell/shared/portal"

// Presets are the systems whose exports are known by name.
func Presets() []Preset {
	return []Preset{myStarbucksIdea, canny, userVoice, fider, fiderBackup, github, generic}
}

var generic = Preset{
	Name: "generic", Note: "columns named as the fields are, as in our own export, or as tables often name them; others by -map or -mapping",
	IdeasFile: "ideas.csv|ideas.json|ideas.jsonl", CommentsFile: "comments.csv|comments.json|comments.jsonl", VotesFile: "votes.csv|votes.json|votes.jsonl",
	Ideas: named(ideaFields, usual), Comments: named(commentFields, usual), Votes: named(voteFields, usual), Loose: true, HTML: HTMLAuto,
	Skip: []string{"shown=false"}, SkipComments: []string{"shown=false", "deleted=true"}, // of our own export: what only the team saw
}

// usual are names that tables which people keep themselves have for a field.
var usual = Columns{
	FieldID: "key", FieldIdea: "idea id|post|post id", FieldParent: "parent id|reply to",
	FieldTitle: "subject|headline|idea title|post title|idea|suggestion", FieldBody: "text|details|description|content|comment",
	FieldCategory: "topic|board|forum", FieldVotes: "vote count|score|points|upvotes|likes",
	FieldAuthor: "author name|user|user name|voter|submitted by|created by|creator|customer", FieldEmail: "author email|user email|email address|e-mail address",
	FieldCreated: "created at|created on|date|submitted at|submitted on|timestamp", FieldStatus: "state", FieldURL: "link|permalink",
}

var myStarbucksIdea = Preset{
	Name: "my-starbucks-idea", Note: "ideas.csv and comments.csv of the portal of 2008 to 2017: points for votes, comments without text",
	IdeasFile: "ideas.csv", CommentsFile: "comments.csv",
	Ideas: Columns{FieldID: "suggestionId", FieldAuthor: "author", FieldTitle: "title", FieldCategory: "category",
		FieldVotes: "votes", FieldCreated: "timestamp"},
	Comments: Columns{FieldID: "commentId", FieldIdea: "suggestionId", FieldAuthor: "author", FieldCreated: "timestamp"},
	Dates:    MonthFirst, Points: 10, URLEncoded: true,
	Categories: map[string]string{
		"Coffee & Espresso Drinks": "coffee", "Frappuccino Beverages": "blended", "Tea & Other Drinks": "tea", "Food": "food",
		"Merchandise & Music": "merchandise", "Starbucks Card": "card", "New Technology": "technology",
		"Other Product Ideas": "product-other", "Ordering, Payment & Pick-Up": "ordering", "Atmosphere & Locations": "places",
		"Other Experience Ideas": "experience-other", "Building Community": "community",
		"Social Responsibility": "responsibility", "Other Involvement Ideas": "involvement-other", "Outside USA": "abroad",
	},
}

// Paths: the answers of posts/list, comments/list and votes/list in Canny's API; the
// columns of its CSV are the same in words, and not documented in public.
var canny = Preset{
	Name: "canny", Note: "posts, comments and votes of Canny: answers of its API as JSON, or its CSV",
	IdeasFile: "posts.json|posts.csv|ideas.csv", CommentsFile: "comments.json|comments.csv", VotesFile: "votes.json|votes.csv",
	List: "posts", CommentsList: "comments", VotesList: "votes", Loose: true, HTML: HTMLAuto,
	Ideas: Columns{FieldID: "id|post id", FieldTitle: "title|post title|post", FieldBody: "details|description|post details",
		FieldCategory: "category.name|category|board.name|board", FieldVotes: "score|votes|vote count", FieldAuthor: "author.name|author",
		FieldEmail: "author.email", FieldCreated: "created|created at|date", FieldStatus: "status", FieldMoved: "statusChangedAt", FieldURL: "url|post url"},
	Comments: Columns{FieldID: "id|comment id", FieldIdea: "post.id|post id", FieldParent: "parentID", FieldBody: "value|comment",
		FieldAuthor: "author.name|author", FieldEmail: "author.email", FieldCreated: "created|created at"},
	Votes:        Columns{FieldIdea: "post.id|post id", FieldAuthor: "voter.name|voter", FieldEmail: "voter.email", FieldCreated: "created|created at"},
	SkipComments: []string{"internal=true", "private=true"}, // the team's own
	Statuses:     map[string]portal.Status{"closed": portal.Declined},
}

// Columns: UserVoice's article "Export fields" and what imports of other portals
// read of its full export, which has a line for each idea and voter.
var userVoice = Preset{
	Name: "uservoice", Note: "the CSV of ideas that UserVoice exports, with or without voters, and that of comments",
	IdeasFile: "ideas.csv|suggestions.csv", CommentsFile: "comments.csv",
	Loose: true, HTML: HTMLAuto, Repeats: true, Commas: true,
	Ideas: Columns{FieldID: "idea id|suggestion.id|id", FieldTitle: "idea title|suggestion.title|title",
		FieldBody: "idea description|suggestion.body|description|text", FieldCategory: "category|suggestion.category.name|category name|forum name|suggestion.forum.name",
		FieldVotes: "voters count|supporters count|suggestion.supporters_count|votes", FieldAuthor: "idea creator name|suggestion.created_by.name|creator name",
		FieldEmail:   "idea creator email address|suggestion.created_by.email_address|creator email",
		FieldCreated: "created timestamp|suggestion.created_timestamp|created at|created", FieldStatus: "public status name|suggestion.status.name|status",
		FieldMoved: "public status updated timestamp", FieldTeam: "public status creator name", FieldNote: "public status update message",
		FieldURL: "suggestion.portal_url|portal url|idea url|url"},
	Comments: Columns{FieldID: "comment id|comment.id", FieldIdea: "suggestion id|idea id|suggestion.id", FieldBody: "text|body|comment.body",
		FieldAuthor: "user name|user.name", FieldEmail: "user email|user email address|user.email_address", FieldCreated: "created at|created timestamp|comment.created_timestamp"},
	Votes: Columns{FieldIdea: "idea id|suggestion.id|id", FieldAuthor: "user name", FieldEmail: "user email address", FieldCreated: "linked idea creation date"},
	Skip:  []string{"moderation state=spam", "moderation state=rejected"},
}

// Columns: app/pkg/csv/csv.go of getfider/fider. Its posts have the address
// /posts/NUMBER/TITLE.
var fider = Preset{
	Name: "fider", Note: "the posts.csv that Fider's administration exports; it has no categories: say -category '*=product-other'",
	IdeasFile: "posts.csv|ideas.csv", URLs: []string{"/posts/{number}"}, Commas: true,
	Ideas: Columns{FieldID: "number", FieldTitle: "title", FieldBody: "description", FieldCreated: "created_at",
		FieldAuthor: "created_by", FieldVotes: "votes_count", FieldStatus: "status", FieldMoved: "responded_at",
		FieldTeam: "responded_by", FieldNote: "response"},
}

// Members: the tables of getfider/fider (app/pkg/backup), which its backup holds as
// JSON, one file a table; statuses: app/models/enum/post_status.go.
var fiderBackup = Preset{
	Name: "fider-backup", Note: "the ZIP that Fider's administration makes as a backup, with comments and votes; -category '*=product-other' as above",
	IdeasFile: "posts.json", CommentsFile: "comments.json", VotesFile: "post_votes.json", URLs: []string{"/posts/{number}"}, Loose: true,
	Tables: map[string]TableFile{
		"users": {"users.json", "id"}, "posts": {"posts.json", "id"}, "votes": {"post_votes.json", "post_id"},
		"labels": {"post_tags.json", "post_id"}, "tags": {"tags.json", "id"},
	},
	Ideas: Columns{FieldID: "number", FieldTitle: "title", FieldBody: "description", FieldCreated: "created_at", FieldCategory: "id>labels.tag_id>tags.name",
		FieldAuthor: "user_id>users.name", FieldEmail: "user_id>users.email", FieldVotes: "id>votes.#", FieldStatus: "status",
		FieldMoved: "response_date", FieldTeam: "response_user_id>users.name", FieldNote: "response"},
	Comments: Columns{FieldID: "id", FieldIdea: "post_id>posts.number", FieldBody: "content", FieldCreated: "created_at",
		FieldAuthor: "user_id>users.name", FieldEmail: "user_id>users.email"},
	Votes: Columns{FieldIdea: "post_id>posts.number", FieldCreated: "created_at", FieldAuthor: "user_id>users.name", FieldEmail: "user_id>users.email"},
	Skip:  []string{"status=6"}, SkipComments: []string{"deleted_at"},
	Statuses: map[string]portal.Status{"0": portal.New, "1": portal.InProgress, "2": portal.Launched, "3": portal.Declined, "4": portal.Planned},
}

// Members: GitHub's REST API ("List repository issues", "List issue comments for a
// repository"), and what "gh issue list --json" calls the same.
var github = Preset{
	Name: "github", Note: "issues and comments of GitHub's API as JSON (gh api --paginate): labels are categories, thumbs up are votes",
	IdeasFile: "issues.json", CommentsFile: "comments.json", Loose: true, Commas: true,
	Ideas: Columns{FieldID: "number", FieldTitle: "title", FieldBody: "body", FieldCategory: "labels.*.name", FieldVotes: "reactions.+1",
		FieldAuthor: "user.login|author.login", FieldCreated: "created_at|createdAt", FieldStatus: "state_reason|stateReason|state",
		FieldMoved: "closed_at|closedAt", FieldURL: "html_url|url"},
	Comments: Columns{FieldID: "id", FieldIdea: "issue_url:tail|^number", FieldBody: "body", FieldAuthor: "user.login|author.login",
		FieldCreated: "created_at|createdAt"},
	InnerComments: "comments",
	Skip:          []string{"pull_request.url"},
	Statuses:      map[string]portal.Status{"completed": portal.Launched, "not_planned": portal.Declined, "reopened": portal.New},
}
