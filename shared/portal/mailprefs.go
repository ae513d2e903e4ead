package portal

// Interest is how much a member wants to hear of the ideas that they follow.
type Interest string

// The interests. What none of them is counts as Nothing.
const (
	AllChanges   Interest = "all"      // every change of status
	LaunchesOnly Interest = "launched" // the launch alone
	Nothing      Interest = "none"
)

// Interests are all of them.
var Interests = []Interest{AllChanges, LaunchesOnly, Nothing}

// MailPrefs is what a member wants to hear of by mail. Sign-in codes are none of it:
// those are asked for one at a time.
type MailPrefs struct {
	Own      bool     // the launch of one's own idea, or of the one that it became part of
	Followed Interest // changes of ideas one follows
	Voted    bool     // launches of ideas one voted for
	Digest   bool     // a summary once a week
}

// DefaultMail is what a new member hears of: what became of the ideas that they
// brought and of those that they asked to hear about, and nothing else.
func DefaultMail() MailPrefs { return MailPrefs{Own: true, Followed: AllChanges} }

// NoMail is what somebody hears of who switched everything off.
func NoMail() MailPrefs { return MailPrefs{Followed: Nothing} }

// Wants reports whether a step of an idea that the member follows is worth a mail.
func (m MailPrefs) Wants(launch bool) bool {
	return m.Followed == AllChanges || m.Followed == LaunchesOnly && launch
}

// MailEdit changes parts of a member's mail preferences; nil leaves a part as it is.
type MailEdit struct {
	Own      *bool
	Followed *string
	Voted    *bool
	Digest   *bool
}

// apply changes the preferences; what is wrong goes into f.
func (e MailEdit) apply(m *MailPrefs, f *fields) {
	if e.Own != nil {
		m.Own = *e.Own
	}
	if e.Followed != nil {
		switch i := Interest(*e.Followed); i {
		case AllChanges, LaunchesOnly, Nothing:
			m.Followed = i
		default:
			f.add("mail.followed", "unknown", 0, "Must be all, launched or none.")
		}
	}
	if e.Voted != nil {
		m.Voted = *e.Voted
	}
	if e.Digest != nil {
		m.Digest = *e.Digest
	}
}
