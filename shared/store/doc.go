// Package store keeps the portal's nouns in one table: it implements
// portal.Store on any table.Table, and holds every key format and row shape of
// the system. Nothing else knows either.
//
// Start with the table of access patterns below and keys.go, then one file a
// noun. A row's Kind names its shape: fields may be added to a shape, and an
// incompatible one gets a new Kind.
//
// # Records
//
//	what            pk               sk                 indexes                    kind
//	idea text       I#<idea>         0B                 -                          body
//	idea            I#<idea>         0M                 -                          idea
//	pinned answer   I#<idea>         1A                 -                          answer
//	history entry   I#<idea>         2H#<version>       ix3 U#<author>#I (first)   history
//	                                                    ix3 U#<author>#H (others)
//	                                                    ix1 Y#<week> (changes)
//	card, 4 slots   I#<idea>         3K#<slot>          ix1 top ix2 trend ix3 new  card
//	comment         I#<idea>         5C#<comment>       ix3 U#<author>#C           comment
//	lane tally      C#<idea>         T#<lane>           -                          tally
//	comment tally   C#<idea>         D                  -                          talk
//	dossier         G#<idea>         M                  -                          dossier
//	note (team)     G#<idea>         M#<note>           -                          memo
//	label sheet     G#<idea>         L                  -                          sheet
//	label           G#<idea>         L#<list>           ix3 G#<list>               label
//	                                                    ix1 G#<list>&s=<status>
//	tags            G#team           tags               -                          tags
//	saved lists     G#filters        <member> or team   -                          filters
//	posting         T#<term>         <level><idea>      -                          post
//	idea's standing N#<bucket>       I#<idea>           -                          standing
//	bucket's census N#tallies        C#<bucket>         -                          census
//	census          N#sum            C                  -                          census
//	idea's activity N#<bucket>       W#<idea>           -                          activity
//	bucket's, all   N#tallies, N#sum W#<bucket>, W      -                          activity
//	note to settle  N#wait#<list>    <idea>             -                          wait
//	reindexing      X#reindex        0                  -                          reindex
//	vote            V#<idea>#<lane>  <member>           ix3 U#<member>#V           vote
//	follow          F#<idea>#<lane>  <member>           ix3 U#<member>#F           follow
//	                                                    ix3 U#<member>#Q (muted)
//	case            P#<thing>        0                  ix1 J#<queue> (waiting)    case
//	                                                    ix3 U#<author>#J
//	earlier text    P#<thing>        E                  - (ttl when gone)          earlier
//	report          P#<thing>        R#<round>#<member> ix3 U#<member>#P           report
//	case, votes     P#<idea>         V                  ix1 J#votes (waiting)      votecase
//	audit log       L#log            <time, random>     ix1 what ix2 by ix3 whose  log
//	exclusion       X#votes#<lane>   <member>           -                          exclusion
//	member          U#<member>       0                  ix2 Y#s<lane> (summary)    member
//	                                                    ix1 G#team (the team)
//	                                                    ix3 U#all#<lane>
//	session         U#<member>       S#<hash>           - (ttl)                    session
//	import, console U#<member>       I                  - (ttl)                    intake
//	its file        X#intake#<id>    <file>#<number>    - (ttl)                    piece
//	address         E#<hash>         0                  -                          address
//	sign-in code    A#<hash>         0                  ix3 E#<hash>#A (ttl)       code
//	used key        K#<hash>         0                  - (ttl)                    key
//	quota's bucket  R#<limit>#<hash> 0                  - (ttl)                    use
//	network key     W#network        <week>             - (ttl)                    netkey
//	mail ledger     M#<subject>      <event>#<to>       ix3 U#<to>#M (members)     mail
//	suppression     B#<hash>         0                  ix3 B#barred (ttl)         suppression
//	fan-out page    M#<idea>#F       <version>#<page>   - (ttl)                    mail
//	the same again  M#<idea>#F#<log> <version>#<page>   - (ttl)                    mail
//	missed mails    M#<idea>#H       <what>#all         -                          mail
//	mail link key   W#mail           <number>           - (ttl when replaced)      mailkey
//	weekly summary  Y#<week>         0                  - (ttl)                    digest
//	queued job      Q#<queue>        <due><random>      - (local program only)     job
//	outbox          O#mail           <hash of id>       ix3 O#mail (local only)    outbox
//	active idea     D#<day>          <idea>             - (ttl)                    active
//	origin          Z#<hash>         0                  -                          origin
//	reconciliation  W#reconcile      0                  -                          round
//	its suspects    W#reconcile      S#<idea>           - (ttl)                    suspect
//
// The cards sit between history and comments, so that one Query from the start of
// the partition reads the text, the idea, its history, its counts and the first
// comments. The tallies have a partition of their own: a page needs their sum
// only, which the cards hold. A posting has the idea's id backwards: see
// shared/search. Of one that is gone a mark stays, with a ttl, so that an older run
// can't put it back.
//
// A thing is an idea or, as <idea>.<comment>, a comment: see shared/portal/case.go. The
// audit log is only ever added to, and IAM denies its keys all else (template.yaml).
// Exclusions say whose votes don't count; they lie as the votes do, so that a recount
// finds those of a cell in one Query.
//
// What the team keeps about an idea is in a partition that no public page reads; see
// dossier.go, and label.go for the lists by owner and tag.
//
// The census, how many ideas there are by category, status and week, has its rows
// apart too: a status change reads the standings of one bucket, 1/64 of the ideas,
// and the censuses of all buckets. See shared/projection/census.go. So has the
// activity, votes and comments by week and what launched ideas come to, which is
// settled every few minutes for the ideas with a note: see activity.go there.
//
// # Access patterns
//
// Units are DynamoDB's; reads are eventually consistent unless said. Those of
// single writes and of reads are measured by TestCapacity, transactions are
// reckoned: DynamoDB Local bills them wrongly. Those of the team's tools and about odd
// votes, of which "units" are reads and writes together, TestDeskCapacity and
// TestVotesCapacity measure row by row.
//
//	what                          calls                                   units
//	list page of 20, any filter   1 Query of ix1, ix2 or ix3              <= 2 RRU
//	idea page, 20 comments        1 Query I#<idea> up to 6                <= 2 RRU
//	search, 3 words               3 Queries at once T#<term>              3 RRU, and the cards
//	similar ideas, while typing   3 Queries at once T#<term>              3 RRU with its 3 cards
//	ideas like an idea            6 Queries at once T#<term>              3 RRU, and 5 cards
//	index an idea                 2 strong Gets, 1 Put a posting          2 RRU, 1 WRU a posting
//	vote, withdraw                1 conditional Put or Delete             2 WRU
//	idea to vote on               1 Get of a card, else of 0M             0.5 RRU
//	own vote                      1 strong Get                            1 RRU
//	own vote and follow           1 strong BatchGet                       2 RRU, 2 more a duplicate
//	turnout of a merge            32 Queries at once V# and F#            0.02 RRU a vote
//	follow, unfollow              1 strong Get, 1 conditional Put, Delete 1 RRU, 2 WRU
//	a hundred of 100,000 voters   1 Query V# or F#, 1 BatchGet of members 2 + 50 RRU
//	how far a fan-out is          1 strong Query of 1 row                 1 RRU
//	own follows                   1 Query ix3 U#<member>#F                0.5 RRU
//	own votes in a list           1 Query ix3 U#<member>#V                0.5 RRU for 40 votes
//	session and member            1 BatchGet of one partition             1 RRU
//	submit                        1 transaction, 3 rows (4 with a key)    2 x (text + 1 + 2)
//	submit for a customer         3 or 4 strong Gets, 1 transaction, 7    31 units; the same key again: 2
//	                              rows, 2 counts of a quota
//	take it back, put it back     3 strong Gets, 1 Query, 1 transaction,  20 units
//	                              3 rows, 1 count of a quota
//	status change                 1 transaction, 2 rows, 1 index entry    5 WRU + 1 of ix1, ix3
//	comment                       1 conditional Put                       2 WRU
//	all that a member wrote       1 Query ix3 a kind, 1 Query an idea     0.5 RRU for 4 KB
//	what an address may get       1 strong Get                            1 RRU
//	bounce, complaint             1 Get, 1 conditional Put (of a member's  1 RRU + 1 WRU + 1 of ix3;
//	                              complaint: 1 transaction, 2 rows)       2 x 4 WRU
//	numbers of ideas, home page   1 Get, kept for 3 s by each process     0.5 RRU
//	status change, new idea: the  1 Get, 1 Query each: idea, bucket,      32 RRU + 5 WRU with
//	  census behind it            buckets; 3 Puts; the last 4 once a      20,000 ideas
//	                              batch
//	an address of old             1 BatchGet of 2 rows                    1 RRU
//	mark an idea active           1 conditional Put a day and process     1 WRU
//	recount a day's ideas         1 Query D#<day> a page, then an idea    0.5 RRU + its votes
//	the team's charts             1 BatchGet of 2 rows                    1.5 RRU
//	totals of Ideas in Action     1 Get, kept for 3 s by each process     1 RRU
//	the team's list by owner, tag 1 Query of ix1 or ix3, 2 BatchGets of   0.5 RRU + 20 of 0.5
//	                              cards and dossiers                      + those with dossiers
//	an idea's dossier and notes   1 Query G#<idea>                        1 RRU for 4 KB
//	owner, tags                   4 Gets, 1 transaction, 2 or 3 rows,     15 units
//	                              1 count of a quota
//	note among the team           2 Gets, 1 transaction, 2 rows, 1 count  13 units
//	its labels, on a change of    1 strong Get; with a dossier 5,         1 RRU; 5 RRU + 2 WRU, and
//	  dossier or idea             1 transaction of the sheet and a row    6 WRU a list
//	                              a list
//	pin, unpin an answer          3 Gets, 1 transaction, 2 rows, 1 count  14 units
//	move 50 ideas                 each 2 Gets, 1 transaction, 3 rows,     19 units each
//	                              1 count of a quota
//	note to settle                1 Put an idea and batch of the stream   1 WRU
//	settle an idea's weeks        2 Gets, 17 Queries of all its votes     18 RRU, 0.03 more a vote,
//	                              and comments; once a run: its bucket    2 WRU; with 20,000 busy
//	                              and the sum                             ideas 77 RRU + 2 WRU
//	look at its votes then        nothing more; with six new voters an    60 x 0.5 RRU + 3 x 17 to
//	                              hour 60 Queries of ix3, and the votes   150 RRU
//	                              on 3 ideas
//	a case about odd votes        2 strong Gets; 1 transaction, 2 rows    2 RRU, 2 x (2 x case + 4)
//	                                                                      WRU; 16 KB with 200 members
//	  a page of them              1 Query of ix1, 1 BatchGet of titles    0.5 RRU for 4 KB + 0.5 a case
//	  opened by the team          1 Get, 2 BatchGets, and 1 of titles     0.5 RRU a member + case
//	  decided                     2 strong Gets; 1 transaction, 2 rows    as the case
//	  votes left out or counted   2 strong Gets a member; 1 transaction   16 units a member
//	                              for 30, 3 rows each
//	report                        2 strong Gets, 1 strong Query of the      3 RRU, 2 x 4 WRU
//	                              round's reports; 1 transaction, 2 rows
//	edit                          2 or 3 strong Gets, 1 transaction;      3 RRU + 2 x (text + 1);
//	                              held: with case, earlier text, line     2 x (text + 8)
//	decide about an idea          2 strong Gets; 1 transaction, 3 rows    2 RRU, 2 x 9 WRU
//	page of the queue             4 Queries of ix1, 1 BatchGet of titles  5 RRU + 0.5 a case
//	  its opened case             1 strong Get, 1 strong BatchGet         5 RRU
//	  with all of them, the API   1 Query of ix1, 1 strong BatchGet       2 RRU + 3 a case
//	page of the audit log         1 Query of L#log or an index,           1 RRU + 0.5 a name or title
//	                              1 BatchGet each of names, of titles
//	leave votes out               1 transaction, 3 rows; then a recount   2 x 8 WRU, and as much as
//	                              for each idea voted for, twice          the votes cost
//	part of an export, 200 ideas  64 Queries for their ids at most, then  32 RRU, 1 an idea;
//	                              1 an idea (16 for votes and follows),   0.02 a vote, 0.5 a name
//	                              1 BatchGet each of names, of titles
//	part of the members, 200      16 Queries of ix3, 3 a member           8 RRU + 1.5 a member
//	keep a file to import         1 Put a piece of 250 KB, compressed     1.4 WRU a KB of that
//	  a step of its import        1 strong Get, 1 strong Query of the     1 RRU + 0.35 a KB, 1 WRU,
//	                              file, 1 conditional Put                 and what its rows cost
//	delete an account             1 strong Get, 1 transaction, 2 rows     1 RRU + 2 x rows
//	                              + codes, sessions
package store
