package claims

// queries are what can be asked of the store in one sentence: each row that it
// answers with is a breach.
var queries = []struct {
	law, object, detail, sql string
}{
	{"once", "claim", "an invoice of a living claim is not held by it:", `SELECT c.number AS object, i.number_key AS detail FROM claims c JOIN claim_invoices i ON i.claim_id = c.id
		LEFT JOIN invoice_uses u ON u.number_key = i.number_key AND u.claim_id = c.id
		WHERE c.submitted_at IS NOT NULL AND c.live_key IS NOT NULL AND c.state NOT IN ('draft', 'returned') AND u.number_key IS NULL`},
	{"once", "claim", "pays for a contract it does not hold", `SELECT c.number AS object, '' AS detail FROM claims c WHERE c.state IN ('approved', 'batched', 'paid') AND (c.contract_key IS NULL OR c.live_key IS NULL)`},
	{"four eyes", "claim", "one person acted in two parts:", `SELECT c.number AS object, s.person_name AS detail FROM steps s JOIN claims c ON c.id = s.subject_id
		WHERE s.subject_kind = 'claim' AND s.person_id <> 'system' AND ` + parts + ` <> ''
		GROUP BY c.number, s.subject_id, s.person_id, s.person_name HAVING COUNT(DISTINCT ` + parts + `) > 1`},
	{"four eyes", "claim", "a step without its recorded hand:", `SELECT c.number AS object, s.act AS detail FROM steps s JOIN claims c ON c.id = s.subject_id
		LEFT JOIN hands h ON h.subject_id = s.subject_id AND h.person_id = s.person_id AND h.part = ` + parts + `
		WHERE s.subject_kind = 'claim' AND ` + parts + ` <> '' AND h.person_id IS NULL`},
	{"nothing lost", "claim", "its steps do not lead to where it stands:", misled("claim", "claims")},
	{"nothing lost", "agreement", "its steps do not lead to where it stands:", misled("agreement", "agreements")},
	{"nothing lost", "claim", "no step led to where it stands:", unled("claim", "claims")},
	{"nothing lost", "agreement", "no step led to where it stands:", unled("agreement", "agreements")},
	{"conservation", "claim", "awarded in the ledger otherwise than in its legs:", `SELECT c.number AS object, '' AS detail FROM claims c
		LEFT JOIN (SELECT subject_id, SUM(CASE WHEN account = 'memo.list_price' THEN -amount_fen ELSE 0 END) AS list_price, SUM(CASE WHEN account = 'memo.provider_discount' THEN amount_fen ELSE 0 END) AS discount,
			SUM(CASE WHEN account = 'memo.government_subsidy' THEN amount_fen ELSE 0 END) AS subsidy, SUM(CASE WHEN account = 'memo.enterprise_share' THEN amount_fen ELSE 0 END) AS enterprise
			FROM postings WHERE account LIKE 'memo.%' GROUP BY subject_id) p ON p.subject_id = c.id
		WHERE c.state IN ('approved', 'batched', 'paid') AND (p.subject_id IS NULL OR p.list_price <> c.list_price_fen OR p.discount <> c.discount_fen OR p.subsidy <> c.subsidy_fen OR p.enterprise <> c.enterprise_fen)`},
	{"double entry", "agreement", "the ledger holds another reservation than it does:", `SELECT a.number AS object, a.state AS detail FROM agreements a
		LEFT JOIN ` + held("reserved") + ` p ON p.subject_id = a.id
		WHERE COALESCE(p.city, 0) <> CASE WHEN a.state IN ('accepted', 'completed') THEN a.municipal_fen ELSE 0 END
		OR COALESCE(p.district, 0) <> CASE WHEN a.state IN ('accepted', 'completed') THEN a.district_fen ELSE 0 END`},
	{"double entry", "claim", "the ledger owes another amount than it does:", `SELECT c.number AS object, c.state AS detail FROM claims c
		LEFT JOIN ` + held("awarded") + ` p ON p.subject_id = c.id
		WHERE COALESCE(p.city, 0) <> CASE WHEN c.state IN ('approved', 'batched') THEN c.municipal_fen ELSE 0 END
		OR COALESCE(p.district, 0) <> CASE WHEN c.state IN ('approved', 'batched') THEN c.district_fen ELSE 0 END`},
	{"double entry", "claim", "its award used another reservation than its agreement's", `SELECT c.number AS object, '' AS detail FROM claims c JOIN agreements a ON a.id = c.agreement_id
		LEFT JOIN ` + held("reserved") + ` p ON p.subject_id = c.id
		WHERE COALESCE(p.city, 0) <> CASE WHEN c.state IN ('approved', 'batched', 'paid') THEN -a.municipal_fen ELSE 0 END
		OR COALESCE(p.district, 0) <> CASE WHEN c.state IN ('approved', 'batched', 'paid') THEN -a.district_fen ELSE 0 END`},
}

// parts says which part a step s of a claim is; most are none.
const parts = `CASE WHEN s.act = 'submit' THEN 'claimant' WHEN s.act IN ('confirm', 'dispute') THEN 'provider'
	WHEN s.act IN ('batch', 'pay', 'fail_payment') THEN 'payer'
	WHEN s.act IN ('approve', 'return', 'refuse', 'dismiss_objection') AND s.role = 'district_officer' THEN 'district'
	WHEN s.act IN ('approve', 'return', 'refuse', 'dismiss_objection') THEN 'city' ELSE '' END`

// held sums an account by subject and level of government.
func held(account string) string {
	return `(SELECT subject_id, SUM(CASE WHEN scope = 'city' THEN amount_fen ELSE 0 END) AS city, SUM(CASE WHEN scope <> 'city' THEN amount_fen ELSE 0 END) AS district
		FROM postings WHERE account = '` + account + `' GROUP BY subject_id)`
}

// misled finds subjects that entered a state more or less often than they left
// it, the state in which they stand excepted. It needs no order of the steps:
// the clocks of several nodes do not agree to the millisecond.
func misled(kind, table string) string {
	return `SELECT x.number AS object, m.state AS detail FROM (
		SELECT subject_id, state, SUM(n) AS n FROM (
			SELECT subject_id, to_state AS state, 1 AS n FROM steps WHERE subject_kind = '` + kind + `'
			UNION ALL SELECT subject_id, from_state AS state, -1 AS n FROM steps WHERE subject_kind = '` + kind + `' AND from_state <> '') e
		GROUP BY subject_id, state) m JOIN ` + table + ` x ON x.id = m.subject_id
		WHERE m.n <> CASE WHEN m.state = x.state THEN 1 ELSE 0 END`
}

func unled(kind, table string) string {
	return `SELECT x.number AS object, x.state AS detail FROM ` + table + ` x WHERE NOT EXISTS (
		SELECT 1 FROM steps s WHERE s.subject_id = x.id AND s.subject_kind = '` + kind + `' AND s.to_state = x.state)`
}
