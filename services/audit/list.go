package audit

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Item is an entry as auditors read it. Seq and Hash are absent until the
// entry is sealed.
type Item struct {
	ID         kernel.ID       `json:"id"`
	At         time.Time       `json:"at"`
	PersonID   kernel.ID       `json:"person_id"`
	OrgID      kernel.ID       `json:"org_id"`
	Role       kernel.Role     `json:"role"`
	Action     string          `json:"action"`
	ObjectKind string          `json:"object_kind"`
	ObjectID   string          `json:"object_id"`
	Address    string          `json:"address"`
	RequestID  string          `json:"request_id"`
	Detail     json.RawMessage `json:"detail"`
	Seq        *int64          `json:"seq,omitempty"`
	Hash       *string         `json:"hash,omitempty"`
}

// Query asks for entries, newest first. Zero fields do not narrow it.
type Query struct {
	ObjectKind string
	ObjectID   string
	Person     kernel.ID
	Action     string
	From, To   time.Time // From ≤ at < To
	Cursor     string    // Next of the page before
	Size       int       // 1 to 200; default 50
}

// Page is a part of the list; Next is empty on the last one.
type Page struct {
	Items []Item
	Next  string
}

// List reads a page. It asks nobody's leave: the caller has.
func List(ctx context.Context, db *database.DB, q Query) (Page, error) {
	if q.Size <= 0 || q.Size > 200 {
		q.Size = 50
	}
	find := db.Read(ctx).Order("at DESC, id DESC").Limit(q.Size + 1)
	for column, value := range map[string]string{"object_kind": q.ObjectKind, "object_id": q.ObjectID, "person_id": string(q.Person), "action": q.Action} {
		if value != "" {
			find = find.Where(column+" = ?", value)
		}
	}
	if !q.From.IsZero() {
		find = find.Where("at >= ?", q.From.UTC())
	}
	if !q.To.IsZero() {
		find = find.Where("at < ?", q.To.UTC())
	}
	if q.Cursor != "" {
		at, id, err := openCursor(q.Cursor)
		if err != nil {
			return Page{}, err
		}
		find = find.Where("at <= ? AND (at < ? OR id < ?)", at, at, id)
	}
	var rows []row
	if err := find.Find(&rows).Error; err != nil {
		return Page{}, fmt.Errorf("read the record: %w", err)
	}
	return page(rows, q.Size), nil
}

func page(rows []row, size int) Page {
	p := Page{Items: make([]Item, 0, len(rows))}
	if len(rows) > size {
		rows = rows[:size]
		p.Next = cursor(rows[size-1])
	}
	for _, r := range rows {
		p.Items = append(p.Items, Item{
			ID: r.ID, At: r.At, PersonID: r.PersonID, OrgID: r.OrgID, Role: r.Role, Action: r.Action, ObjectKind: r.ObjectKind,
			ObjectID: r.ObjectID, Address: r.Address, RequestID: r.RequestID, Detail: json.RawMessage(r.Detail), Seq: r.Seq, Hash: r.Hash,
		})
	}
	return p
}

func cursor(r row) string {
	return base64.RawURLEncoding.EncodeToString([]byte(r.At.UTC().Format(instant) + " " + string(r.ID)))
}

func openCursor(s string) (time.Time, kernel.ID, error) {
	wrong := kernel.Invalid("cursor.invalid", kernel.T("分页标记无效，请从第一页重新开始", "The cursor is not valid; start again from the first page"))
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return time.Time{}, "", wrong
	}
	first, id, found := strings.Cut(string(text), " ")
	at, err := time.Parse(instant, first)
	if err != nil || !found {
		return time.Time{}, "", wrong
	}
	return at, kernel.ID(id), nil
}
