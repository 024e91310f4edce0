package record

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// Packed returns the newest computation of each subject as it is stored, for
// those who read many and want little of each; see FactsIn.
func Packed(db *gorm.DB, subjects []kernel.ID) (map[kernel.ID][]byte, error) {
	var rows []struct {
		SubjectID kernel.ID
		Document  []byte
	}
	newest := db.Table("traces").Select("MAX(id)").Where("subject_id IN ?", subjects).Group("subject_id")
	if err := db.Table("traces").Select("subject_id", "document").Where("id IN (?)", newest).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make(map[kernel.ID][]byte, len(rows))
	for _, r := range rows {
		out[r.SubjectID] = r.Document
	}
	return out, nil
}

var unzippers = sync.Pool{New: func() any { return new(gzip.Reader) }}

// FactsIn reads the facts of a packed computation, which stand first in it, and
// nothing beyond them.
func FactsIn(packed []byte) (f rules.Facts, err error) {
	r, _ := unzippers.Get().(*gzip.Reader)
	defer unzippers.Put(r)
	if err := r.Reset(bytes.NewReader(packed)); err != nil {
		return f, fmt.Errorf("trace: %w", err)
	}
	d := json.NewDecoder(r)
	for _, want := range []json.Token{json.Delim('{'), "facts"} {
		if got, err := d.Token(); err != nil || got != want {
			return f, errors.New("trace: its facts do not stand first")
		}
	}
	err = d.Decode(&f)
	return f, err
}
