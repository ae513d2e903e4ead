package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/table"
)

// Unit is what an import puts in one write: all of its records or, where one of
// them is there already, none.
type Unit struct{ recs []table.Record }

// IdeaUnit is an imported idea with its text and history, and its origin.
func IdeaUnit(t portal.TakenIdea) Unit {
	var u Unit
	if t.Key != "" { // first, so that it is known again though its time is told otherwise, and its id with it
		u.recs = append(u.recs, originRecord(sourceKey(t.Idea.Source, t.Key), t.Idea.ID))
	}
	u.recs = append(u.recs, ideaRecord(t.Idea), bodyRecord(t.Idea.ID, t.Idea.Version, t.Body))
	for _, h := range t.History {
		u.recs = append(u.recs, historyRecord(h))
	}
	return u
}

// MemberUnit is a member and, where there is one, the address.
func MemberUnit(m portal.Member) Unit {
	u := Unit{[]table.Record{memberRecord(m)}}
	if m.Email != "" {
		u.recs = append(u.recs, record(addressKey(m.Email), KindAddress, 1, addressRow{Member: m.ID}))
	}
	return u
}

// CommentUnit is an imported comment.
func CommentUnit(c portal.Comment) Unit { return Unit{[]table.Record{commentRecord(c)}} }

// VoteUnit is a vote that was cast before the portal knew of it.
func VoteUnit(v portal.Vote) Unit { return Unit{[]table.Record{voteRecord(v)}} }

// FollowUnit is what somebody follows.
func FollowUnit(f portal.Follow) Unit { return Unit{[]table.Record{followRecord(f)}} }

// RecordUnit is a record of an export, as it was.
func RecordUnit(r table.Record) Unit { return Unit{[]table.Record{r}} }

// Ops are the writes of the unit: put them all in one Write.
func (u Unit) Ops() []table.Op {
	ops := make([]table.Op, len(u.recs))
	for i, r := range u.recs {
		ops[i] = table.Op{Rec: r, Cond: table.NotExists}
	}
	return ops
}

// Key is that of the unit's first record, which is there if the unit is.
func (u Unit) Key() table.Key { return u.recs[0].Key }

// rows says what the keys of a kind begin with and how its body is read.
var rows = map[string]struct {
	pk, sk string
	read   func(table.Record) error
}{
	KindBody:    {"I#", "0B", readAs[bodyRow]},
	KindIdea:    {"I#", "0M", of(IdeaOf)},
	KindHistory: {"I#", "2H#", of(HistoryOf)},
	KindCard:    {"I#", cardPrefix, of(cardOf)},
	KindComment: {"I#", commentPrefix, of(CommentOf)},
	KindTally:   {"C#", "T#", of(tallyOf)},
	KindTalk:    {"C#", "D", readAs[talkRow]},
	KindPosting: {"T#", "", checkPosting},
	KindReindex: {"X#reindex", "0", readAs[reindexRow]},
	KindVote:    {"V#", "", checkVote},
	KindFollow:  {"F#", "", checkFollow},
	KindMember:  {"U#", "0", of(MemberOf)},
	KindSession: {"U#", sessionPrefix, readAs[sessionRow]},
	KindAddress: {"E#", "0", readAs[addressRow]},
	KindCode:    {"A#", "0", readAs[codeRow]},
	KindKey:     {"K#", "0", readAs[keyRow]},
	KindUse:     {"R#", "", readAs[useRow]},
	KindMail:    {"M#", "", of(deliveryOf)},
	KindJob:     {"Q#", "", of(checkJob)},
	KindOutbox:  {"O#", "", of(outboxOf)},
	KindActive:  {"D#", "", readAs[activeRow]},
	KindRound:   {roundPK, "0", readAs[roundRow]},
	KindSuspect: {roundPK, suspectPrefix, of(suspectOf)},

	KindDigest:      {digestPrefix, "0", readAs[digestRow]},
	KindSuppression: {suppressionPrefix, "0", of(suppressionOf)},
	KindStanding:    {"N#", standingPrefix, of(standingOf)},
	KindCensus:      {"N#", censusPrefix, of(censusOf)},
	KindActivity:    {"N#", activityPrefix, of(activityOf)},
	KindWait:        {waitPrefix, "", checkWait},

	KindCase:      {"P#", "0", of(CaseOf)},
	KindReport:    {"P#", "R#", of(ReportOf)},
	KindEarlier:   {"P#", earlierSK, of(earlierOf)},
	KindVoteCase:  {"P#", "V", of(voteCaseOf)},
	KindExclusion: {"X#votes#", "", checkExclusion},
	KindLog:       {logPK, "", of(LogOf)},

	KindAnswer:  {"I#", answerSK, of(answerOf)},
	KindDossier: {teamPrefix, dossierSK, of(DossierOf)},
	KindMemo:    {teamPrefix, memoPrefix, of(MemoOf)},
	KindSheet:   {teamPrefix, sheetSK, of(sheetOf)},
	KindLabel:   {teamPrefix, labelPrefix, readAs[labelRow]},
	KindTags:    {tagsKey.PK, tagsKey.SK, of(TagsOf)},
	KindFilters: {filtersPK, "", of(filtersOf)},
	KindOrigin:  {originPrefix, "0", of(OriginOf)},
	KindIntake:  {"U#", intakeSK, of(intakeOf)},
	KindPiece:   {piecePrefix, "", of(pieceOf)},
}

func readAs[T any](r table.Record) error { _, err := unmarshal[T](r); return err }

