package search

import "context"

// Finder is the port. Another engine may stand behind it.
type Finder interface {
	// Find answers a query. It fails only for a cursor that it did not hand
	// out for the same query (code "search.cursor_invalid").
	Find(ctx context.Context, q Query) (Page, error)
	// Replace makes docs the whole content; of two with one ID the last counts.
	Replace(ctx context.Context, docs []Document) error
	// Put adds documents or replaces those of the same ID, all at once.
	Put(ctx context.Context, docs ...Document) error
	// Remove forgets documents; unknown IDs are no error.
	Remove(ctx context.Context, ids ...string) error
	// Size tells how many documents can be found.
	Size() int
}
