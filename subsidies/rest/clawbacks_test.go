package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/subsidiestest"
)

func TestTheLifeOfAClawbackOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	firm := c.city.Registry.NewFirm(subsidiestest.District)
	firm.ID = "019ab000-0000-7000-8000-0000000000f1"
	c.city.Registry.Put(firm)
	claim := c.city.ClaimOf(t, subsidiestest.Deal{Firm: firm}, subsidies.ClaimPaid)
	_, left := c.ask(subsidiestest.DistrictOfficer, "GET", "/api/v1/claims/"+string(claim.ID)+"/recoverable", "")
	require.Equal(t, map[string]any{"paid_fen": 300000.0, "left_fen": 300000.0}, left)
	propose := `{"claim_id":"` + string(claim.ID) + `","amount_fen":%d,"ground":"defrauded","note":"发票系伪造","fine_fen":%d,"fine_reference":"渝财罚〔2026〕3号"}`
	status, refused := c.ask(subsidiestest.DistrictOfficer, "POST", "/api/v1/clawbacks", fmt.Sprintf(propose, 400000, 50000))
	require.Equal(t, []any{409, "clawback.more_than_paid"}, []any{status, refused["code"]})
	status, made := c.ask(subsidiestest.DistrictOfficer, "POST", "/api/v1/clawbacks", fmt.Sprintf(propose, 100000, 50000))
	require.Equal(t, 201, status, made)
	require.Equal(t, []any{"proposed", 100000.0, 60000.0, 40000.0, claim.Number, []any{"withdraw"}}, []any{made["state"], made["open_fen"], made["municipal_fen"], made["district_fen"], made["claim_number"], made["acts"]})
	require.Contains(t, made["legal_ground"].(map[string]any)["basis"].(map[string]any)["citation"].(map[string]any)["zh"], "第十四条")
	path := "/api/v1/clawbacks/" + made["id"].(string)

	_, seen := c.ask(subsidiestest.CityReviewer, "GET", path, "")
	require.Equal(t, true, seen["handled"], "who reviewed the claim is told beforehand")
	status, ordered := c.ask(subsidiestest.CityOfficer, "POST", path+"/decision", `{"version":1,"outcome":"order","reference":"云惠演示追〔2026〕1号"}`)
	require.Equal(t, []any{200, "ordered"}, []any{status, ordered["state"]})
	require.Len(t, ordered["instalments"], 1)
	status, planned := c.ask(subsidiestest.Finance, "POST", path+"/plan", `{"instalments":[{"due_on":"2027-01-15","amount_fen":40000},{"due_on":"2027-02-20","amount_fen":60000}]}`)
	require.Equal(t, 200, status, planned)
	require.Equal(t, "2027-02-22", planned["instalments"].([]any)[1].(map[string]any)["due_on"], "a Saturday becomes the Monday after")
	receipt := `{"amount_fen":%d,"received_on":"` + string(kernel.DayOf(c.city.Clock.Now())) + `","reference":"%s"}`
	status, part := c.ask(subsidiestest.Finance, "POST", path+"/receipts", fmt.Sprintf(receipt, 50000, "N1"))
	require.Equal(t, []any{200, 50000.0, 50000.0}, []any{status, part["open_fen"], part["received_fen"]})
	require.EqualValues(t, 10000, part["instalments"].([]any)[1].(map[string]any)["met_fen"])
	status, twice := c.ask(subsidiestest.Finance, "POST", path+"/receipts", fmt.Sprintf(receipt, 50000, "n1"))
	require.Equal(t, []any{409, "receipt.reference_used"}, []any{status, twice["code"]})

	debtor := subsidiestest.Claimant(claim.EnterpriseID)
	_, own := c.ask(debtor, "GET", "/api/v1/clawbacks?which=open", "")
	require.Len(t, own["items"], 1)
	_, hers := c.ask(debtor, "GET", path, "")
	require.Empty(t, hers["acts"])
	require.Len(t, hers["timeline"], 4)
	_, record := c.ask(debtor, "GET", "/api/v1/clawbacks/record/"+string(claim.EnterpriseID), "")
	require.EqualValues(t, 50000, record["open_fen"])
	_, none := c.ask(subsidiestest.Claimant("org-stranger"), "GET", "/api/v1/clawbacks/record/"+string(claim.EnterpriseID), "")
	require.EqualValues(t, 0, none["ordered"], "a stranger learns nothing")

	status, _ = c.ask(subsidiestest.Finance, "POST", path+"/write-off", `{"note":"企业已注销"}`)
	require.Equal(t, 200, status)
	status, closed := c.ask(subsidiestest.CityDirector, "POST", path+"/write-off/decision", `{"outcome":"write_off","note":"同意核销"}`)
	require.Equal(t, []any{200, "closed", 50000.0}, []any{status, closed["state"], closed["written_off_fen"]})
	_, list := c.ask(subsidiestest.Auditor, "GET", "/api/v1/clawbacks?which=closed&page_size=1&claim="+string(claim.ID), "")
	require.Len(t, list["items"], 1)
	c.city.Lawful(t)
}

