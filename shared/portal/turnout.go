package portal

// Turnout is how many members two groups of ideas share: the ends of a merge.
type Turnout struct{ Votes, Follows Overlap }

// Overlap counts the members in one group, in the other, and in both of them, each
// once. More says that there are more than were looked at.
type Overlap struct {
	One, Other, Both int
	More             bool
}

// All is how many members there are in the two groups together.
func (o Overlap) All() int { return o.One + o.Other - o.Both }
