package subsidiestest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Registry holds organisations of record in memory. It is safe for concurrent use.
type Registry struct {
	mu       sync.Mutex
	firms    map[kernel.ID]subsidies.Firm
	accounts map[kernel.ID]subsidies.Account
	changed  []kernel.ID
	made     int
}

// NewRegistry makes a registry with the two providers of the city.
func NewRegistry() *Registry {
	r := &Registry{firms: map[kernel.ID]subsidies.Firm{}, accounts: map[kernel.ID]subsidies.Account{}}
	r.Put(subsidies.Firm{ID: ProviderOrg, Kind: "provider", CreditCode: "91500000MA5PROV01X", Name: "云川（虚构）科技有限公司", NameEN: "Yunchuan (fictional) Technology", District: OtherDistrict, SizeClass: "medium", Verified: true, ContactName: "王甲", ContactPhone: "13900000001"})
	r.Put(subsidies.Firm{ID: OtherProvider, Kind: "provider", CreditCode: "91500000MA5PROV02Y", Name: "江云（虚构）软件有限公司", NameEN: "Jiangyun (fictional) Software", District: District, SizeClass: "small", Verified: true, ContactName: "王乙", ContactPhone: "13900000002"})
	return r
}

// Put records a firm with an account of its own; a firm that is there already is
// replaced.
func (r *Registry) Put(f subsidies.Firm) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made++
	r.firms[f.ID] = f
	r.accounts[f.ID] = subsidies.Account{Holder: f.Name, Bank: "云惠（虚构）银行营业部", BankCode: "105653000001", Number: fmt.Sprintf("62220000%08d", r.made)}
}

// SetAccount changes where a firm is paid; the zero account takes it away, and
// one that is held is about to change.
func (r *Registry) SetAccount(firm kernel.ID, a subsidies.Account) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed = append(r.changed, firm)
	if a == (subsidies.Account{}) {
		delete(r.accounts, firm)
		return
	}
	r.accounts[firm] = a
}

// NewFirm records a new verified small enterprise of a district.
func (r *Registry) NewFirm(district string) subsidies.Firm {
	r.mu.Lock()
	n := r.made + 1
	r.mu.Unlock()
	f := subsidies.Firm{
		ID: kernel.ID(fmt.Sprintf("org-firm-%d", n)), Kind: "enterprise", CreditCode: fmt.Sprintf("91500103MA5F%05dA", n), Name: fmt.Sprintf("𠮷祥%d（虚构）制造有限公司", n),
		NameEN: fmt.Sprintf("Jixiang %d (fictional) Manufacturing", n), District: district, SizeClass: "small", Industry: "industry", Section: "C",
		Revenue: 500_000_000, HeadCount: 60, Verified: true, ContactName: "李某某", ContactPhone: "13800138000",
	}
	r.Put(f)
	return f
}

// Firms implements subsidies.Registry.
func (r *Registry) Firms(_ context.Context, ids ...kernel.ID) (map[kernel.ID]subsidies.Firm, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return pick(r.firms, ids), nil
}

// Order implements payments.Payees.
func (r *Registry) Order(_ *database.Tx, ids ...kernel.ID) (map[kernel.ID]subsidies.Account, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return pick(r.accounts, ids), nil
}

// ChangedSince implements payments.Payees: every change that a test has made.
func (r *Registry) ChangedSince(*database.Tx, time.Time) ([]kernel.ID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.changed), nil
}

// Settled forgets the changes that were made: they are long ago.
func (r *Registry) Settled() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed = nil
}

func pick[V any](all map[kernel.ID]V, ids []kernel.ID) map[kernel.ID]V {
	out := maps.Clone(all)
	wanted := make(map[kernel.ID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	maps.DeleteFunc(out, func(id kernel.ID, _ V) bool { return !wanted[id] })
	return out
}

// Market sells what a test has listed.
type Market struct {
	mu    sync.Mutex
	plans map[kernel.ID]subsidies.Listed
}

// List puts a plan on sale.
func (m *Market) List(p subsidies.Listed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.plans == nil {
		m.plans = map[kernel.ID]subsidies.Listed{}
	}
	m.plans[p.PlanID] = p
}

// Plan implements subsidies.Market.
func (m *Market) Plan(_ context.Context, offer, plan kernel.ID) (subsidies.Listed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.plans[plan]
	if !ok || p.OfferID != offer {
		return subsidies.Listed{}, kernel.NotFound(kernel.T("规格", "plan"))
	}
	return p, nil
}

// Proposal implements subsidies.Market; the city's market has no proposals.
func (m *Market) Proposal(context.Context, kernel.ID, kernel.ID) (subsidies.Proposed, error) {
	return subsidies.Proposed{}, kernel.NotFound(kernel.T("方案", "proposal"))
}
