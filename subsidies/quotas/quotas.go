// Package quotas is what enterprises share under a policy besides its budget: the
// quota of a provider and the ceiling of some categories. They are drawn on
// acceptance like every ceiling; here officers see them and set other limits.
package quotas

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// Desk shows and sets quotas.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Registry subsidies.Registry
}

// LimitDecision is one limit that an officer has set, and why. Decisions are never
// changed; the one with the highest serial counts.
type LimitDecision struct {
	ID         kernel.ID          `json:"id"`
	PolicyCode string             `json:"-"`
	Kind       budget.CeilingKind `json:"kind" enum:"provider_year,provider_policy,policy_category"`
	Subject    string             `json:"subject"`
	Period     string             `json:"period"`
	Serial     int64              `json:"-"`
	Limit      *kernel.Fen        `json:"limit_fen,omitempty" gorm:"column:limit_fen" doc:"缺省即恢复政策规定的额度 · absent: the policy's limit again"`
	Reason     string             `json:"reason"`
	PersonID   kernel.ID          `json:"-"`
	PersonName string             `json:"person_name"`
	At         time.Time          `json:"at"`
}

// TableName names the table for the store.
func (LimitDecision) TableName() string { return "quota_decisions" }

// Setting asks for a limit; without one the policy's comes back into force.
type Setting struct {
	Policy  string
	Kind    budget.CeilingKind
	Subject string // the provider, or the key of the categories
	Period  string // the year of a yearly quota, else ""
	Limit   *kernel.Fen
	Reason  string
}

var yearForm = regexp.MustCompile(`^20\d\d$`)

const maxReason = 1000

// Set sets a limit in place of the policy's. What was reserved before stays, even
// beyond the new limit; nothing more is reserved until there is room again.
func (d *Desk) Set(ctx context.Context, s Setting) (LimitDecision, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(kernel.RoleCityOfficer); err != nil {
		return LimitDecision{}, err
	}
	policy, err := d.Policies.Current(ctx, s.Policy, kernel.DayOf(d.DB.Clock().Now()))
	if err != nil {
		return LimitDecision{}, err
	}
	s.Reason = strings.TrimSpace(s.Reason)
	if err := d.check(ctx, policy.Document(), s); err != nil {
		return LimitDecision{}, err
	}
	return database.Do(ctx, d.DB, "quota.set", func(tx *database.Tx) (LimitDecision, error) {
		at := budget.Ceiling{PolicyCode: s.Policy, Kind: s.Kind, Subject: s.Subject, Period: s.Period}
		if err := budget.Fix(tx, at, s.Limit); err != nil {
			return LimitDecision{}, err
		}
		now, err := budget.State(tx.DB, at) // its version, which this transaction holds, numbers the decisions
		if err != nil {
			return LimitDecision{}, err
		}
		who := tx.Call.Actor
		out := LimitDecision{
			ID: kernel.NewID(tx.Now), PolicyCode: s.Policy, Kind: s.Kind, Subject: s.Subject, Period: s.Period, Serial: now.Version,
			Limit: s.Limit, Reason: s.Reason, PersonID: who.Person, PersonName: who.Name, At: tx.Now,
		}
		if err := tx.Create(&out).Error; err != nil {
			return out, err
		}
		return out, audit.Record(tx, audit.Entry{Action: "quota.set", ObjectKind: "policy", ObjectID: s.Policy, Detail: map[string]any{
			"kind": s.Kind, "subject": s.Subject, "period": s.Period, "limit_fen": s.Limit, "reason": s.Reason,
		}})
	})
}

