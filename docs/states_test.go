package docs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/subsidies"
)

// story is one state machine in a form that can be drawn.
type story struct {
	name, about kernel.Text
	initial     string
	states      words
	acts        words
	turns       map[string]string
	steps       []step
}

type step struct {
	from, act, to string
	by            []string
	hand          string
}

func tell[S, A ~string](m subsidies.Machine[S, A], about kernel.Text, states, acts words) story {
	s := story{name: m.Name, about: about, initial: string(m.Initial), states: states, acts: acts, turns: map[string]string{}}
	for state, turn := range m.Turns {
		s.turns[string(state)] = string(turn)
	}
	for _, t := range m.Transitions {
		for _, from := range t.From {
			one := step{from: string(from), act: string(t.Act), to: string(t.To), hand: string(t.Part)}
			for _, role := range t.By {
				one.by = append(one.by, string(role))
			}
			s.steps = append(s.steps, one)
		}
	}
	return s
}

func organisations() story {
	s := story{
		name:    kernel.T("机构", "Organisation"),
		about:   kernel.T("企业与服务商在册信息的核验状态。", "Where an enterprise or a provider stands with the office that verifies it."),
		initial: string(registry.StatusPending),
		states: words{
			"pending":   kernel.T("待核验", "To be verified"),
			"returned":  kernel.T("已退回", "Returned"),
			"verified":  kernel.T("已核验", "Verified"),
			"suspended": kernel.T("已暂停", "Suspended"),
		},
		acts: words{
			"verify":  kernel.T("核验通过", "Verify"),
			"return":  kernel.T("退回修改", "Return"),
			"suspend": kernel.T("暂停资格", "Suspend"),
			"restore": kernel.T("解除暂停", "Restore"),
			"declare": kernel.T("修改申报信息", "Declare anew"),
		},
		turns: map[string]string{"pending": "district", "returned": "organisation"},
	}
	for _, t := range registry.Transitions() {
		by := []string{"district_officer", "city_officer"}
		if t.Act == registry.ActDeclare {
			by = []string{"enterprise", "provider"}
		}
		s.steps = append(s.steps, step{from: string(t.From), act: string(t.Act), to: string(t.To), by: by})
	}
	return s
}

func TestStatesAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	agreement := tell(subsidies.AgreementMachine,
		kernel.T("从起草到受理、使用、完成或释放额度。", "From the draft to acceptance, use, and completion or release of the budget."),
		readWords(t, "subsidy", "agreementState"), readWords(t, "subsidy", "agreementAct"))
	claim := tell(subsidies.ClaimMachine,
		kernel.T("从填写到核验、两级审核、公示、核准、拨付。", "From filling in through checks, two reviews, public notice and approval to payment."),
		readWords(t, "subsidy", "claimState"), readWords(t, "subsidy", "claimAct"))
	policy := tell(subsidies.PolicyDraftMachine,
		kernel.T("从编写到提交、发布；发布的人不曾编写它。", "From writing through submission to publication; whoever publishes it has never edited it."),
		readWords(t, "subsidy", "policyDraftState"), readWords(t, "subsidy", "policyDraftAct"))
	clawback := tell(subsidies.ClawbackMachine,
		kernel.T("拨付之后的追回：提出、第二人决定、分期退回或从下一笔拨付中抵扣、核销、了结。", "Money that comes back after payment: proposed, ordered by a second officer, paid back in instalments or netted, written off, closed."),
		readWords(t, "subsidy", "clawbackState"), readWords(t, "subsidy", "clawbackAct"))
	opening := tell(subsidies.OpeningMachine,
		kernel.T("从登记、两名经办人封存种子、封存名单到公开种子、抽出次序。", "From the window and the seeds that two officers pledge, through the closed list, to the seeds laid open and the order drawn."),
		readWords(t, "subsidy", "openingState"), readWords(t, "subsidy", "openingAct"))
	var page strings.Builder
	page.WriteString("<!-- Generated from the state machines by the tests of docs (-update). Do not edit. -->\n\n# 状态 · States\n\n")
	page.WriteString("状态机的表在代码中只有一份，接口、页面、测试与本页都由它而来。\n\n")
	page.WriteString("Each machine is one table in the code; the API, the screens, the tests and this page follow from it.\n")
	for _, s := range []story{agreement, opening, claim, clawback, policy, organisations()} {
		draw(t, &page, s)
	}
	paper(t, "states.md", page.String())
}

func draw(t *testing.T, page *strings.Builder, s story) {
	t.Helper()
	_, _ = fmt.Fprintf(page, "\n## %s · %s\n\n%s\n\n%s\n\n```mermaid\nstateDiagram-v2\n  [*] --> %s\n", s.name.ZH, s.name.EN, s.about.ZH, s.about.EN, s.initial)
	for _, one := range s.steps {
		_, _ = fmt.Fprintf(page, "  %s --> %s: %s\n", one.from, one.to, one.act)
	}
	ends := s.order(func(state string) bool {
		return !slices.ContainsFunc(s.steps, func(x step) bool { return x.from == state })
	})
	for _, state := range ends {
		_, _ = fmt.Fprintf(page, "  %s --> [*]\n", state)
	}
	turn, role := readWords(t, "subsidy", "turn"), readWords(t, "words", "role")
	turn["organisation"], role["system"] = kernel.T("该机构", "the organisation"), kernel.T("系统", "The workers")
	page.WriteString("```\n\n| State | 状态 | Shown as | 轮到 | Whose turn |\n|---|---|---|---|---|\n")
	for _, state := range s.order(func(string) bool { return true }) {
		said := s.states.of(t, state)
		whose := kernel.T("—", "—")
		if s.turns[state] != "" {
			whose = turn.of(t, s.turns[state])
		}
		_, _ = fmt.Fprintf(page, "| `%s` | %s | %s | %s | %s |\n", state, said.ZH, said.EN, whose.ZH, whose.EN)
	}
	page.WriteString("\n| From | Act | 操作 | To | 由谁 | By | Hand |\n|---|---|---|---|---|---|---|\n")
	for _, one := range s.steps {
		said := s.acts.of(t, one.act)
		var zh, en []string
		for _, r := range one.by {
			zh, en = append(zh, role.of(t, r).ZH), append(en, role.of(t, r).EN)
		}
		_, _ = fmt.Fprintf(page, "| `%s` | `%s` | %s | `%s` | %s | %s | %s |\n",
			one.from, one.act, said.ZH, one.to, strings.Join(zh, "、"), strings.Join(en, ", "), one.hand)
	}
	if slices.ContainsFunc(s.steps, func(x step) bool { return x.hand != "" }) {
		page.WriteString("\nHand 一栏为四眼原则中的角色：同一申请的各个角色须由不同的人担任。\n\n")
		page.WriteString("Hand is the part in the four-eyes rule: the parts of one claim are played by different people.\n")
	}
}

// order lists the states that hold, as they are first met along the steps.
func (s story) order(holds func(string) bool) []string {
	met := []string{s.initial}
	for _, one := range s.steps {
		met = append(met, one.from, one.to)
	}
	var out []string
	for _, state := range met {
		if !slices.Contains(out, state) && holds(state) {
			out = append(out, state)
		}
	}
	return out
}
