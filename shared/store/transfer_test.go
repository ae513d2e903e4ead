package store

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/table"
)

// TestCheckRecord: every kind that this package writes passes, and has a check.
func TestCheckRecord(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	id, member := portal.ImportedAt(at, "s", "1"), portal.ImportedMember("s", "m")
	idea := portal.Idea{ID: id, Title: "t", Category: "food", Status: portal.New, AuthorID: member, CreatedAt: at, Version: 1}
	tally := NewTally(id, 3, 1)
	good := []table.Record{
		ideaRecord(idea), bodyRecord(id, 1, "b"), historyRecord(portal.HistoryEntry{IdeaID: id, Ver: 1, At: at, To: portal.New}),
		cardRecord(newCard(idea), 0, true, 1), commentRecord(portal.Comment{ID: id, IdeaID: id, Author: portal.Author{ID: member}, Version: 1}),
		voteRecord(portal.Vote{IdeaID: id, MemberID: member, At: at}),
		followRecord(portal.Follow{IdeaID: id, MemberID: member, At: at, Following: true, Version: 1}), memberRecord(portal.Member{ID: member, Version: 1}),
		record(tallyKey(id, 3), KindTally, 1, tallyRow{Depth: 1, Cells: tally.encode()}), record(talkKey(id), KindTalk, 1, talkRow{}),
		record(postingKey(search.Key{Term: "tea", Level: search.InTitle}, id), KindPosting, 1, postRow{search.Encode(.5, search.Signature{1})}),
		record(reindexKey, KindReindex, 1, reindexRow{Generation: 1}),
		record(addressKey("a@example.com"), KindAddress, 1, addressRow{Member: member}),
		record(sessionKey(member, "x"), KindSession, 1, sessionRow{}), record(codeKey("x"), KindCode, 1, codeRow{}),
		record(keyKey("x"), KindKey, 1, keyRow{}), record(useKey("n", "s"), KindUse, 1, useRow{}),
		record(ledgerKey(id, "launched", member), KindMail, 1, mailRow{}), jobRecord(Job{Queue: "mail", Due: at, Version: 1}, "r"),
		record(table.Key{PK: outboxPK, SK: "x"}, KindOutbox, 1, outboxRow{}),
		record(table.Key{PK: activePK(Day(at)), SK: id}, KindActive, 1, activeRow{}), record(table.Key{PK: roundPK, SK: "0"}, KindRound, 1, roundRow{}),
		record(suspectKey(id), KindSuspect, 1, suspectRow{}),
		record(suppressionKey("a@example.com"), KindSuppression, 1, suppressionRow{}), record(digestKey("2026W48"), KindDigest, 1, digestRow{}),
		standingRecord(portal.StandingOf(idea, nil), 1), censusRecord(CensusOfAll.key, portal.Census{}, 1),
		activityRecord(ActivityOfAll, portal.Activity{}, 1), record(waitKey(id), KindWait, 1, struct{}{}),
		caseRecord(portal.Case{Thing: portal.Thing{IdeaID: id, CommentID: id}, Version: 1}),
		reportRecord(portal.Report{Thing: portal.Thing{IdeaID: id}, MemberID: member, Version: 1}),
		(&Store{}).earlierRecord(portal.Earlier{Thing: portal.Thing{IdeaID: id}, Text: "b", At: at}),
		voteCaseRecord(portal.VoteCase{IdeaID: id, Open: true, Since: at, Version: 1}),
		exclusionRecord(portal.Exclusion{MemberID: member, Version: 1}), logRecord(portal.LogEntry{ID: id}),
		record(answerKey(id), KindAnswer, 1, answerRow{}), dossierRecord(portal.Dossier{IdeaID: id, Owner: member, Version: 2}),
		memoRecord(portal.Memo{ID: id, IdeaID: id, By: member, Version: 1}), record(sheetKey(id), KindSheet, 1, sheetRow{}),
		record(labelKey(id, "o="+member), KindLabel, 1, labelRow{}), tagsOp(portal.Tags{}).Rec,
		record(filtersKey(member), KindFilters, 1, filtersRow{}),
		originRecord(sourceKey("s", "1"), id), intakeRecord(portal.Intake{ID: id, By: member, At: at, Version: 1}),
		record(table.Key{PK: filePK(id), SK: "F#00"}, KindPiece, 1, pieceRow{Data: []byte("x"), Last: true}),
	}
	seen := map[string]bool{}
	for _, r := range good {
		seen[r.Kind] = true
		if err := CheckRecord(r); err != nil {
			t.Errorf("%s: %v", r.Kind, err)
		}
		for name, spoilt := range map[string]func(*table.Record){
			"key":  func(r *table.Record) { r.PK = "X" + r.PK },
			"kind": func(r *table.Record) { r.Kind += "s" },
			"body": func(r *table.Record) { r.Body = []byte(`[1]`) },
			"none": func(r *table.Record) { r.Body = nil },
			"ttl":  func(r *table.Record) { r.TTL = -1 },
		} {
			bad := r
			if spoilt(&bad); CheckRecord(bad) == nil {
				t.Errorf("%s with another %s passes", r.Kind, name)
			}
		}
	}
	for kind := range rows {
		if !seen[kind] {
			t.Errorf("no record of kind %s was checked", kind)
		}
	}
	if len(rows) != len(seen) {
		t.Errorf("%d kinds have checks, %d exist", len(rows), len(seen))
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	m := portal.Member{ID: portal.ImportedMember("s", "m"), Version: 1}
	if n := len(MemberUnit(m).Ops()); n != 1 {
		t.Errorf("a profile without an address has %d records", n)
	}
	m.Email = "a@example.com"
	u := MemberUnit(m)
	if ops := u.Ops(); len(ops) != 2 || u.Key() != memberKey(m.ID) || ops[1].Rec.Key != addressKey(m.Email) {
		t.Errorf("unit %+v", u)
	}
	taken := portal.TakenIdea{Idea: portal.Idea{ID: "i", Version: 2}, History: []portal.HistoryEntry{{IdeaID: "i", Ver: 1}, {IdeaID: "i", Ver: 2, From: portal.New}}}
	if ops := IdeaUnit(taken).Ops(); len(ops) != 4 {
		t.Errorf("%d records without an origin", len(ops))
	}
	taken.Key, taken.Idea.Source = "12", "other"
	unit := IdeaUnit(taken)
	if unit.Key() != sourceKey("other", "12") || unit.Key() == sourceKey("other1", "2") {
		t.Errorf("known by %s", unit.Key())
	}
	for _, op := range unit.Ops()[1:] {
		if op.Cond != table.NotExists || op.Mut != table.Put {
			t.Errorf("%s may replace what is there", op.Rec.Key)
		}
		if !json.Valid(op.Rec.Body) || !strings.HasPrefix(op.Rec.PK, "I#i") {
			t.Errorf("record %+v", op.Rec)
		}
	}
}
