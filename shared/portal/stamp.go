package portal

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// A form that a member is shown carries when it was drawn, signed with the key that
// signs links in mails, for a purpose of its own. What comes back faster than anybody
// types was sent by a program: see MinFill.
//
// A stamp is bound to nothing else, and one that is missing, is not ours, or whose key
// is forgotten tells nothing. It can't be evidence: whoever knows of it can leave it
// out, or wait for two seconds, so holding what has none would stop no program. But it
// would stop people, whose form was open while the key was replaced, or was drawn
// before they signed in, or as somebody else who uses the same browser. What a stamp
// catches are the programs that fetch a form, fill it in and send it at once, and those
// are most. A page that lay open over night is an old stamp, and old ones are welcome.

// StampForm is the stamp of a form that is drawn now: letters, digits, dashes and
// dots, no more than 60. Drawing costs no read while the keys are fresh in memory.
func (p *Portal) StampForm(ctx context.Context) (string, error) {
	k, err := p.MailLinks.newest(ctx)
	if err != nil {
		return "", err
	}
	text := strconv.FormatInt(k.ID, 10) + "." + strconv.FormatInt(p.now().UnixMilli(), 36)
	return text + "." + k.macFor(formStamp, text), nil
}

// ReadForm is what a form tells of how it was filled in: trap is what stands in the
// field that people do not see, stamp what StampForm made when it was drawn.
func (p *Portal) ReadForm(ctx context.Context, trap, stamp string) (FormFacts, error) {
	f := FormFacts{Trapped: strings.TrimSpace(trap) != ""}
	drawn, err := p.drawn(ctx, stamp)
	if err != nil || drawn.IsZero() {
		return f, err
	}
	if f.Took = p.now().Sub(drawn); f.Took >= 0 { // another machine's clock may be ahead
		f.Took = max(f.Took, time.Millisecond)
	}
	return f, nil
}

// drawn is when the form was; zero if the stamp does not say.
func (p *Portal) drawn(ctx context.Context, stamp string) (time.Time, error) {
	part := strings.Split(stamp, ".")
	if len(part) != 3 || len(stamp) > maxStamp {
		return time.Time{}, nil
	}
	id, err1 := strconv.ParseInt(part[0], 10, 64)
	at, err2 := strconv.ParseInt(part[1], 36, 64)
	if err1 != nil || err2 != nil || len(part[2]) != base64.RawURLEncoding.EncodedLen(mailMACBytes) {
		return time.Time{}, nil
	}
	k, err := p.MailLinks.key(ctx, id)
	if err != nil || k.ID == 0 || !hmac.Equal([]byte(part[2]), []byte(k.macFor(formStamp, part[0]+"."+part[1]))) {
		return time.Time{}, err
	}
	return time.UnixMilli(at).UTC(), nil
}

const maxStamp = 60
