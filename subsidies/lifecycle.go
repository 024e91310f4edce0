package subsidies

import (
	"slices"

	"yunhui/services/kernel"
)

// Turn says whose move it is. An empty turn is nobody's: the story has ended.
type Turn string

// The parties that can be waited for.
const (
	TurnNobody     Turn = ""
	TurnEnterprise Turn = "enterprise"
	TurnProvider   Turn = "provider"
	TurnDistrict   Turn = "district"
	TurnCity       Turn = "city"
	TurnFinance    Turn = "finance"
	TurnMachine    Turn = "machine" // checks and notices run by the workers
	TurnPublic     Turn = "public"  // a notice is open for objections
	TurnDebtor     Turn = "debtor"  // whoever owes money back
)

// Transition is one arrow of a state machine: from any of From, Act leads to To,
// done by one of the roles. The tables below are the only truth about which act
// is allowed when; docs/states.md is generated from them.
type Transition[S ~string, A ~string] struct {
	Act  A
	From []S
	To   S
	By   []kernel.Role
	Part Part // the hand this act is on the claim, if it counts for the four eyes
}

// Machine is a state machine with the turn of every state.
type Machine[S ~string, A ~string] struct {
	Name        kernel.Text
	Initial     S
	Turns       map[S]Turn
	Transitions []Transition[S, A]
}

// Find returns the transition of an act from a state: a conflict "state.act"
// when the state does not allow it, forbidden when the role does not.
func (m Machine[S, A]) Find(from S, act A, by kernel.Role) (Transition[S, A], error) {
	for _, t := range m.Transitions {
		if t.Act != act || !slices.Contains(t.From, from) {
			continue
		}
		if !slices.Contains(t.By, by) {
			return t, kernel.Forbidden()
		}
		return t, nil
	}
	return Transition[S, A]{}, kernel.Conflict("state.act", kernel.T("当前状态（%[1]s）不能进行此操作（%[2]s），请刷新查看最新进度", "In the present state (%[1]s) this act (%[2]s) is not possible; reload to see where it stands", string(from), string(act)))
}

// Allowed lists the acts a role may do in a state, for the screens.
func (m Machine[S, A]) Allowed(from S, by kernel.Role) []A {
	var acts []A
	for _, t := range m.Transitions {
		if slices.Contains(t.From, from) && slices.Contains(t.By, by) {
			acts = append(acts, t.Act)
		}
	}
	return acts
}
