package clawbacks

import (
	"bytes"
	_ "embed" // the grounds and terms
	"encoding/json"
	"fmt"
	"sync"

	"yunhui/services/kernel"
)

// Basis is what the law says about a ground.
type Basis struct {
	Text     kernel.Text `json:"text"`
	Citation kernel.Text `json:"citation"`
	Source   string      `json:"source,omitempty"`
}

// FineRange is how much of the amount the authority may fine, from a day on.
type FineRange struct {
	From  kernel.Date `json:"from"`
	Least kernel.Rate `json:"least_bp"`
	Most  kernel.Rate `json:"most_bp"`
}

// Ground is a coded reason to claim money back, with its legal basis. Without a
// range there is no fine.
type Ground struct {
	Code  string      `json:"code"`
	Text  kernel.Text `json:"text"`
	Basis Basis       `json:"basis"`
	Fine  []FineRange `json:"fine,omitempty"`
}

// Terms are the city's own parameters of paying back, from a day on.
type Terms struct {
	From            kernel.Date `json:"from"`
	PayWithin       int         `json:"pay_within_workdays"` // of the order, when no instalments are agreed
	MostInstalments int         `json:"most_instalments"`
	MostMonths      int         `json:"most_months"` // from the agreement of the plan to its last instalment
	Source          kernel.Text `json:"source"`
}

//go:embed grounds.json
var embedded []byte

type parameters struct {
	Grounds []Ground `json:"grounds"`
	Terms   []Terms  `json:"terms"`
}

// Embedded parameters that do not read are a fault of the build that no caller
// could handle; the tests read them.
var known = sync.OnceValue(func() parameters {
	var p parameters
	d := json.NewDecoder(bytes.NewReader(embedded))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		panic(fmt.Sprintf("clawbacks: grounds: %v", err))
	}
	return p
})

// Grounds lists the grounds in the order in which the screens show them.
func Grounds() []Ground { return known().Grounds }

// GroundOf returns the ground of a code.
func GroundOf(code string) (Ground, bool) {
	for _, g := range Grounds() {
		if g.Code == code {
			return g, true
		}
	}
	return Ground{}, false
}

// TermsOn returns the terms that hold on a day.
func TermsOn(day kernel.Date) Terms {
	var out Terms
	for _, t := range known().Terms {
		if t.From <= day && t.From >= out.From {
			out = t
		}
	}
	return out
}

// FineFor returns the least and the most that may be fined besides an amount on a
// day; both are zero when the ground knows no fine.
func (g Ground) FineFor(amount kernel.Fen, day kernel.Date) (least, most kernel.Fen, err error) {
	var of FineRange
	for _, r := range g.Fine {
		if r.From <= day && r.From >= of.From {
			of = r
		}
	}
	if least, err = (kernel.Rounding{Mode: kernel.RoundUp, Unit: 1}).Of(amount, of.Least); err != nil {
		return 0, 0, err
	}
	most, err = (kernel.Rounding{Mode: kernel.RoundDown, Unit: 1}).Of(amount, of.Most)
	return least, most, err
}