func TestAListOfClawbacksIsReadPageByPage(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimPaid)
	for range 3 {
		_, err := c.city.Clawbacks.Propose(subsidiestest.As(subsidiestest.DistrictOfficer), clawbacks.Proposal{ClaimID: claim.ID, Amount: 100, Ground: "correction", Note: "多付"})
		require.NoError(t, err)
	}
	for _, which := range []string{"", "&which=mine"} {
		seen, cursor := map[string]bool{}, ""
		for range 3 {
			_, page := c.ask(subsidiestest.CityOfficer, "GET", "/api/v1/clawbacks?page_size=1"+which+cursor, "")
			require.Len(t, page["items"], 1)
			seen[page["items"].([]any)[0].(map[string]any)["id"].(string)] = true
			cursor = "&cursor=" + page["next_cursor"].(string)
		}
		require.Len(t, seen, 3, "each is there once")
	}
}

func TestEveryRouteOfClawbacksLetsInWhomItNames(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimPaid)
	before := c.city.Traces(t)
	const firm, seller, district, city, finance, auditor = kernel.RoleEnterprise, kernel.RoleProvider, kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor
	everyParty := []kernel.Role{firm, seller, district, city, finance, auditor}
	for route, may := range map[string][]kernel.Role{
		"GET /api/v1/clawbacks":                       everyParty,
		"GET /api/v1/clawbacks/grounds":               {""},
		"GET /api/v1/clawbacks/x":                     everyParty,
		"GET /api/v1/clawbacks/record/x":              everyParty,
		"GET /api/v1/claims/x/recoverable":            everyParty,
		"POST /api/v1/clawbacks":                      {district, city},
		"POST /api/v1/clawbacks/x/decision":           {city},
		"POST /api/v1/clawbacks/x/withdraw":           {district, city},
		"POST /api/v1/clawbacks/x/plan":               {city, finance},
		"POST /api/v1/clawbacks/x/receipts":           {finance},
		"POST /api/v1/clawbacks/x/write-off":          {city, finance},
		"POST /api/v1/clawbacks/x/write-off/decision": {city},
	} {
		method, path, _ := strings.Cut(route, " ")
		allowed := map[kernel.Role]bool{}
		for _, r := range may {
			allowed[r] = true
		}
		for role, who := range people(claim.EnterpriseID) {
			body := ""
			if method == "POST" {
				body = "{}"
			}
			status, _ := c.ask(who, method, path, body)
			switch {
			case allowed[role] || allowed[""]:
				require.NotContains(t, []int{401, 403, 500}, status, "%s as %q", route, role)
			case role == "":
				require.Equal(t, 401, status, "%s as nobody", route)
			default:
				require.Equal(t, 403, status, "%s as %q", route, role)
			}
		}
	}
	require.Equal(t, before, c.city.Traces(t))
}

func TestEveryBadFieldOfAClawbackIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimPaid)
	p, err := c.city.Clawbacks.Propose(subsidiestest.As(subsidiestest.DistrictOfficer), clawbacks.Proposal{ClaimID: claim.ID, Amount: 100_000, Ground: "correction", Note: "多付"})
	require.NoError(t, err)
	o, err := c.city.Clawbacks.Propose(subsidiestest.As(subsidiestest.DistrictOfficer), clawbacks.Proposal{ClaimID: claim.ID, Amount: 100_000, Ground: "correction", Note: "多付"})
	require.NoError(t, err)
	_, err = c.city.Clawbacks.Decide(subsidiestest.As(subsidiestest.CityOfficer), o.ID, clawbacks.Decision{Act: subsidies.ClawbackOrder})
	require.NoError(t, err)
	proposed, ordered := "/api/v1/clawbacks/"+string(p.ID), "/api/v1/clawbacks/"+string(o.ID)
	officer, city, finance := subsidiestest.DistrictOfficer, subsidiestest.CityOfficer, subsidiestest.Finance
	for name, x := range map[string]struct {
		who    kernel.Actor
		path   string
		body   string
		status int
		faults []string
	}{
		"a proposal of nothing":   {officer, "/api/v1/clawbacks", `{"claim_id":"` + nothing + `","amount_fen":0,"ground":"","note":" "}`, 422, []string{"amount_fen amount.range", "ground ground.unknown", "note note.required"}},
		"missing":                 {officer, "/api/v1/clawbacks", `{}`, 422, []string{"amount_fen field.required", "claim_id field.required", "ground field.required", "note field.required"}},
		"types":                   {officer, "/api/v1/clawbacks", `{"claim_id":1,"amount_fen":"1","ground":[],"note":{},"fine_fen":1.5}`, 422, []string{"amount_fen field.type", "claim_id field.type", "fine_fen field.type", "ground field.type", "note field.type"}},
		"out of range":            {officer, "/api/v1/clawbacks", `{"claim_id":"` + nothing + `","amount_fen":1000000000000001,"ground":"correction","note":"n"}`, 422, []string{"amount_fen field.range"}},
		"hidden":                  {officer, "/api/v1/clawbacks", "{\"claim_id\":\"" + nothing + "\",\"amount_fen\":1,\"ground\":\"correction\",\"note\":\"\u202eabc\"}", 422, []string{"note field.hidden_characters"}},
		"unknown":                 {officer, "/api/v1/clawbacks", `{"claim_id":"` + nothing + `","amount_fen":1,"ground":"correction","note":"n","sum":1}`, 422, []string{"sum field.unknown"}},
		"a claim of nothing":      {officer, "/api/v1/clawbacks", `{"claim_id":"` + nothing + `","amount_fen":1,"ground":"correction","note":"n"}`, 404, nil},
		"another outcome":         {city, proposed + "/decision", `{"outcome":"write_off"}`, 422, []string{"outcome field.choice"}},
		"rejected without a word": {city, proposed + "/decision", `{"outcome":"reject"}`, 422, []string{"note note.required"}},
		"an older version":        {city, proposed + "/decision", `{"outcome":"order","version":7}`, 409, nil},
		"ordered twice":           {city, ordered + "/decision", `{"outcome":"order"}`, 409, nil},
		"withdrawn by another":    {city, proposed + "/withdraw", `{}`, 403, nil},
		"a plan of nothing":       {finance, ordered + "/plan", `{"instalments":[]}`, 422, []string{"instalments field.required"}},
		"days that do not exist":  {finance, ordered + "/plan", `{"instalments":[{"due_on":"2027-02-30","amount_fen":100000}]}`, 422, []string{"instalments[0].due_on field.format"}},
		"a plan of another sum":   {finance, ordered + "/plan", `{"instalments":[{"due_on":"2027-02-26","amount_fen":99999}]}`, 422, []string{"instalments plan.total"}},
		"a plan without days":     {finance, ordered + "/plan", `{"instalments":[{"amount_fen":1}]}`, 422, []string{"instalments[0].due_on field.required"}},
		"a plan of too much":      {finance, ordered + "/plan", `{"instalments":[{"due_on":"2027-02-26","amount_fen":1000000000000000},{"due_on":"2027-03-26","amount_fen":1000000000000000}]}`, 422, []string{"instalments plan.total"}},
		"a plan too early":        {finance, proposed + "/plan", `{"instalments":[{"due_on":"2027-02-26","amount_fen":100000}]}`, 409, nil},
		"a receipt of nothing":    {finance, ordered + "/receipts", `{"amount_fen":0,"received_on":"2999-01-01","reference":"  "}`, 422, []string{"amount_fen amount.range", "received_on date.future", "reference field.required"}},
		"a long reference":        {finance, ordered + "/receipts", `{"amount_fen":1,"received_on":"2026-12-01","reference":"` + strings.Repeat("1", 81) + `"}`, 422, []string{"reference field.too_long"}},
		"a receipt of too much":   {finance, ordered + "/receipts", `{"amount_fen":100001,"received_on":"` + string(kernel.DayOf(c.city.Clock.Now())) + `","reference":"1"}`, 409, nil},
		"given up without a word": {finance, ordered + "/write-off", `{"note":""}`, 422, []string{"note note.required"}},
		"given up unasked":        {city, ordered + "/write-off/decision", `{"outcome":"write_off","note":"同意"}`, 409, nil},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, faults := c.refused(x.who, "POST", x.path, x.body, "application/json")
			require.Equal(t, x.status, status)
			require.Equal(t, x.faults, faults)
		})
	}
	for query, want := range map[string]string{"which=lost": "which field.choice", "cursor=x": "cursor cursor.invalid", "page_size=0": "page_size field.range", "sort=id": "sort field.unknown"} {
		_, _, faults := c.refused(city, "GET", "/api/v1/clawbacks?"+query, "", "")
		require.Equal(t, []string{want}, faults, query)
	}
	for _, body := range []string{"{", "[]", "null", `{"version":1}{"version":1}`, "\xff\xfe", strings.Repeat("[", 100_000)} {
		status, _, _ := c.refused(city, "POST", proposed+"/decision", body, "application/json")
		require.Contains(t, []int{400, 413, 422}, status, "%.20q", body)
	}
}
