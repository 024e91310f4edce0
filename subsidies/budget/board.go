package budget

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// Board shows where the money of a policy stands and how fast it goes.
type Board struct {
	Policy         string          `json:"policy"`
	Year           string          `json:"budget_year" doc:"为空表示政策期内统筹 · empty: for the whole term"`
	Years          []string        `json:"budget_years" doc:"有额度的年度 · years with an appropriation"`
	At             time.Time       `json:"at"`
	Appropriations []Appropriation `json:"appropriations"`
	Flows          []Flow          `json:"flows" doc:"从额度到收款方 · from the appropriation to the payee"`
	Days           []Day           `json:"days" doc:"每个有变动的日终的余额 · free at the end of each day that changed it"`
	Forecasts      []Forecast      `json:"forecasts" doc:"先用完的在前 · first to run out first"`
}

// Flow is what stands on one account, of one level's money, by the dimensions of
// those it went to.
type Flow struct {
	Level    string      `json:"level"` // whose money
	District string      `json:"district"`
	Account  Account     `json:"account"`
	Category string      `json:"category"`
	Payee    rules.Payee `json:"payee"`
	Amount   kernel.Fen  `json:"amount_fen"`
}

// Day is what a level was voted and what was free at the end of a day.
type Day struct {
	Day          kernel.Date `json:"day"`
	Level        string      `json:"level"`
	Appropriated kernel.Fen  `json:"appropriated_fen"`
	Free         kernel.Fen  `json:"free_fen"`
}

// Forecast says when a scope's free money runs out if it goes on as in the last
// window of days.
type Forecast struct {
	Scope     string       `json:"scope"`
	Free      kernel.Fen   `json:"free_fen"`
	Window    int          `json:"window_days"`
	Used      kernel.Fen   `json:"used_fen" doc:"窗口期内净占用 · taken in the window, what came back deducted"`
	RunsOutOn *kernel.Date `json:"runs_out_on,omitempty" doc:"按此速度首个不足日；十年内用不完则无 · absent when it lasts ten years"`
}

// window is over how many days the speed is taken; horizon how far it is told.
const (
	window  = 28
	horizon = 3650
)

// Board reads the board of a policy for a year; "" is the whole term's money, and
// nil the one that new agreements reserve from. A district officer sees the flows
// and the speed of the own district, and everybody's meters, which are public.
func (d *Desk) Board(ctx context.Context, who kernel.Actor, policy string, year *string) (Board, error) {
	if err := who.Require(Readers...); err != nil {
		return Board{}, err
	}
	of, err := d.YearOf(ctx, policy, year)
	if err != nil {
		return Board{}, err
	}
	now := d.DB.Clock().Now()
	b := Board{Policy: policy, Year: of, At: now}
	meters, err := Meter(ctx, d.DB, policy)
	if err != nil {
		return b, err
	}
	for _, a := range meters[policy] {
		if !slices.Contains(b.Years, a.BudgetYear) {
			b.Years = append(b.Years, a.BudgetYear)
		}
		if a.BudgetYear == b.Year {
			b.Appropriations = append(b.Appropriations, a)
		}
	}
	today := kernel.DayOf(now)
	all, err := d.totals(ctx, policy, today)
	if err != nil {
		return b, err
	}
	all = slices.DeleteFunc(all, func(t Total) bool { return t.BudgetYear != b.Year || !seen(t, who) })
	b.Flows, b.Days, b.Forecasts = flows(all), days(all), forecasts(all, b.Appropriations, who, today)
	return b, nil
}

// YearOf answers which year's appropriation is meant: the given one, or that
// which new agreements reserve from. A policy that does not exist is not_found.
func (d *Desk) YearOf(ctx context.Context, policy string, year *string) (string, error) {
	if _, err := d.Policies.Versions(ctx, policy); err != nil || year != nil {
		if err != nil {
			return "", err
		}
		return *year, nil
	}
	meters, err := Meter(ctx, d.DB, policy)
	for _, a := range meters[policy] {
		if a.Current {
			return a.BudgetYear, err
		}
	}
	return "", err
}

// seen is the least sight of a district officer: the own purse, and what another
// set aside or paid for firms of the own district, not what that one has left.
func seen(t Total, who kernel.Actor) bool {
	if !who.Is(kernel.RoleDistrictOfficer) || t.Scope == who.District {
		return true
	}
	return t.District == who.District && t.Account != Available && t.Account != Appropriated
}

// standing are the accounts on which the money of a policy stands.
var standing = []Account{Available, Reserved, Awarded, Paid, Returned}

func flows(all []Total) []Flow {
	sums := map[Flow]kernel.Fen{}
	for _, t := range all {
		if !slices.Contains(standing, t.Account) {
			continue
		}
		f := Flow{Level: level(t.Scope), District: cmp.Or(t.District, t.Scope), Account: t.Account, Category: t.Category, Payee: t.Payee}
		if t.Account == Available { // what is free is nobody's yet
			f.Category, f.Payee, f.District = "", "", t.Scope
		}
		sums[f] += t.Net()
	}
	var out []Flow
	for f, amount := range sums {
		if amount != 0 {
			f.Amount = amount
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(x, y Flow) int {
		return cmp.Or(cmp.Compare(x.Level, y.Level), cmp.Compare(x.District, y.District), cmp.Compare(x.Account, y.Account), cmp.Compare(x.Category, y.Category), cmp.Compare(x.Payee, y.Payee))
	})
	return out
}

func days(all []Total) []Day {
	standing := map[string]Day{}
	var out []Day
	for i, t := range all {
		of := standing[level(t.Scope)]
		of.Level = level(t.Scope)
		switch t.Account {
		case Available:
			of.Free += t.Net()
		case Appropriated:
			of.Appropriated -= t.Net()
		default:
		}
		standing[of.Level] = of
		if i+1 < len(all) && all[i+1].Day == t.Day {
			continue
		}
		for _, l := range slices.Sorted(maps.Keys(standing)) {
			end := standing[l]
			end.Day = t.Day
			out = append(out, end)
		}
	}
	return out
}

func forecasts(all []Total, rows []Appropriation, who kernel.Actor, today kernel.Date) []Forecast {
	used := map[string]kernel.Fen{}
	for _, t := range all {
		if t.Day > today.AddDays(-window) && (t.Account == Available || t.Account == Appropriated) {
			used[t.Scope] -= t.Net() // a vote moves both, and cancels out
		}
	}
	var out []Forecast
	for _, r := range rows {
		if who.Is(kernel.RoleDistrictOfficer) && r.Scope != who.District {
			continue
		}
		f := Forecast{Scope: r.Scope, Free: r.Free(), Window: window, Used: used[r.Scope]}
		if f.Used > 0 {
			if left := int64(f.Free) / ((int64(f.Used) + window - 1) / window); left <= horizon {
				on := today.AddDays(int(left) + 1)
				f.RunsOutOn = &on
			}
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(x, y Forecast) int {
		const never = kernel.Date("9999")
		day := func(f Forecast) kernel.Date {
			if f.RunsOutOn == nil {
				return never
			}
			return *f.RunsOutOn
		}
		return cmp.Compare(day(x), day(y))
	})
	return out
}
