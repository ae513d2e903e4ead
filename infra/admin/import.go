package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"groundswell/shared/transfer"
)

const importUsage = `admin import [-data DIR | -table NAME] [-preview] -preset NAME FOLDER|FILE.zip
admin import [-data DIR | -table NAME] [-preview] -mapping FILE FOLDER|FILE.zip
admin import [-data DIR | -table NAME] [-preview] -ideas FILE -map FIELD=COLUMN,... [-comments FILE -map-comments FIELD=COLUMN,...]
admin import [-data DIR | -table NAME] FILE.jsonl

Brings in another system's ideas, comments and votes, from CSV or JSON files or a
ZIP of them, or what admin export wrote. It can be repeated: what is there already
stays as it is, votes and edits included. Rows that can't be taken are reported with
their place and left out; -rejected writes them into files to correct and import
again. Nobody is mailed.

Fields of ideas:    id title body category votes author email created status moved team note url
Fields of comments: id idea parent body author email created
Fields of votes:    idea author email created
A mapping is a file of JSON with what differs from a preset, such as
  {"source": "acme", "ideas": {"title": "Subject", "body": "Text|Details", "created": "Date"}, "dates": "dmy",
   "categories": {"Drinks": "coffee", "*": "product-other"}, "statuses": {"Shipped": "launched"}, "urls": ["/requests/{No}"]}
and has comments, votes, list, comments_list, votes_list, skip, skip_comments, html, cut, commas, repeats, points, encoding
beside; of a JSON file columns are paths such as author.name, labels.*.name or reactions.+1.
Keep -source and the id column from one import to the next: they make the ids.
`

// importFlags are the flags of import.
type importFlags struct {
	place      placeFlags
	preset     string
	ideas      string
	comments   string
	votes      string
	mapping    string
	maps       repeated
	mapTalk    repeated
	mapVotes   repeated
	urls       repeated
	categories repeated
	statuses   repeated
	source     string
	encoding   string
	dates      string
	zone       string
	created    string
	points     int
	html       string
	cut        bool
	rejects    string
	rejected   string
	preview    bool
	dryRun     bool
	recount    bool
}

// repeated is a flag that may be given several times.
type repeated []string

func (r *repeated) String() string     { return strings.Join(*r, " ") }
func (r *repeated) Set(s string) error { *r = append(*r, s); return nil }

func (o *importFlags) add(f *flag.FlagSet) {
	o.place.add(f)
	var names strings.Builder
	for _, p := range transfer.Presets() {
		fmt.Fprintf(&names, "\n%s: %s", p.Name, p.Note)
	}
	f.StringVar(&o.preset, "preset", "", "whose export it is, by `name`:"+names.String())
	f.StringVar(&o.mapping, "mapping", "", "JSON `file` that says what differs from a preset")
	f.StringVar(&o.ideas, "ideas", "", "CSV or JSON `file` of ideas, instead of the one in the preset's folder")
	f.StringVar(&o.comments, "comments", "", "`file` of comments, likewise")
	f.StringVar(&o.votes, "votes", "", "`file` of votes, one a row, likewise")
	f.Var(&o.maps, "map", "`FIELD=COLUMN,...` of the ideas, by the names in the file's first line; may be repeated")
	f.Var(&o.mapTalk, "map-comments", "`FIELD=COLUMN,...` of the comments")
	f.Var(&o.mapVotes, "map-votes", "`FIELD=COLUMN,...` of the votes")
	f.Var(&o.urls, "url", "`PATTERN` of an idea's old address, such as /posts/{number}, that leads to the idea from now on; may be repeated")
	f.Var(&o.categories, "category", "`NAME=ID`: which of our categories theirs is, * for all others; may be repeated")
	f.Var(&o.statuses, "status", "`NAME=STATUS`, likewise")
	f.StringVar(&o.source, "source", "", "short `name` of the other system (default: the preset's name)")
	f.StringVar(&o.encoding, "encoding", "", "utf-8, `windows-1252`, utf-16le or utf-16be (default: what each file looks like)")
	f.StringVar(&o.html, "html", "", "which `texts` are HTML: auto (those with its elements) or always (default: the preset's)")
	f.BoolVar(&o.cut, "cut", false, "cut texts that are too long instead of rejecting them")
	f.StringVar(&o.dates, "dates", "", "`order` of dates with slashes: mdy or dmy")
	f.StringVar(&o.zone, "zone", "", "time `zone` of times that name none, such as America/Los_Angeles (default UTC)")
	f.StringVar(&o.created, "created", "", "`time` of lines that have none")
	f.IntVar(&o.points, "points", 0, "`points` that a vote is worth, which the votes column is divided by")
	f.StringVar(&o.rejects, "rejects", "", "write what is wrong to this CSV `file`")
	f.StringVar(&o.rejected, "rejected", "", "write the rows that were left out, with the reason, into files in this `folder`")
	f.BoolVar(&o.preview, "preview", false, "show what becomes of the columns and of the first ideas, and what is mapped to nothing; write nothing")
	f.BoolVar(&o.dryRun, "dry-run", false, "read and report, but write nothing")
	f.BoolVar(&o.recount, "recount", false, "count on a table, too, instead of leaving that to its stream")
}

