package gazette

import (
	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// Next is what the next version of a policy must say, so that no day that has
// passed changes its law.
type Next struct {
	Version int
	From    kernel.Date // the first day it may hold from; empty when it is the first version
}

// NextOf reads what the next version of a policy must say on a day.
func NextOf(db *gorm.DB, code string, today kernel.Date) (Next, error) {
	var newest []row
	if err := db.Select("version", "valid_from").Where("code = ? AND status = ?", code, published).Order("version DESC").Limit(1).Find(&newest).Error; err != nil {
		return Next{}, err
	}
	if len(newest) == 0 {
		return Next{Version: 1}, nil
	}
	return Next{Version: newest[0].Version + 1, From: max(today, newest[0].ValidFrom)}, nil
}

// Check refuses a document that is not the next version, or that would hold from
// a day too early.
func (n Next) Check(doc rules.Document) error {
	var f kernel.Faults
	f.Check(doc.Version == n.Version, "version", "policy.version_next", kernel.T("下一版本号应为 %d", "The next version is number %d", n.Version))
	if n.From != "" {
		f.Check(doc.HoldsFrom() >= n.From, "in_force_from", "policy.in_force_past",
			kernel.T("生效日期最早为 %s，已过去的日子不能改用新规定", "It may come into force on %s at the earliest; days that have passed keep their law", string(n.From)))
	}
	return f.Err()
}
