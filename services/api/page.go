package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"yunhui/services/kernel"
)

// Page is embedded in the inputs of lists: how many entries, and after which.
type Page struct {
	PageSize int    `query:"page_size" minimum:"1" maximum:"100" default:"20" doc:"每页条数 / entries per page"`
	Cursor   string `query:"cursor" maxLength:"512" doc:"上一页返回的 next_cursor / next_cursor of the page before"`
}

// List is the usual answer to a list. Embed it where an answer says more.
type List[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor" doc:"为空表示没有更多 / empty: there is no more"`
}

// cursorVersion is raised when the meaning of keys changes, so that cursors of
// an older release are refused and not misread.
const cursorVersion = "1."

// CursorAt makes the cursor of a position: the key of the last entry of a page,
// with whatever must not change between pages (the sort order).
func CursorAt(position any) (string, error) {
	b, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("cursor: %w", err)
	}
	return cursorVersion + base64.RawURLEncoding.EncodeToString(b), nil
}

// PositionOf reads the position of the page's cursor; ok is false on the first
// page. What CursorAt would not have written is refused with cursor.invalid.
func PositionOf[P any](page Page) (position P, ok bool, err error) {
	if page.Cursor == "" {
		return position, false, nil
	}
	b, decodeErr := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(page.Cursor, cursorVersion))
	if decodeErr == nil {
		decodeErr = json.Unmarshal(b, &position)
	}
	if written, err := CursorAt(position); decodeErr != nil || err != nil || written != page.Cursor {
		var none P
		refusal := kernel.Invalid("cursor.invalid", kernel.T("分页位置已失效，请从第一页重新开始", "This position in the list is no longer valid; start again from the first page"))
		refusal.Fields = []kernel.Field{{Path: "cursor", Code: "cursor.invalid", Message: refusal.Message}}
		return none, false, refusal
	}
	return position, true, nil
}
