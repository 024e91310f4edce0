package rules

import "yunhui/services/kernel"

// HoldsFrom is the first day on which this version is the law, empty when it
// always was. Days before it belong to the version before.
func (d Document) HoldsFrom() kernel.Date {
	if d.InForceFrom != "" {
		return d.InForceFrom
	}
	return d.Window.From
}