func (d *Desk) check(ctx context.Context, doc rules.Document, s Setting) error {
	var f kernel.Faults
	f.Check(s.Reason != "", "reason", "reason.required", kernel.T("请说明调整理由", "Give the reason"))
	f.Check(utf8.RuneCountInString(s.Reason) <= maxReason && !kernel.Hidden(s.Reason), "reason", "reason.form", kernel.T("理由过长或含有不可见字符", "The reason is too long or holds invisible characters"))
	f.Check(s.Limit == nil || (*s.Limit >= 0 && *s.Limit <= kernel.MaxFen), "limit_fen", "amount.range", kernel.T("金额超出范围", "Amount out of range"))
	yearly := s.Kind == budget.ProviderYear
	f.Check(yearly == yearForm.MatchString(s.Period) && (yearly || s.Period == ""), "period", "quota.period", kernel.T("年度额度须写明年度，其他额度不写", "A yearly quota names its year, others name none"))
	quota := string(s.Kind)
	if s.Kind == budget.PolicyCategory {
		quota += ":" + s.Subject
	}
	known := false
	for _, q := range doc.Quotas("") {
		known = known || q == quota
	}
	f.Check(known, "kind", "quota.unknown", kernel.T("该政策没有这项共用额度", "The policy has no such quota"))
	if known && s.Kind != budget.PolicyCategory {
		firms, err := d.Registry.Firms(ctx, kernel.ID(s.Subject))
		if err != nil {
			return err
		}
		f.Check(firms[kernel.ID(s.Subject)].Kind == "provider", "subject", "quota.provider", kernel.T("没有这家服务商", "There is no such provider"))
	}
	return f.Err()
}

// SharedQuota is how far one shared limit is used.
type SharedQuota struct {
	Kind     budget.CeilingKind `json:"kind" enum:"provider_year,provider_policy,policy_category"`
	Subject  string             `json:"subject" doc:"服务商，或类别额度代码 · the provider, or the key of the categories"`
	Name     string             `json:"name"`
	Period   string             `json:"period"`
	Used     kernel.Fen         `json:"used_fen"`
	Limit    kernel.Fen         `json:"limit_fen" doc:"现行额度 · the limit in force"`
	ByPolicy kernel.Fen         `json:"policy_limit_fen" doc:"政策规定的额度 · the policy's limit"`
	Set      bool               `json:"set" doc:"由主管部门另行确定 · set by officers"`
}

// QuotaBoard is all that is shared under a policy, and what officers decided on it.
type QuotaBoard struct {
	Quotas    []SharedQuota   `json:"quotas"`
	Decisions []LimitDecision `json:"decisions" doc:"新的在前，最多 200 条 · newest first, at most 200"`
}

// Board returns what is shared under the version of the day. A provider that is
// named is shown even if nothing was drawn through it yet.
func (d *Desk) Board(ctx context.Context, code string, named kernel.ID) (QuotaBoard, error) {
	today := kernel.DayOf(d.DB.Clock().Now())
	policy, err := d.Policies.Current(ctx, code, today)
	if err != nil {
		return QuotaBoard{}, err
	}
	doc := policy.Document()
	out := QuotaBoard{Quotas: []SharedQuota{}, Decisions: []LimitDecision{}}
	var rows []budget.Ceiling
	kinds := []budget.CeilingKind{budget.ProviderYear, budget.ProviderPolicy, budget.PolicyCategory}
	if err := d.DB.Read(ctx).Where("policy_code = ? AND kind IN ?", code, kinds).Order("kind, period DESC, subject").Limit(1000).Find(&rows).Error; err != nil {
		return out, err
	}
	rows = withUntouched(rows, doc, named, fmt.Sprint(today.Year()))
	var ids []kernel.ID
	for _, r := range rows {
		if r.Kind != budget.PolicyCategory {
			ids = append(ids, kernel.ID(r.Subject))
		}
	}
	firms := map[kernel.ID]subsidies.Firm{}
	if len(ids) > 0 {
		if firms, err = d.Registry.Firms(ctx, ids...); err != nil {
			return out, err
		}
	}
	for _, r := range rows {
		if firm := firms[kernel.ID(r.Subject)]; r.Kind == budget.PolicyCategory || firm.Kind == "provider" {
			out.Quotas = append(out.Quotas, shown(doc, r, firm, today))
		}
	}
	err = d.DB.Read(ctx).Where("policy_code = ?", code).Order("id DESC").Limit(200).Find(&out.Decisions).Error
	return out, err
}

