package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Item is a notification as its receiver reads it.
type Item struct {
	ID        kernel.ID         `json:"id"`
	Kind      string            `json:"kind"`
	Params    map[string]string `json:"params"`
	Link      string            `json:"link"`
	CreatedAt time.Time         `json:"created_at"`
	ReadAt    *time.Time        `json:"read_at,omitempty"`
}

// Query asks for one person's notifications, newest first.
type Query struct {
	Person     kernel.ID
	UnreadOnly bool
	After      kernel.ID // Next of the page before
	Size       int       // 1 to 100; default 20
}

// Page is a part of the list; Next is empty on the last one.
type Page struct {
	Items []Item
	Next  kernel.ID
}

// List reads a page.
func List(ctx context.Context, db *database.DB, q Query) (Page, error) {
	if q.Size <= 0 || q.Size > 100 {
		q.Size = 20
	}
	find := db.Read(ctx).Where("person_id = ?", q.Person).Order("id DESC").Limit(q.Size + 1)
	if q.UnreadOnly {
		find = find.Where("read_at IS NULL")
	}
	if q.After != "" {
		find = find.Where("id < ?", q.After)
	}
	var rows []row
	if err := find.Find(&rows).Error; err != nil {
		return Page{}, fmt.Errorf("notifications: %w", err)
	}
	page := Page{Items: []Item{}}
	if len(rows) > q.Size {
		rows = rows[:q.Size]
		page.Next = rows[q.Size-1].ID
	}
	for _, r := range rows {
		item := Item{ID: r.ID, Kind: r.Kind, Link: r.Link, CreatedAt: r.CreatedAt, ReadAt: r.ReadAt}
		if err := json.Unmarshal([]byte(r.Params), &item.Params); err != nil {
			return Page{}, fmt.Errorf("notification %s: %w", r.ID, err)
		}
		page.Items = append(page.Items, item)
	}
	return page, nil
}

// Unread counts what the person has not read, up to 100: more is "99+".
func Unread(ctx context.Context, db *database.DB, person kernel.ID) (int64, error) {
	var ids []kernel.ID
	err := db.Read(ctx).Model(&row{}).Where("person_id = ? AND read_at IS NULL", person).Limit(100).Pluck("id", &ids).Error
	return int64(len(ids)), err
}

// MarkRead notes that the person has read these notifications, or all when none
// is named. Ids of other people's notifications change nothing.
func MarkRead(tx *database.Tx, person kernel.ID, ids ...kernel.ID) error {
	mark := tx.Model(&row{}).Where("person_id = ? AND read_at IS NULL", person)
	if len(ids) > 0 {
		mark = mark.Where("id IN ?", ids)
	}
	if err := mark.Update("read_at", tx.Now).Error; err != nil {
		return fmt.Errorf("mark notifications: %w", err)
	}
	return nil
}
