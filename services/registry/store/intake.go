package store

import (
	"fmt"
	"maps"

	"yunhui/services/database"
	"yunhui/services/registry"
)

// TakeIn records many organisations as they are given, with id, status and times,
// for loading a city. The declarations must be normalised and sound; a code on
// record already is a conflict, and then nothing of the call is kept.
func (s *Store) TakeIn(tx *database.Tx, all []registry.Organisation) error {
	rows := make([]map[string]any, 0, len(all))
	for _, o := range all {
		columns, err := s.declared(o.ID, o.Declaration, o.SizeClass)
		if err != nil {
			return fmt.Errorf("organisation %s: %w", o.ID, err)
		}
		maps.Copy(columns, map[string]any{
			"id": o.ID, "kind": o.Kind, "code_override_reason": o.CodeOverrideReason, "status": o.Status, "status_reason": o.StatusReason,
			"decided_by": o.DecidedBy, "decided_at": o.DecidedAt, "version": max(o.Version, 1), "created_at": o.CreatedAt, "updated_at": o.UpdatedAt,
		})
		rows = append(rows, columns)
		if len(rows) == batch/5 {
			if err := s.insert(tx, rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return s.insert(tx, rows)
}

func (s *Store) insert(tx *database.Tx, rows []map[string]any) error {
	if len(rows) == 0 {
		return nil
	}
	if err := tx.Table("organisations").Create(rows).Error; err != nil {
		return taken(err)
	}
	return nil
}
