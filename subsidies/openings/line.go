package openings

import (
	"time"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
)

// Asker is an agreement that asks for a policy's money: the district has yet to
// examine it, or has and it waits.
type Asker struct {
	ID        kernel.ID
	State     subsidies.AgreementState
	District  string
	Municipal kernel.Fen `gorm:"column:municipal_fen"` // what it asks for, by the newest computation
	Share     kernel.Fen `gorm:"column:district_fen"`
	Band      int        // of a draw; 0 outside one
	Place     int64      // by the draw; 0 before and outside it
	EnteredAt *time.Time // nil: before there were lists
}

// Need is what it asks for.
func (a Asker) Need() budget.Portion {
	return budget.Portion{Municipal: a.Municipal, District: a.Share}
}

// Undrawn tells whether the asker takes part in a draw that is still to be held.
func (a Asker) Undrawn() bool { return a.Band > 0 && a.Place == 0 }

// Turn tells whether the asker may be given money: the district has examined it,
// and its place is known.
func (a Asker) Turn() bool { return a.State == subsidies.AgreementWaiting && !a.Undrawn() }

// Line is a policy's waiting line: those who ask, in their order, and the money.
//
// The rule of the line: nobody overtakes somebody who waits for the same money.
// Whoever finds a level's money short closes that level for all who come later,
// however little they need; other levels stay open to them. Whoever is still
// being examined keeps his place: what he asks for is held back for him.
type Line struct {
	Askers []Asker
	Free   map[string]kernel.Fen // by scope: the city and the districts
	shut   map[string]bool
}

// NewLine forms a line.
func NewLine(askers []Asker, free map[string]kernel.Fen) *Line {
	return &Line{Askers: askers, Free: free, shut: map[string]bool{}}
}

// Open tells whether none of the money needed is closed by somebody before.
func (l *Line) Open(district string, need budget.Portion) bool {
	return (need.Municipal == 0 || !l.shut[budget.City]) && (need.District == 0 || !l.shut[district])
}

// Take sets the money aside, or closes the levels that are short of it.
func (l *Line) Take(district string, need budget.Portion) bool {
	if !l.Open(district, need) {
		return false
	}
	city, local := l.Free[budget.City] >= need.Municipal, l.Free[district] >= need.District
	if city && local {
		l.Free[budget.City] -= need.Municipal
		l.Free[district] -= need.District
		return true
	}
	l.shut[budget.City] = l.shut[budget.City] || !city
	l.shut[district] = l.shut[district] || !local
	return false
}

// Reaches tells whether there is money for an asker of the line once everybody
// before has been served. need is what it asks for now.
func (l *Line) Reaches(id kernel.ID, need budget.Portion) bool {
	for _, a := range l.Askers {
		if a.ID == id {
			return !a.Undrawn() && l.Take(a.District, need)
		}
		l.Take(a.District, a.Need())
	}
	return false
}