func importCommand(ctx context.Context, args []string, s streams) (err error) {
	var o importFlags
	f := flag.NewFlagSet("import", flag.ContinueOnError)
	o.add(f)
	rest, err := parse(f, args, s, importUsage)
	if err != nil {
		return err
	}
	o.dryRun = o.dryRun || o.preview
	lines := len(rest) == 1 && o.preset == "" && o.ideas == "" && o.mapping == ""
	var in *inFiles
	if !lines {
		// Files and flags first: a mistake there should not leave an empty portal.
		if in, err = o.files(rest); err != nil {
			return err
		}
		defer in.close()
	} else if st, err := os.Stat(rest[0]); err != nil {
		return err
	} else if st.IsDir() {
		return usagef("%s is a folder: -preset NAME says whose export it is", rest[0])
	}
	p, done, err := o.open(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	rejects, err := newRejects(s, o.rejects, o.rejected)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rejects.close()) }()
	bar := newBar(s)
	defer bar.end()
	rejects.bar = bar
	im := &transfer.Importer{Store: p.store, Categories: p.portal.Categories, Clock: time.Now, DryRun: o.dryRun,
		Rejected: rejects.put, RejectedRow: rejects.row, Progress: bar.update}
	r := work{p: p, s: s, bar: bar, dryRun: o.dryRun, recount: o.recount}
	if lines {
		return r.lines(ctx, im, rest[0])
	}
	in.say(s.err)
	if o.preview {
		im.Look = &transfer.Look{Rows: previewed}
	}
	return r.files(ctx, im, in.Files)
}

// open opens the portal; for a dry run where there is no folder yet, an empty one
// that is thrown away.
func (o *importFlags) open(s streams) (*place, func() error, error) {
	if o.dryRun && o.place.table == "" {
		p, err := o.place.open(s, false)
		if err == nil {
			return p, p.close, nil
		}
		var wrong usageError
		if !errors.Is(err, errNoPortal) || errors.As(err, &wrong) {
			return nil, nil, err
		}
		dir, err := os.MkdirTemp("", "groundswell-dry-run-")
		if err != nil {
			return nil, nil, err
		}
		if p, err = (placeFlags{data: dir}).open(s, true); err != nil {
			return nil, nil, errors.Join(err, os.RemoveAll(dir))
		}
		return p, func() error { return errors.Join(p.close(), os.RemoveAll(dir)) }, nil
	}
	p, err := o.place.open(s, true)
	if err != nil {
		return nil, nil, err
	}
	return p, p.close, nil
}
