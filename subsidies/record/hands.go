package record

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Hands is Hand for many claims: it refuses (four_eyes) when the actor has
// played another part in any of them.
func Hands(tx *database.Tx, claims []kernel.ID, part subsidies.Part) error {
	if part == subsidies.PartNone || len(claims) == 0 {
		return nil
	}
	var earlier []hand
	if err := tx.Where("subject_id IN ? AND person_id = ?", claims, tx.Call.Actor.Person).Find(&earlier).Error; err != nil {
		return err
	}
	played := make(map[kernel.ID]bool, len(earlier))
	for _, h := range earlier {
		if h.Part != part {
			return subsidies.FourEyes()
		}
		played[h.SubjectID] = true
	}
	fresh := make([]hand, 0, len(claims))
	for _, id := range claims {
		if !played[id] {
			fresh = append(fresh, hand{SubjectID: id, PersonID: tx.Call.Actor.Person, Part: part, At: tx.Now})
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	err := database.Insert(tx, fresh...)
	if database.IsDuplicate(err) {
		return database.Stale()
	}
	return err
}
