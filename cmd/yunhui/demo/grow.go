package demo

import (
	"context"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// batch is how many enterprises are taken in by one transaction.
const batch = 1000

// Grow adds fictional enterprises until there are that many, and claims until
// there are that many, for load work. What exists counts; asking for less
// changes nothing.
func (l *Loader) Grow(ctx context.Context, enterprises, claims int) error {
	if err := l.growEnterprises(ctx, enterprises); err != nil {
		return err
	}
	return l.growClaims(ctx, claims)
}

func (l *Loader) growEnterprises(ctx context.Context, target int) error {
	var have int64
	if err := l.DB.Read(ctx).Table("organisations").Where("kind = ?", registry.KindEnterprise).Count(&have).Error; err != nil || int(have) >= target {
		return err
	}
	ready, err := l.Identity.Prepare(ctx, identity.NewPerson{Login: "template", Name: "模板", Password: identity.DemoPassword, Demo: true})
	if err != nil {
		return err
	}
	for n := int(have); n < target; n += batch {
		if err := l.takeIn(ctx, ready, n, min(n+batch, target)); err != nil {
			return err
		}
		if n/batch%25 == 0 {
			l.Say("demo city: %d of %d enterprises", min(n+batch, target), target)
		}
	}
	return nil
}

func (l *Loader) takeIn(ctx context.Context, ready identity.Prepared, from, to int) error {
	return database.Run(as(ctx, kernel.System()), l.DB, "demo.grow", func(tx *database.Tx) error {
		units := registry.Districts(tx.Today())
		var all []registry.Organisation
		var people []identity.Newcomer
		for i := from; i < to; i++ {
			o := l.organisation(tx, registry.KindEnterprise, grown(i, units[i%len(units)].ID))
			all = append(all, o)
			people = append(people, identity.Newcomer{
				Person: kernel.NewID(tx.Now), Prepared: ready.As(fmt.Sprintf("g-%06d", i), fmt.Sprintf("经办%06d", i)),
				Membership: identity.Membership{Org: o.ID, Role: kernel.RoleEnterprise}, Since: tx.Now,
			})
		}
		if err := l.Registry.TakeIn(tx, all); err != nil {
			return err
		}
		return l.Identity.AddAll(tx, people)
	})
}

var industries = []struct{ key, section, name string }{
	{"industry", "C", "机械"}, {"software", "I", "软件"}, {"wholesale", "F", "贸易"}, {"retail", "F", "零售"}, {"transport", "G", "运输"}, {"construction", "E", "建筑"},
}

// grown invents the n-th firm of a grown city; the same n gives the same firm.
func grown(n int, district string) registry.Declaration {
	kind := industries[n%len(industries)]
	heads, revenue, assets := int64(5+n*7%280), kernel.Fen(30_000_000+int64(n)*7_919_000%1_900_000_000), kernel.Fen(20_000_000+int64(n)*5_077_000%900_000_000)
	code, err := registry.MakeCreditCode("91", "500103", fmt.Sprintf("MAX%05s", base24(n)))
	if err != nil {
		panic("demo: " + err.Error()) // the code is made of constants and a number
	}
	return registry.Declaration{
		CreditCode: code, Name: fmt.Sprintf("巴渝示例%s有限公司（演示%06d）", kind.name, n), NameEN: fmt.Sprintf("Bayu Example Company %06d (Demo)", n),
		Industry: kind.key, Section: kind.section, HeadCount: &heads, Revenue: &revenue, Assets: &assets, District: district,
		FoundedOn: kernel.Date("2012-03-01").AddDays(n % 4000), ContactName: "演示联系人", ContactPhone: fmt.Sprintf("023-0000%04d", n%10000),
		BankName: "巴渝示例银行（虚构）", BankCode: fmt.Sprintf("9996532%05d", n%100000), AccountName: fmt.Sprintf("巴渝示例%s有限公司（演示%06d）", kind.name, n), AccountNumber: fmt.Sprintf("99965320%010d", n),
	}
}

// base24 writes n in five digits that credit codes allow.
func base24(n int) string {
	const digits = "0123456789ABCDEFGHJKLMNP"
	var b [5]byte
	for i := range b {
		b[4-i] = digits[n%len(digits)]
		n /= len(digits)
	}
	return string(b[:])
}

// growClaims tells further stories, each up to a station that it shares with
// others, so that the queues of a large city are long in the same proportions.
func (l *Loader) growClaims(ctx context.Context, target int) error {
	var have int64
	if err := l.DB.Read(ctx).Table("claims").Count(&have).Error; err != nil || int(have) >= target {
		return err
	}
	return l.tellMore(ctx, int(have), target)
}
