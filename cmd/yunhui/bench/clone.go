package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/notices"
)

// mould is all that the store holds about one claim and its agreement. Further
// claims are cast from it: every row again, with IDs, numbers and keys of its
// own, so that they are as consistent as the one that people led through.
type mould struct {
	claim     subsidies.Claim
	agreement subsidies.Agreement
	notice    notices.Notice
	tables    []table
}

type table struct {
	name    string
	columns []string
	rows    [][]any
}

// kept lists the tables that hold rows about a claim, its agreement or its firm.
var kept = []struct{ name, where, order string }{
	{"agreements", "id = @agreement", "id"},
	{"claims", "id = @claim", "id"},
	{"claim_invoices", "claim_id = @claim", "id"},
	{"invoice_uses", "claim_id = @claim", "number_key"},
	{"claim_payments", "claim_id = @claim", "id"},
	{"claim_evidence", "claim_id = @claim", "file_id"},
	{"claim_checks", "claim_id = @claim", "code"},
	{"hands", "subject_id = @claim", "person_id"},
	{"steps", "subject_id IN (@claim, @agreement)", "id"},
	{"traces", "subject_id IN (@claim, @agreement)", "id"},
	{"journals", "subject_id IN (@claim, @agreement)", "id"},
	{"postings", "subject_id IN (@claim, @agreement)", "journal_id, line"},
	{"ceilings", "policy_code = @policy AND kind LIKE 'enterprise%'", "kind, subject"}, // those of the firm
	{"notice_items", "claim_id = @claim", "claim_id"},
}

func (c *city) mould(ctx context.Context, claim subsidies.Claim, without ...string) (mould, error) {
	m := mould{claim: claim}
	var err error
	if m.agreement, err = c.agreements.Get(ctx, kernel.System(), claim.AgreementID); err != nil {
		return m, err
	}
	if err := c.store.Read(ctx).Where("id = ?", claim.NoticeID).Take(&m.notice).Error; err != nil {
		return m, err
	}
	pool, err := c.store.Writer()
	if err != nil {
		return m, err
	}
	for _, k := range kept {
		if slices.Contains(without, k.name) {
			continue
		}
		where := k.where
		for name, value := range map[string]string{"@claim": string(claim.ID), "@agreement": string(claim.AgreementID), "@policy": claim.PolicyCode} {
			where = strings.ReplaceAll(where, name, "'"+value+"'")
		}
		t, err := read(ctx, pool, k.name, "SELECT * FROM "+k.name+" WHERE "+where+" ORDER BY "+k.order)
		if err != nil {
			return m, err
		}
		m.tables = append(m.tables, t)
	}
	return m, nil
}

func read(ctx context.Context, pool *sql.DB, name, query string) (t table, err error) {
	t.name = name
	rows, err := pool.QueryContext(ctx, query)
	if err != nil {
		return t, fmt.Errorf("read %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return t, err
	}
	for _, c := range types {
		t.columns = append(t.columns, c.Name())
	}
	for rows.Next() {
		row := make([]any, len(types))
		into := make([]any, len(types))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return t, err
		}
		for i, v := range row {
			if text, ok := v.([]byte); ok && !strings.Contains(types[i].DatabaseTypeName(), "BLOB") && utf8.Valid(text) {
				row[i] = string(text)
			}
		}
		t.rows = append(t.rows, row)
	}
	return t, nil
}

// names gives everything in the mould that must not occur twice a new name.
func (m mould) names(now time.Time, serial int, notice kernel.ID) map[string]string {
	fresh := map[string]string{
		string(m.notice.ID):          string(notice),
		string(m.claim.EnterpriseID): fmt.Sprintf("bench-firm-%d", serial),
		m.claim.ContractNumber:       fmt.Sprintf("HTCAST%d", serial),
	}
	for _, t := range m.tables {
		id := -1
		for i, c := range t.columns {
			if c == "id" {
				id = i
			}
		}
		for _, row := range t.rows {
			if id >= 0 {
				fresh[fmt.Sprint(row[id])] = string(kernel.NewID(now))
			}
			if t.name == "invoice_uses" {
				fresh[fmt.Sprint(row[0])] = fmt.Sprintf("27%018d", serial)
			}
		}
	}
	year := now.Year()
	fresh[m.agreement.Number] = agreements.Number("A", kernel.ID(fresh[string(m.agreement.ID)]), year)
	fresh[m.claim.Number] = agreements.Number("C", kernel.ID(fresh[string(m.claim.ID)]), year)
	return fresh
}

// composed names the columns in which a name stands among other text.
var composed = map[string]bool{"effect_key": true, "contract_key": true, "subject": true}

// cast adds the rows of one more claim, on a notice, to the sheets and returns
// the claim's ID.
func (m mould) cast(sheets map[string]*sheet, now time.Time, serial int, notice kernel.ID) kernel.ID {
	fresh := m.names(now, serial, notice)
	pairs := make([]string, 0, 2*len(fresh))
	for old, its := range fresh {
		pairs = append(pairs, old, its)
	}
	within := strings.NewReplacer(pairs...)
	for _, t := range m.tables {
		s := sheets[t.name]
		if s == nil {
			s = &sheet{name: t.name, columns: t.columns}
			sheets[t.name] = s
		}
		for _, row := range t.rows {
			for i, v := range row {
				text, ok := v.(string)
				switch its, known := fresh[text]; {
				case ok && known:
					v = its
				case ok && composed[t.columns[i]]:
					v = within.Replace(text)
				}
				s.values = append(s.values, v)
			}
		}
	}
	return kernel.ID(fresh[string(m.claim.ID)])
}

// sheet gathers rows of one table for few, large statements.
type sheet struct {
	name    string
	columns []string
	values  []any
}

func (s *sheet) flush(ctx context.Context, tx *sql.Tx) error {
	width := len(s.columns)
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + "),"
	most := max(1, 6_000/width)
	for values := s.values; len(values) > 0; {
		n := min(most, len(values)/width)
		statement := "INSERT INTO " + s.name + " (" + strings.Join(s.columns, ",") + ") VALUES " + strings.TrimSuffix(strings.Repeat(one, n), ",")
		if _, err := tx.ExecContext(ctx, statement, values[:n*width]...); err != nil {
			return fmt.Errorf("fill %s: %w", s.name, err)
		}
		values = values[n*width:]
	}
	s.values = s.values[:0]
	return nil
}
