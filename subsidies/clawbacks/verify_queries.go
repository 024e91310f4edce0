package clawbacks

// queries are what can be asked of the store in one sentence: each row that it
// answers with is a breach.
var queries = []struct {
	law, object, detail, sql string
}{
	{"conservation", "clawback", "its amount is not that of its levels, or not what is open, held back, received, netted and written off together:", `SELECT c.number AS object, c.state AS detail FROM clawbacks c
		WHERE c.municipal_fen + c.district_fen <> c.amount_fen OR c.amount_fen <= 0 OR c.fine_fen < 0
		OR (c.state NOT IN ('rejected', 'withdrawn') AND c.open_municipal_fen + c.open_district_fen + c.held_fen + c.received_fen + c.netted_fen + c.written_off_fen <> c.amount_fen)
		OR (c.state IN ('rejected', 'withdrawn') AND c.open_municipal_fen + c.open_district_fen + c.held_fen + c.received_fen + c.netted_fen + c.written_off_fen <> 0)
		OR c.open_municipal_fen < 0 OR c.open_district_fen < 0 OR c.held_fen < 0 OR c.received_fen < 0 OR c.netted_fen < 0 OR c.written_off_fen < 0`},
	{"conservation", "clawback", "what is open, received, netted or written off is not what its entries say:", `SELECT c.number AS object, c.state AS detail FROM clawbacks c
		LEFT JOIN (SELECT clawback_id, ` + sum("state = 'held'", "amount_fen") + ` AS held, ` + sum("kind = 'received' AND state = 'booked'", "amount_fen") + ` AS received,
			` + sum("kind = 'netted' AND state = 'booked'", "amount_fen") + ` AS netted, ` + sum("kind = 'written_off' AND state = 'booked'", "amount_fen") + ` AS written_off,
			` + sum("state <> 'released'", "municipal_fen") + ` AS municipal, ` + sum("state <> 'released'", "district_fen") + ` AS district
			FROM clawback_entries GROUP BY clawback_id) e ON e.clawback_id = c.id
		WHERE c.state NOT IN ('rejected', 'withdrawn') AND (COALESCE(e.held, 0) <> c.held_fen OR COALESCE(e.received, 0) <> c.received_fen OR COALESCE(e.netted, 0) <> c.netted_fen
		OR COALESCE(e.written_off, 0) <> c.written_off_fen OR c.municipal_fen - COALESCE(e.municipal, 0) <> c.open_municipal_fen OR c.district_fen - COALESCE(e.district, 0) <> c.open_district_fen)`},
	{"conservation", "clawback", "an entry is not the sum of its levels, or stands in no clawback:", `SELECT COALESCE(c.number, e.clawback_id) AS object, e.kind AS detail FROM clawback_entries e LEFT JOIN clawbacks c ON c.id = e.clawback_id
		WHERE c.id IS NULL OR e.municipal_fen + e.district_fen <> e.amount_fen OR e.amount_fen <= 0 OR e.municipal_fen < 0 OR e.district_fen < 0 OR c.state IN ('proposed', 'rejected', 'withdrawn')`},
	{"conservation", "claim", "more is claimed back than was paid, or another amount than its clawbacks say", `SELECT cl.number AS object, '' AS detail FROM claims cl
		LEFT JOIN claim_recoveries r ON r.claim_id = cl.id
		LEFT JOIN (SELECT claim_id, SUM(municipal_fen) AS municipal, SUM(district_fen) AS district FROM clawbacks WHERE state NOT IN ('rejected', 'withdrawn') GROUP BY claim_id) b ON b.claim_id = cl.id
		WHERE (r.claim_id IS NOT NULL OR b.claim_id IS NOT NULL) AND (r.claim_id IS NULL OR r.municipal_fen <> cl.municipal_fen OR r.district_fen <> cl.district_fen
		OR r.back_municipal_fen <> COALESCE(b.municipal, 0) OR r.back_district_fen <> COALESCE(b.district, 0)
		OR r.back_municipal_fen > r.municipal_fen OR r.back_district_fen > r.district_fen OR r.back_municipal_fen < 0 OR r.back_district_fen < 0)`},
	{"conservation", "clawback", "the claim it is of is not paid, or not to its debtor", `SELECT c.number AS object, '' AS detail FROM clawbacks c LEFT JOIN claims cl ON cl.id = c.claim_id
		LEFT JOIN batch_lines l ON l.claim_id = c.claim_id AND l.state = 'paid'
		WHERE cl.id IS NULL OR cl.state <> 'paid' OR l.id IS NULL OR l.payee_org_id <> c.debtor_id OR cl.policy_code <> c.policy_code OR cl.district <> c.district`},
	{"conservation", "clawback", "its instalments are not what was open when they were agreed", `SELECT c.number AS object, '' AS detail FROM clawbacks c LEFT JOIN clawback_instalments i ON i.clawback_id = c.id
		GROUP BY c.id, c.number, c.amount_fen, c.planned_after_fen, c.ordered_on
		HAVING COALESCE(SUM(i.amount_fen), 0) <> CASE WHEN c.ordered_on IS NULL THEN 0 ELSE c.amount_fen - c.planned_after_fen END`},
	{"double entry", "clawback", "the ledger says otherwise than it what is receivable, recovered or written off:", `SELECT c.number AS object, c.state AS detail FROM clawbacks c
		LEFT JOIN (SELECT subject_id, ` + level("memo.clawback_receivable") + `, ` + level("memo.clawback_recovered") + `, ` + level("memo.clawback_written_off") + `,
			` + sum("account = 'memo.clawback_ordered'", "amount_fen") + ` AS ordered, ` + sum("account = 'memo.fine'", "amount_fen") + ` AS fine FROM postings
			WHERE account IN ('memo.clawback_ordered', 'memo.clawback_receivable', 'memo.clawback_recovered', 'memo.clawback_written_off', 'memo.fine') GROUP BY subject_id) p ON p.subject_id = c.id
		LEFT JOIN (SELECT clawback_id, ` + sum("state = 'held'", "municipal_fen") + ` AS held_city, ` + sum("state = 'held'", "district_fen") + ` AS held_district,
			` + sum("state = 'booked' AND kind <> 'written_off'", "municipal_fen") + ` AS back_city, ` + sum("state = 'booked' AND kind <> 'written_off'", "district_fen") + ` AS back_district,
			` + sum("kind = 'written_off'", "municipal_fen") + ` AS off_city, ` + sum("kind = 'written_off'", "district_fen") + ` AS off_district FROM clawback_entries GROUP BY clawback_id) e ON e.clawback_id = c.id
		WHERE COALESCE(p.ordered, 0) <> CASE WHEN c.ordered_on IS NULL THEN 0 ELSE -c.amount_fen END OR COALESCE(p.fine, 0) <> CASE WHEN c.ordered_on IS NULL THEN 0 ELSE c.fine_fen END
		OR (c.ordered_on IS NOT NULL AND (COALESCE(p.clawback_receivable_city, 0) <> c.open_municipal_fen + COALESCE(e.held_city, 0) OR COALESCE(p.clawback_receivable_district, 0) <> c.open_district_fen + COALESCE(e.held_district, 0)))
		OR COALESCE(p.clawback_recovered_city, 0) <> COALESCE(e.back_city, 0) OR COALESCE(p.clawback_recovered_district, 0) <> COALESCE(e.back_district, 0)
		OR COALESCE(p.clawback_written_off_city, 0) <> COALESCE(e.off_city, 0) OR COALESCE(p.clawback_written_off_district, 0) <> COALESCE(e.off_district, 0)`},
	{"double entry", "claim", "the ledger returned another amount for it than its clawbacks recovered", `SELECT cl.number AS object, '' AS detail FROM claims cl
		LEFT JOIN (SELECT subject_id, SUM(CASE WHEN scope = 'city' THEN -amount_fen ELSE 0 END) AS city, SUM(CASE WHEN scope <> 'city' THEN -amount_fen ELSE 0 END) AS district
			FROM postings WHERE account = 'returned' GROUP BY subject_id) p ON p.subject_id = cl.id
		LEFT JOIN (SELECT c.claim_id, SUM(e.municipal_fen) AS city, SUM(e.district_fen) AS district FROM clawback_entries e JOIN clawbacks c ON c.id = e.clawback_id
			WHERE e.state = 'booked' AND e.kind <> 'written_off' GROUP BY c.claim_id) b ON b.claim_id = cl.id
		WHERE (p.subject_id IS NOT NULL OR b.claim_id IS NOT NULL) AND (COALESCE(p.city, 0) <> COALESCE(b.city, 0) OR COALESCE(p.district, 0) <> COALESCE(b.district, 0))`},
	{"once", "clawback", "a receipt does not hold its bank reference:", `SELECT c.number AS object, e.reference AS detail FROM clawback_entries e JOIN clawbacks c ON c.id = e.clawback_id
		WHERE (e.kind = 'received' AND (e.reference_key IS NULL OR e.reference_key <> UPPER(e.reference))) OR (e.kind <> 'received' AND e.reference_key IS NOT NULL)`},
	{"once", "clawback", "a netting does not follow its payment:", `SELECT c.number AS object, e.state AS detail FROM clawback_entries e JOIN clawbacks c ON c.id = e.clawback_id LEFT JOIN batch_lines l ON l.id = e.line_id
		WHERE e.kind = 'netted' AND (l.id IS NULL OR l.payee_org_id <> c.debtor_id OR e.state <> CASE l.state WHEN 'ordered' THEN 'held' WHEN 'paid' THEN 'booked' ELSE 'released' END)`},
	{"nothing lost", "clawback", "it stands otherwise than its money:", `SELECT c.number AS object, c.state AS detail FROM clawbacks c
		WHERE (c.state = 'closed') <> (c.open_municipal_fen + c.open_district_fen + c.held_fen = 0 AND c.ordered_on IS NOT NULL)
		OR (c.state IN ('ordered', 'write_off_requested') AND c.ordered_on IS NULL) OR (c.state IN ('proposed', 'rejected', 'withdrawn') AND c.ordered_on IS NOT NULL)
		OR (c.closed_at IS NULL) <> (c.state IN ('proposed', 'ordered', 'write_off_requested'))`},
	{"nothing lost", "clawback", "its next day is not that of its first unmet instalment:", `SELECT c.number AS object, COALESCE(c.next_due_on, '') AS detail FROM clawbacks c
		WHERE c.ordered_on IS NOT NULL AND COALESCE(c.next_due_on, '') <> CASE WHEN c.open_municipal_fen + c.open_district_fen = 0 THEN '' ELSE COALESCE((SELECT MIN(i.due_on) FROM clawback_instalments i
			WHERE i.clawback_id = c.id AND (SELECT SUM(b.amount_fen) FROM clawback_instalments b WHERE b.clawback_id = c.id AND b.no <= i.no) > c.amount_fen - c.open_municipal_fen - c.open_district_fen - c.planned_after_fen), '') END`},
	{"nothing lost", "clawback", "its steps do not lead to where it stands:", `SELECT c.number AS object, m.state AS detail FROM (
		SELECT subject_id, state, SUM(n) AS n FROM (
			SELECT subject_id, to_state AS state, 1 AS n FROM steps WHERE subject_kind = 'clawback'
			UNION ALL SELECT subject_id, from_state AS state, -1 AS n FROM steps WHERE subject_kind = 'clawback' AND from_state <> '') e
		GROUP BY subject_id, state) m JOIN clawbacks c ON c.id = m.subject_id WHERE m.n <> CASE WHEN m.state = c.state THEN 1 ELSE 0 END`},
	{"nothing lost", "clawback", "no step led to where it stands:", `SELECT c.number AS object, c.state AS detail FROM clawbacks c WHERE NOT EXISTS (
		SELECT 1 FROM steps s WHERE s.subject_id = c.id AND s.subject_kind = 'clawback' AND s.to_state = c.state)`},
	{"nothing lost", "clawback", "what was recorded is gone: steps without it", `SELECT s.subject_id AS object, s.act AS detail FROM steps s LEFT JOIN clawbacks c ON c.id = s.subject_id WHERE s.subject_kind = 'clawback' AND c.id IS NULL`},
	{"four eyes", "clawback", "a step without its recorded hand:", `SELECT c.number AS object, s.act AS detail FROM steps s JOIN clawbacks c ON c.id = s.subject_id
		LEFT JOIN hands h ON h.subject_id = s.subject_id AND h.person_id = s.person_id AND h.part = ` + parts + `
		WHERE s.subject_kind = 'clawback' AND ` + parts + ` <> '' AND h.person_id IS NULL`},
	{"four eyes", "clawback", "a person decided on the recovery of a claim that went through that person's hands:", `SELECT c.number AS object, s.person_name AS detail FROM steps s JOIN clawbacks c ON c.id = s.subject_id
		JOIN hands h ON h.subject_id = c.claim_id AND h.person_id = s.person_id
		WHERE s.subject_kind = 'clawback' AND s.act IN ('order', 'reject', 'write_off', 'decline_write_off')`},
	{"four eyes", "clawback", "one person proposed or asked, and decided:", `SELECT c.number AS object, s.person_name AS detail FROM steps s JOIN clawbacks c ON c.id = s.subject_id
		WHERE s.subject_kind = 'clawback' AND s.act IN ('propose', 'order', 'reject', 'request_write_off', 'write_off', 'decline_write_off')
		GROUP BY c.number, s.subject_id, s.person_id, s.person_name
		HAVING SUM(CASE WHEN s.act IN ('order', 'reject') THEN 1 ELSE 0 END) * SUM(CASE WHEN s.act IN ('propose', 'write_off', 'decline_write_off') THEN 1 ELSE 0 END) > 0
		OR SUM(CASE WHEN s.act IN ('write_off', 'decline_write_off') THEN 1 ELSE 0 END) * SUM(CASE WHEN s.act IN ('propose', 'order', 'reject', 'request_write_off') THEN 1 ELSE 0 END) > 0`},
}

// parts says which part a step s of a clawback is; most are none. Who asks for a
// write-off may have another part already.
const parts = `CASE WHEN s.act IN ('propose', 'withdraw') THEN 'proposer' WHEN s.act IN ('order', 'reject') THEN 'decider'
	WHEN s.act IN ('write_off', 'decline_write_off') THEN 'write_off_approver' ELSE '' END`

// sum adds a column up over the rows of which something holds.
func sum(holds, column string) string {
	return "SUM(CASE WHEN " + holds + " THEN " + column + " ELSE 0 END)"
}

// level sums a memorandum account by level of government.
func level(account string) string {
	name := account[len("memo."):]
	return sum("account = '"+account+"' AND scope = 'city'", "amount_fen") + " AS " + name + "_city, " + sum("account = '"+account+"' AND scope <> 'city'", "amount_fen") + " AS " + name + "_district"
}
