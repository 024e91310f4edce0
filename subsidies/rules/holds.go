package rules

import (
	"encoding/json"
	"fmt"

	"yunhui/services/kernel"
)

// HoldsFrom is the first day on which this version is the law, empty when it
// always was. Days before it belong to the version before.
func (d Document) HoldsFrom() kernel.Date {
	if d.InForceFrom != "" {
		return d.InForceFrom
	}
	return d.Window.From
}

// Clone returns a document that shares nothing with this one, for callers that
// may write to what they hold.
func (d Document) Clone() (Document, error) {
	var out Document
	b, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		return out, fmt.Errorf("copy of policy %s: %w", d.Code, err)
	}
	return out, nil
}