func of[T any](read func(table.Record) (T, error)) func(table.Record) error {
	return func(r table.Record) error { _, err := read(r); return err }
}

func checkJob(r table.Record) (Job, error) { return jobOf(strings.TrimPrefix(r.PK, "Q#"), r) }

func checkPosting(r table.Record) error { _, _, err := postingOf(r); return err }

// checkVote also looks at the member: it says which lane and cell the vote is in.
func checkVote(r table.Record) error {
	v, err := VoteOf(r)
	if err == nil && (!portal.ValidMemberID(v.MemberID) || r.PK != votePK(v.IdeaID, laneOf(v.MemberID))) {
		err = errors.New("it is not in its member's lane")
	}
	return err
}

func checkExclusion(r table.Record) error {
	x, err := ExclusionOf(r)
	if err == nil && (!portal.ValidMemberID(x.MemberID) || r.PK != exclusionPK(laneOf(x.MemberID))) {
		err = errors.New("it is not in its member's lane")
	}
	return err
}

func checkFollow(r table.Record) error {
	f, err := FollowOf(r)
	if err == nil && (!portal.ValidMemberID(f.MemberID) || r.PK != followPK(f.IdeaID, laneOf(f.MemberID))) {
		err = errors.New("it is not in its member's lane")
	}
	return err
}

// CheckRecord reports whether a record that comes from outside is one that this
// package can read: one bad row would spoil the page of a list.
func CheckRecord(r table.Record) error {
	row, ok := rows[r.Kind]
	if !ok {
		return fmt.Errorf("there is no kind %q", r.Kind)
	}
	if !strings.HasPrefix(r.PK, row.pk) || !strings.HasPrefix(r.SK, row.sk) {
		return fmt.Errorf("its key is not that of a %s", r.Kind)
	}
	if err := r.Validate(); err != nil {
		return err
	}
	return row.read(r)
}

// IsIdea reports whether the record is an idea's own, and its id. It is for those
// who scan.
func IsIdea(r table.Record) (id string, ok bool) {
	return strings.TrimPrefix(r.PK, "I#"), r.Kind == KindIdea
}

// CardDiffs says where the idea's stored cards are not what want is, in one line
// each; AsOf and the fencing version aside.
func (s *Store) CardDiffs(ctx context.Context, want portal.Card, listed bool) ([]string, error) {
	keys := make([]table.Key, Slots)
	for i := range keys {
		keys[i] = cardKey(want.ID, i)
	}
	stored, err := s.Table.BatchGet(ctx, keys, true)
	if err != nil {
		return nil, fmt.Errorf("get cards: %w", err)
	}
	var diffs []string
	for i, k := range keys {
		r, ok := stored[k]
		if !ok {
			diffs = append(diffs, fmt.Sprintf("card %d: missing", i))
			continue
		}
		c, err := cardOf(r)
		if err != nil {
			diffs = append(diffs, fmt.Sprintf("card %d: %v", i, err))
			continue
		}
		asOf := c.AsOf
		c.AsOf = want.AsOf
		if d := cardDiff(c, want); d != "" {
			diffs = append(diffs, fmt.Sprintf("card %d: %s", i, d))
		} else if c.AsOf = asOf; cardRecord(c, i, listed, r.Ver).Idx != r.Idx {
			diffs = append(diffs, fmt.Sprintf("card %d: in the wrong place of a list", i))
		}
	}
	return diffs, nil
}

func cardDiff(have, want portal.Card) string {
	var ds []string
	add := func(name string, a, b any) {
		if a != b {
			ds = append(ds, fmt.Sprintf("%s %v, counted %v", name, a, b))
		}
	}
	add("votes", have.Votes, want.Votes)
	add("comments", have.Comments, want.Comments)
	add("trend", have.Trend, want.Trend)
	add("title", have.Title, want.Title)
	add("excerpt", have.Excerpt, want.Excerpt)
	add("category", have.Category, want.Category)
	add("status", have.Status, want.Status)
	add("author", have.Author, want.Author)
	add("version", have.Version, want.Version)
	add("hidden", have.Hidden, want.Hidden)
	add("merged into", have.MergedInto, want.MergedInto)
	add("duplicates", strings.Join(have.MergedFrom, " "), strings.Join(want.MergedFrom, " "))
	add("created", ms(have.CreatedAt), ms(want.CreatedAt))
	add("published", ms(have.Published), ms(want.Published))
	add("updated", ms(have.UpdatedAt), ms(want.UpdatedAt))
	add("launched", ms(have.LaunchedAt), ms(want.LaunchedAt))
	return strings.Join(ds, ", ")
}

// MendMember puts a member's places in the lists of members right, whose rules may be
// younger than the record, and reports whether they were wrong. It is for those who
// scan; without repair it only looks.
func (s *Store) MendMember(ctx context.Context, r table.Record, repair bool) (wrong bool, err error) {
	m, err := MemberOf(r)
	if err != nil || memberRecord(m).Idx == r.Idx || !repair {
		return err == nil && memberRecord(m).Idx != r.Idx, err
	}
	m.Version++
	if err := s.UpdateMember(ctx, m, r.Ver); err != nil && portal.KindOf(err) != portal.Stale {
		return true, err
	}
	return true, nil // who was faster wrote it by the same rules
}

// IsPosting reports whether the record is a posting that is not gone, and which. It
// is for those who scan.
func IsPosting(r table.Record) (k search.Key, ideaID string, ok bool) {
	if r.Kind != KindPosting {
		return k, "", false
	}
	p, ok, err := postingOf(r)
	return p.Key, p.IdeaID, ok && err == nil
}
