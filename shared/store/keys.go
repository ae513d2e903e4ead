package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// The kinds of records. Stream filters in template.yaml match on them.
const (
	KindBody    = "body"
	KindIdea    = "idea"
	KindHistory = "history"
	KindCard    = "card"
	KindComment = "comment"
	KindTally   = "tally"
	KindTalk    = "talk"
	KindPosting = "post"
	KindReindex = "reindex"
	KindVote    = "vote"
	KindFollow  = "follow"
	KindMember  = "member"
	KindSession = "session"
	KindAddress = "address"
	KindCode    = "code"
	KindKey     = "key"
	KindUse     = "use"
	KindMail    = "mail"
	KindJob     = "job"
	KindOutbox  = "outbox"
	KindActive  = "active"
	KindRound   = "round"
	KindSuspect = "suspect"

	KindSuppression = "suppression"
	KindDigest      = "digest"
	KindMailKey     = "mailkey"
	KindNetworkKey  = "netkey"
	KindStanding    = "standing"
	KindCensus      = "census"
	KindActivity    = "activity"
	KindWait        = "wait"

	KindCase      = "case"
	KindReport    = "report"
	KindEarlier   = "earlier"
	KindVoteCase  = "votecase"
	KindExclusion = "exclusion"
	KindLog       = "log"

	KindAnswer  = "answer"
	KindDossier = "dossier"
	KindMemo    = "memo"
	KindSheet   = "sheet"
	KindLabel   = "label"
	KindTags    = "tags"
	KindFilters = "filters"
	KindOrigin  = "origin"
	KindIntake  = "intake"
	KindPiece   = "piece"
)

// The secondary indexes, as table.Query counts them.
const (
	ixTop   = 1
	ixTrend = 2
	ixNew   = 3
	ixSteps = 1 // of a week; shares the first index
	ixOwn   = 3 // what belongs to a member; shares the third index

	ixSubscribers = 2 // of the weekly summary; shares the second index

	ixQueue = 1 // of cases that wait; shares the first index
	ixWhat  = 1 // of the log, by what was done
	ixBy    = 2 // by who did it
	ixWhose = 3 // by whom it was done to
)

// Lanes is the number of partitions that one idea's votes are spread over. It can
// never change: a vote's key would move, and its member could vote twice.
const Lanes = 16

// Slots is the number of cards of an idea: one for each scope it is listed in.
const Slots = 4

func ideaPK(id string) string     { return "I#" + id }
func bodyKey(id string) table.Key { return table.Key{PK: ideaPK(id), SK: "0B"} }
func ideaKey(id string) table.Key { return table.Key{PK: ideaPK(id), SK: "0M"} }
func cardKey(id string, slot int) table.Key {
	return table.Key{PK: ideaPK(id), SK: fmt.Sprintf("3K#%d", slot)}
}
func historyKey(id string, ver int64) table.Key {
	return table.Key{PK: ideaPK(id), SK: fmt.Sprintf("2H#%06d", ver)}
}
func commentKey(idea, id string) table.Key { return table.Key{PK: ideaPK(idea), SK: "5C#" + id} }

const (
	commentPrefix = "5C#"
	cardPrefix    = "3K#"
	pageEnd       = "6" // behind the last row of an idea's page
)

func termPK(term string) string { return "T#" + term }

func countsPK(id string) string { return "C#" + id }
func tallyKey(id string, lane int) table.Key {
	return table.Key{PK: countsPK(id), SK: fmt.Sprintf("T#%x", lane)}
}
func talkKey(id string) table.Key { return table.Key{PK: countsPK(id), SK: "D"} }

// What the statistics count by, and their sums: see census.go.
func bucketPK(bucket int) string                { return fmt.Sprintf("N#%02x", bucket) }
func bucketSK(prefix string, bucket int) string { return fmt.Sprintf("%s#%02x", prefix, bucket) }
func standingKey(id string) table.Key {
	return table.Key{PK: bucketPK(BucketOf(id)), SK: standingPrefix + id}
}

const (
	standingPrefix = "I#"
	censusPrefix   = "C"
	activityPrefix = "W"
	tallies        = "N#tallies"
	sums           = "N#sum"
	waitPrefix     = "N#wait#"
)

