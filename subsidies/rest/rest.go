// Package rest offers the money side over HTTP: policies and quotes for
// everybody, agreements, claims, notices, payment batches, clawbacks and the
// books for those who may
// see or decide.
package rest

import (
	"context"

	"yunhui/services/api"
	"yunhui/services/database"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/quotas"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/simulation"
)

// Room serves the money side.
type Room struct {
	DB          *database.DB
	Policies    *gazette.Library
	Drafts      *drafts.Desk
	Registry    subsidies.Registry
	Quotes      *quotes.Desk
	Agreements  *agreements.Desk
	Claims      *claims.Desk
	Files       files.Store
	Notices     *notices.Desk
	Payments    *payments.Desk
	Stopwatch   *payments.Stopwatch
	Clawbacks   *clawbacks.Desk
	Books       *budget.Desk
	Quotas      *quotas.Desk
	Openings    *openings.Desk
	Simulations *simulation.Desk
}

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	r.policyPages(desk)
	r.draftPages(desk)
	r.simulations(desk)
	r.calculator(desk)
	r.agreementPages(desk)
	r.claimPages(desk)
	r.filling(desk)
	r.evidencePages(desk)
	r.decisions(desk)
	r.noticePages(desk)
	r.batchPages(desk)
	r.clawbackPages(desk)
	r.budgetPages(desk)
	r.quotaPages(desk)
	r.drawPages(desk)
}

// anyone who takes part in agreements and claims.
var parties = []kernel.Role{kernel.RoleEnterprise, kernel.RoleProvider, kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor}

// Party names an organisation on a screen.
type Party struct {
	ID     kernel.ID `json:"id"`
	Name   string    `json:"name"`
	NameEN string    `json:"name_en"`
	Code   string    `json:"credit_code" doc:"统一社会信用代码，供填写发票 · as invoices name it"`
}

// body wraps an answer.
type body[T any] struct{ Body T }

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{Body: v}, nil
}

// idPath is the input of a route on one thing.
type idPath struct {
	ID kernel.ID `path:"id" maxLength:"36"`
}

func actor(ctx context.Context) kernel.Actor { return kernel.CallFrom(ctx).Actor }

// names looks the parties of a page up in one query.
func (r *Room) names(ctx context.Context, ids []kernel.ID) (map[kernel.ID]Party, error) {
	if len(ids) == 0 {
		return map[kernel.ID]Party{}, nil
	}
	firms, err := r.Registry.Firms(ctx, ids...)
	out := make(map[kernel.ID]Party, len(firms))
	for id, f := range firms {
		out[id] = Party{ID: id, Name: f.Name, NameEN: f.NameEN, Code: f.CreditCode}
	}
	return out, err
}
