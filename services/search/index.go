package search

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Index is the Finder of the house. Make one with New.
type Index struct {
	current atomic.Pointer[snapshot]

	writing sync.Mutex        // held by the one writer; guards the two below
	changed map[string]record // on top of the base
	removed int               // from the base, replaced ones included
}

var _ Finder = (*Index)(nil)

// Changes on top of the base are indexed anew with every write, so they are
// folded into the base when they pass a share of it or this many.
const (
	mostChanges   = 256
	fewestChanges = 32
	changesShare  = 8
)

// New makes an empty index. In the columns named, values are dotted paths: a
// document in "app.erp" is also found, and counted, under "app".
func New(hierarchies ...string) *Index {
	named := map[string]bool{}
	for _, h := range hierarchies {
		named[h] = true
	}
	x := &Index{changed: map[string]record{}}
	x.rebase(newSchema(named), nil)
	return x
}

// Size tells how many documents can be found.
func (x *Index) Size() int { return x.current.Load().size }

// Replace makes docs the whole content.
func (x *Index) Replace(ctx context.Context, docs []Document) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	s := newSchema(x.current.Load().schema.hierarchies)
	records, err := s.recordsOf(ctx, docs)
	if err != nil {
		return err
	}
	x.rebase(s, slices.SortedFunc(maps.Values(records), byID))
	return nil
}

// Put adds documents or replaces those of the same ID.
func (x *Index) Put(ctx context.Context, docs ...Document) error {
	if len(docs) == 0 {
		return nil
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	now := x.current.Load()
	s := now.schema.draft()
	records, err := s.recordsOf(ctx, docs)
	if err != nil {
		return err
	}
	if now.size+len(records) > maxDocuments {
		return errTooManyDocuments
	}
	live := x.without(slices.Collect(maps.Keys(records)))
	maps.Copy(x.changed, records)
	x.publish(s, live)
	return nil
}

// Remove forgets documents.
func (x *Index) Remove(_ context.Context, ids ...string) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	live := x.without(ids)
	for _, id := range ids {
		delete(x.changed, id)
	}
	x.publish(x.current.Load().schema.draft(), live)
	return nil
}

// recordsOf takes documents in; of two with one ID the last counts.
func (s *schema) recordsOf(ctx context.Context, docs []Document) (map[string]record, error) {
	records := make(map[string]record, len(docs))
	for i := range docs {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r, err := s.record(&docs[i])
		if err != nil {
			return nil, err
		}
		records[r.id] = r
	}
	if len(records) > maxDocuments {
		return nil, errTooManyDocuments
	}
	return records, nil
}

// without returns what is left of the base when the documents are gone from it.
func (x *Index) without(ids []string) bitmap {
	base := x.current.Load().views[0]
	live := slices.Clone(base.live)
	for _, id := range ids {
		if doc, ok := base.find(id); ok && live.has(doc) {
			live.unset(doc)
			x.removed++
		}
	}
	return live
}

// publish shows readers the base as far as it lives, and the changes.
func (x *Index) publish(s *schema, live bitmap) {
	base := x.current.Load().views[0].segment
	changed := slices.SortedFunc(maps.Values(x.changed), byID)
	if len(changed)+x.removed > min(mostChanges, fewestChanges+base.size()/changesShare) {
		for _, doc := range live.list(nil) {
			changed = append(changed, base.records[doc])
		}
		slices.SortFunc(changed, byID)
		x.rebase(s, changed)
		return
	}
	s.finish()
	views := []view{newView(0, base, live)}
	if len(changed) > 0 {
		views = append(views, newView(1, buildSegment(s, changed, &base.stats), fullBitmap(len(changed))))
	}
	x.current.Store(newSnapshot(s, views...))
}

// rebase makes records, sorted by ID, the base.
func (x *Index) rebase(s *schema, records []record) {
	s.finish()
	clear(x.changed)
	x.removed = 0
	base := newView(0, buildSegment(s, records, nil), fullBitmap(len(records)))
	x.current.Store(newSnapshot(s, base))
}