func votePK(idea string, lane int) string { return fmt.Sprintf("V#%s#%x", idea, lane) }
func voteKey(idea, member string) table.Key {
	return table.Key{PK: votePK(idea, laneOf(member)), SK: member}
}

// Followers are spread over the same lanes as votes.
func followPK(idea string, lane int) string { return fmt.Sprintf("F#%s#%x", idea, lane) }
func followKey(idea, member string) table.Key {
	return table.Key{PK: followPK(idea, laneOf(member)), SK: member}
}

// laneOf is the lane of a member's votes: the first character of the id, which
// is one of the alphabet's first sixteen.
func laneOf(member string) int { return strings.IndexByte("0123456789abcdef", member[0]) & (Lanes - 1) }

func memberKey(id string) table.Key { return table.Key{PK: "U#" + id, SK: "0"} }
func sessionKey(member, id string) table.Key {
	return table.Key{PK: "U#" + member, SK: sessionPrefix + id}
}

const sessionPrefix = "S#"

func addressKey(email string) table.Key { return table.Key{PK: "E#" + digest(email), SK: "0"} }
func codeKey(id string) table.Key       { return table.Key{PK: "A#" + id, SK: "0"} }
func keyKey(key string) table.Key       { return table.Key{PK: "K#" + key, SK: "0"} }
func useKey(name, subject string) table.Key {
	return table.Key{PK: "R#" + name + "#" + digest(subject), SK: "0"}
}

// Index partitions of what belongs to a member.
func ownIdeas(member string) string    { return "U#" + member + "#I" }
func ownComments(member string) string { return "U#" + member + "#C" }
func ownVotes(member string) string    { return "U#" + member + "#V" }
func ownFollows(member string) string  { return "U#" + member + "#F" }
func ownMutes(member string) string    { return "U#" + member + "#Q" }
func ownSteps(member string) string    { return "U#" + member + "#H" }
func ownMails(member string) string    { return "U#" + member + "#M" }

func ownCases(member string) string   { return "U#" + member + "#J" }
func ownReports(member string) string { return "U#" + member + "#P" }

// What moderation knows of a thing: its case, and the reports of each round.
func casePK(t portal.Thing) string     { return "P#" + t.String() }
func caseKey(t portal.Thing) table.Key { return table.Key{PK: casePK(t), SK: "0"} }
func earlierKey(t portal.Thing) table.Key {
	return table.Key{PK: casePK(t), SK: earlierSK}
}
func voteCaseKey(ideaID string) table.Key {
	return table.Key{PK: casePK(portal.Thing{IdeaID: ideaID}), SK: "V"}
}
func reportKey(r portal.Report) table.Key {
	return table.Key{PK: casePK(r.Thing), SK: reportPrefix(r.Round) + r.MemberID}
}

const earlierSK = "E"

func reportPrefix(round int64) string { return fmt.Sprintf("R#%06d#", round) }

func waitingPK(q portal.Queue) string { return "J#" + string(q) }

// Members whose votes don't count are spread over the lanes of votes.
func exclusionPK(lane int) string { return fmt.Sprintf("X#votes#%x", lane) }
func exclusionKey(member string) table.Key {
	return table.Key{PK: exclusionPK(laneOf(member)), SK: member}
}

// The audit log is one partition: it grows by a few lines a minute at most. IAM
// denies changing what is in it, by this key: see template.yaml.
const logPK = "L#log"

// codesFor is the index partition of the codes that were sent to an address.
func codesFor(email string) string { return addressKey(email).PK + "#A" }

// scope is the index partition of a list; "" means "any".
func scope(category, status string) string {
	s := "L#"
	if category != "" {
		s += "c=" + category
	}
	if category != "" && status != "" {
		s += "&"
	}
	if status != "" {
		s += "s=" + status
	}
	return s
}

// activePK is the partition of the ideas that something happened to on a day.
func activePK(day string) string { return "D#" + day }

// What reconciliation knows from one run to the next.
const (
	roundPK       = "W#reconcile"
	suspectPrefix = "S#"
)

// digest keeps personal data, and lengths, out of keys.
func digest(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:16])
}