// withUntouched adds what nobody has drawn on yet: the ceilings of categories and
// the quotas of the provider that is named.
func withUntouched(rows []budget.Ceiling, doc rules.Document, named kernel.ID, year string) []budget.Ceiling {
	for _, q := range doc.Quotas("") {
		kind, key, _ := strings.Cut(q, ":")
		wanted := budget.Ceiling{PolicyCode: doc.Code, Kind: budget.CeilingKind(kind), Subject: string(named)}
		switch kind {
		case rules.CapPolicyCategory:
			wanted.Subject = key
		case rules.CapProviderYear:
			wanted.Period = year
		}
		seen := slices.ContainsFunc(rows, func(r budget.Ceiling) bool {
			return r.Kind == wanted.Kind && r.Subject == wanted.Subject && r.Period == wanted.Period
		})
		if !seen && wanted.Subject != "" {
			rows = append(rows, wanted)
		}
	}
	return rows
}

func shown(doc rules.Document, r budget.Ceiling, provider subsidies.Firm, on kernel.Date) SharedQuota {
	q, quota := SharedQuota{Kind: r.Kind, Subject: r.Subject, Name: provider.Name, Period: r.Period, Used: r.Used}, string(r.Kind)
	if r.Kind == budget.PolicyCategory {
		quota, q.Name = quota+":"+r.Subject, r.Subject
	}
	q.ByPolicy, _ = doc.QuotaLimit(quota, provider.CreditCode, on)
	q.Limit = q.ByPolicy
	if r.Set != nil {
		q.Limit, q.Set = *r.Set, true
	}
	return q
}

// Verify checks that every limit set by officers is the one of the last decision.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var rows []struct {
		PolicyCode, Kind, Subject, Period string
		SetFen, LimitFen                  *int64
	}
	same := func(a, b string) string {
		return fmt.Sprintf("%[1]s.policy_code = %[2]s.policy_code AND %[1]s.kind = %[2]s.kind AND %[1]s.subject = %[2]s.subject AND %[1]s.period = %[2]s.period", a, b)
	}
	err := db.Read(ctx).Raw(`SELECT c.policy_code, c.kind, c.subject, c.period, c.set_fen, d.limit_fen FROM ceilings c
		LEFT JOIN (SELECT policy_code, kind, subject, period, MAX(serial) AS serial FROM quota_decisions GROUP BY policy_code, kind, subject, period) n ON ` + same("n", "c") + `
		LEFT JOIN quota_decisions d ON d.serial = n.serial AND ` + same("d", "n") + `
		WHERE COALESCE(c.set_fen, -1) <> COALESCE(d.limit_fen, -1) LIMIT 50`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("verify quotas: %w", err)
	}
	var out []kernel.Breach
	for _, r := range rows {
		out = append(out, kernel.Breach{Law: "budget", Object: fmt.Sprintf("ceiling %s/%s/%s/%s", r.PolicyCode, r.Kind, r.Subject, r.Period), Detail: fmt.Sprintf("is limited to %s, officers decided %s", said(r.SetFen), said(r.LimitFen))})
	}
	var lost []struct{ PolicyCode, Kind, Subject, Period string }
	err = db.Read(ctx).Raw(`SELECT DISTINCT d.policy_code, d.kind, d.subject, d.period FROM quota_decisions d
		WHERE NOT EXISTS (SELECT 1 FROM ceilings c WHERE ` + same("c", "d") + `) LIMIT 50`).Scan(&lost).Error
	for _, r := range lost {
		out = append(out, kernel.Breach{Law: "budget", Object: fmt.Sprintf("ceiling %s/%s/%s/%s", r.PolicyCode, r.Kind, r.Subject, r.Period), Detail: "officers decided on it, and it is gone"})
	}
	return out, err
}

func said(limit *int64) string {
	if limit == nil {
		return "nothing"
	}
	return fmt.Sprint(*limit, " fen")
}
