package openings

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/rules"
)

// Published returns the closed list of a draw, as its digest was made of it.
func (d *Desk) Published(ctx context.Context, code string, closes kernel.Date) ([]byte, error) {
	draw, err := d.Draw(ctx, code, closes)
	if err != nil {
		return nil, err
	}
	if draw.ClosedAt == nil {
		return nil, kernel.Conflict("opening.not_closed", kernel.T("名单尚未封存", "The list is not closed yet"))
	}
	all, err := lots(d.DB.Read(ctx), code, closes)
	return List(code, closes, all), err
}

// Outcome is one line of a drawn order.
type Outcome struct {
	Place        int64                    `json:"place"`
	Number       int                      `json:"number" doc:"名单编号 · number in the closed list"`
	Band         int                      `json:"band"`
	Key          string                   `json:"key" doc:"签号：HMAC-SHA256(有效种子, 编号) · HMAC-SHA256 of the number under the effective seed" gorm:"-"`
	Agreement    string                   `json:"agreement_number"`
	EnterpriseID kernel.ID                `json:"-"`
	State        subsidies.AgreementState `json:"state" enum:"enterprise_confirmed,waiting,accepted,completed,declined,withdrawn,lapsed"`
	Subsidy      kernel.Fen               `json:"government_subsidy_fen"`
}

// Outcomes returns the order of a draw after a place, and what has become of each.
func (d *Desk) Outcomes(ctx context.Context, code string, closes kernel.Date, after int64, limit int) ([]Outcome, error) {
	draw, err := d.Draw(ctx, code, closes)
	if err != nil || draw.State != subsidies.OpeningDrawn {
		return []Outcome{}, err
	}
	out := []Outcome{}
	err = d.DB.Read(ctx).Table("opening_entries e").Joins("JOIN agreements a ON a.id = e.agreement_id").
		Select("e.place AS place, e.number AS number, e.band AS band, a.number AS agreement, a.enterprise_id AS enterprise_id, a.state AS state, a.subsidy_fen AS subsidy").
		Where("e.policy_code = ? AND e.round = ? AND e.place > ?", code, closes, after).Order("e.place").Limit(limit).Find(&out).Error
	for i := range out {
		out[i].Key = Key(draw.Seed, out[i].Number)
	}
	return out, err
}

// PlaceInLine is where an agreement stands in the order of its policy, and what is
// before it.
type PlaceInLine struct {
	EnteredAt  *time.Time      `json:"entered_at,omitempty" doc:"计先后的时刻 · the instant that counts"`
	DrawnOn    kernel.Date     `json:"draw_closes_on,omitempty" doc:"参加的抽签 · the draw it takes part in"`
	Band       int             `json:"band,omitempty"`
	BandName   kernel.Text     `json:"band_name,omitzero"`
	Looked     []rules.Finding `json:"band_findings,omitempty" doc:"为何列入该序列 · why this band"`
	Number     int64           `json:"number,omitempty" doc:"名单编号 · number in the closed list"`
	Place      int64           `json:"place,omitempty" doc:"抽签次序 · place by the draw"`
	Undrawn    bool            `json:"undrawn,omitempty" doc:"尚待抽签 · the draw is still to be held"`
	Ahead      int             `json:"ahead" doc:"排在前面、仍在等待或待受理的协议数 · agreements before it that still ask"`
	AheadWaits int             `json:"ahead_waiting"`
	AheadFen   kernel.Fen      `json:"ahead_fen" doc:"它们合计申请的补贴 · what they ask for"`
	CityFree   kernel.Fen      `json:"city_free_fen"`
	LocalFree  kernel.Fen      `json:"district_free_fen"`
	CityNeed   kernel.Fen      `json:"city_need_fen"`
	LocalNeed  kernel.Fen      `json:"district_need_fen"`
}

// StandingOf tells where an agreement stands; nil when it has never had a place.
func (d *Desk) StandingOf(ctx context.Context, a subsidies.Agreement) (*PlaceInLine, error) {
	db := d.DB.Read(ctx)
	var rows []entry
	if err := db.Where("agreement_id = ?", a.ID).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	e := rows[0]
	out := &PlaceInLine{EnteredAt: &e.EnteredAt, Number: e.Number, Place: e.Place, Band: e.Band, CityNeed: a.Legs.Municipal, LocalNeed: a.Legs.District}
	if e.Band > 0 {
		if err := d.banded(ctx, e, out); err != nil {
			return nil, err
		}
	}
	if a.State != subsidies.AgreementWaiting && a.State != subsidies.AgreementEnterpriseConfirmed {
		return out, nil
	}
	out.Undrawn = e.Band > 0 && e.Place == 0
	return out, d.before(ctx, a, out)
}

func (d *Desk) banded(ctx context.Context, e entry, out *PlaceInLine) error {
	doc, err := d.announced(ctx, e.PolicyCode, e.Round)
	if err != nil {
		return err
	}
	out.DrawnOn, out.BandName = e.Round, doc.BandName(e.Band)
	why, err := e.banding()
	out.Looked = why.Looked
	return err
}

// before counts who asks for the money before the agreement.
func (d *Desk) before(ctx context.Context, a subsidies.Agreement, out *PlaceInLine) error {
	meters, err := budget.Meter(ctx, d.DB, a.PolicyCode)
	if err != nil {
		return err
	}
	for _, m := range meters[a.PolicyCode] {
		if m.Current && m.Scope == budget.City {
			out.CityFree = m.Free()
		}
		if m.Current && m.Scope == a.District {
			out.LocalFree = m.Free()
		}
	}
	all, err := askers(d.DB.Read(ctx), a.PolicyCode)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID == a.ID {
			return nil
		}
		out.Ahead++
		out.AheadFen += other.Municipal + other.Share
		if other.State == subsidies.AgreementWaiting {
			out.AheadWaits++
		}
	}
	return nil
}

func (e entry) banding() (why Banding, err error) {
	if err := json.Unmarshal([]byte(e.Explained), &why); err != nil {
		return why, fmt.Errorf("banding of %s: %w", e.AgreementID, err)
	}
	return why, nil
}
