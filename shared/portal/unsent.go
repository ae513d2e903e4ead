package portal

// Why somebody gets no mail, in the mail ledger's word. The words are kept in rows, so
// they never change; whoever shows the ledger has a sentence for each of [AllUnsent].
const (
	UnsentNoMember   = "no_member"  // there is none of this id
	UnsentDeleted    = "deleted"    // the account
	UnsentNoAddress  = "no_address" // the member was imported
	UnsentSuppressed = "suppressed" // mails to the address came back, or its owner complained

	UnsentNoIdea    = "no_idea"
	UnsentNoStep    = "no_step" // a backup was restored that is older than the job
	UnsentHidden    = "hidden"
	UnsentSilent    = "silent"    // the team asked for no mails about the step
	UnsentOvertaken = "overtaken" // the idea has moved on since

	UnsentActor      = "actor"      // they did it themselves
	UnsentMuted      = "muted"      // they want nothing about this idea
	UnsentNotWanted  = "not_wanted" // nor, in general, of this kind
	UnsentNothingNew = "nothing_new"
	UnsentTooLate    = "too_late"

	UnsentSandbox    = "sandbox"     // the sender's account sends to verified addresses only; see notify.Reopen
	UnsentBadAddress = "bad_address" // the sender says that it takes no mail
	UnsentRejected   = "rejected"    // the sender will never take this mail
	UnsentAttempts   = "attempts"    // the sender did not answer, too often
)

// AllUnsent are all reasons that the ledger can name.
var AllUnsent = []string{UnsentNoMember, UnsentDeleted, UnsentNoAddress, UnsentSuppressed, UnsentNoIdea, UnsentNoStep, UnsentHidden, UnsentSilent,
	UnsentOvertaken, UnsentActor, UnsentMuted, UnsentNotWanted, UnsentNothingNew, UnsentTooLate, UnsentSandbox, UnsentBadAddress, UnsentRejected, UnsentAttempts}
