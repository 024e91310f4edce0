package demands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
)

// Draft is a demand as an enterprise writes it.
type Draft struct {
	Title    string
	Need     string
	Category string // empty: not said; else a leaf or a parent
	Budget   *kernel.Fen
	WantedBy *kernel.Date
	Systems  []string
}

func (in *Draft) check(today kernel.Date) error {
	var f kernel.Faults
	in.Title, in.Need = strings.TrimSpace(in.Title), strings.TrimSpace(in.Need)
	length(&f, "title", in.Title, 2, 100)
	length(&f, "need", in.Need, 2, 5000)
	_, known := catalog.FindCategory(in.Category)
	f.Check(in.Category == "" || known, "category", "category.unknown", kernel.T("没有这个服务类别", "No such category"))
	f.Check(in.Budget == nil || (*in.Budget > 0 && *in.Budget <= kernel.MaxFen), "budget_fen", "budget.range", kernel.T("预算应大于零，不确定可留空", "The budget must be above zero; leave it out when unsure"))
	if in.WantedBy != nil {
		f.Check(in.WantedBy.Valid() && *in.WantedBy >= today && *in.WantedBy <= today.AddDays(1100), "wanted_by", "date.range", kernel.T("日期应在今天起三年之内", "The day must lie within three years from today"))
	}
	f.Check(len(in.Systems) <= 20, "systems", "field.too_many", kernel.T("不超过 20 项", "At most 20"))
	systems := []string{}
	for i, s := range in.Systems {
		s = strings.TrimSpace(s)
		length(&f, fmt.Sprintf("systems[%d]", i), s, 1, 60)
		if !slices.Contains(systems, s) {
			systems = append(systems, s)
		}
	}
	in.Systems = systems
	return f.Err()
}

// length holds a text to a number of characters.
func length(f *kernel.Faults, path, s string, least, most int) {
	n := utf8.RuneCountInString(s)
	f.Check(n >= least, path, "field.too_short", kernel.T("至少 %d 个字", "At least %d characters", least))
	f.Check(n <= most, path, "field.too_long", kernel.T("不超过 %d 个字", "At most %d characters", most))
	f.Check(!kernel.Hidden(s), path, "field.hidden_characters", kernel.T("含有看不见的字符", "It holds invisible characters"))
}

// Post publishes a demand of the actor's enterprise.
func (d *Desk) Post(ctx context.Context, in Draft) (kernel.ID, error) {
	who := kernel.CallFrom(ctx).Actor
	if err := who.Require(kernel.RoleEnterprise); err != nil {
		return "", err
	}
	if err := in.check(kernel.DayOf(d.DB.Clock().Now())); err != nil {
		return "", err
	}
	firms, err := d.Registry.Enterprises(ctx, who.Org)
	if err != nil {
		return "", err
	}
	firm, ok := firms[who.Org]
	if !ok {
		return "", kernel.NotFound(kernel.T("企业", "enterprise"))
	}
	return database.Do(ctx, d.DB, "demand.post", func(tx *database.Tx) (kernel.ID, error) {
		demand := catalog.Demand{
			ID: kernel.NewID(tx.Now), EnterpriseID: firm.ID, District: firm.District, Title: in.Title, Need: in.Need, Category: in.Category,
			Budget: in.Budget, WantedBy: in.WantedBy, Systems: in.Systems, Status: catalog.DemandOpen, Version: 1,
			CreatedBy: who.Person, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if err := tx.Create(&demand).Error; err != nil {
			return "", err
		}
		if err := record(tx, "demand.post", demand.ID, map[string]any{"title": demand.Title, "category": demand.Category}); err != nil {
			return "", err
		}
		return demand.ID, queue.Send(tx, queue.Message{Kind: Posted, Subject: demand.ID})
	})
}

// Close ends a demand without a choice; its reason is told to those who answered.
func (d *Desk) Close(ctx context.Context, id kernel.ID, reason string) (kernel.ID, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(kernel.RoleEnterprise); err != nil {
		return "", err
	}
	reason = strings.TrimSpace(reason)
	var f kernel.Faults
	length(&f, "reason", reason, 2, 500)
	if err := f.Err(); err != nil {
		return "", err
	}
	return database.Do(ctx, d.DB, "demand.close", func(tx *database.Tx) (kernel.ID, error) {
		demand, err := own(tx, id)
		if err != nil {
			return "", err
		}
		if err := leave(tx, demand, catalog.DemandClosed, map[string]any{"closed_reason": reason}); err != nil {
			return "", err
		}
		declined, err := decline(tx, id)
		if err != nil {
			return "", err
		}
		if err := record(tx, "demand.close", id, map[string]any{"reason": reason}); err != nil {
			return "", err
		}
		return id, queue.Send(tx, queue.Message{Kind: Closed, Subject: id, Payload: Event{Providers: declined}})
	})
}

// Invite asks admitted providers to answer an open demand, ten in all. Who was
// asked before is not asked again.
func (d *Desk) Invite(ctx context.Context, id kernel.ID, providers []kernel.ID) (kernel.ID, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(kernel.RoleEnterprise); err != nil {
		return "", err
	}
	return database.Do(ctx, d.DB, "demand.invite", func(tx *database.Tx) (kernel.ID, error) {
		if _, err := own(tx, id); err != nil {
			return "", err
		}
		if err := hold(tx, id); err != nil {
			return "", err
		}
		asked, err := invite(tx, id, providers)
		if err != nil || len(asked) == 0 {
			return id, err
		}
		if err := record(tx, "demand.invite", id, map[string]any{"providers": asked}); err != nil {
			return "", err
		}
		return id, queue.Send(tx, queue.Message{Kind: Invited, Subject: id, Payload: Event{Providers: asked}})
	})
}

func invite(tx *database.Tx, id kernel.ID, providers []kernel.ID) ([]kernel.ID, error) {
	var before, admitted []kernel.ID
	if err := tx.Model(&catalog.Invitation{}).Where("demand_id = ?", id).Pluck("provider_id", &before).Error; err != nil {
		return nil, err
	}
	if err := tx.Model(&catalog.Provider{}).Where("id IN ? AND status = ?", providers, catalog.ProviderAdmitted).Pluck("id", &admitted).Error; err != nil {
		return nil, err
	}
	var f kernel.Faults
	f.Check(len(providers) > 0, "providers", "field.required", kernel.T("请选择服务商", "Choose providers"))
	var asked []kernel.ID
	for i, p := range providers {
		f.Check(slices.Contains(admitted, p), fmt.Sprintf("providers[%d]", i), "provider.unknown", kernel.T("没有这家在库服务商", "No such admitted provider"))
		if !slices.Contains(before, p) && !slices.Contains(asked, p) {
			asked = append(asked, p)
		}
	}
	f.Check(len(before)+len(asked) <= MostInvitations, "providers", "invitations.too_many", kernel.T("一项需求最多邀请 %d 家服务商", "A demand may be sent to at most %d providers", MostInvitations))
	if err := f.Err(); err != nil || len(asked) == 0 {
		return nil, err
	}
	rows := make([]catalog.Invitation, len(asked))
	for i, p := range asked {
		rows[i] = catalog.Invitation{DemandID: id, ProviderID: p, CreatedBy: tx.Call.Actor.Person, CreatedAt: tx.Now}
	}
	return asked, tx.Create(&rows).Error
}
