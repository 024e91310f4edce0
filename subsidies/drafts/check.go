package drafts

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// Check is what can be said of a document before it is published.
type Check struct {
	Faults   []kernel.Field
	Warnings []rules.Warning // they do not keep a document from being published
	Cases    []rules.CaseOutcome
	Changes  []rules.Change
}

// Check examines a document and writes nothing: its faults, its test cases when
// it can be computed, and how it differs from a published version (0: the
// newest). It refuses only what is no JSON object.
func (d *Desk) Check(ctx context.Context, document []byte, against int) (Check, error) {
	canonical, err := rules.Canonical(document)
	if err != nil {
		return Check{}, err
	}
	c, policy, err := examine(canonical)
	if err != nil {
		return c, err
	}
	code := aboutOf(canonical).Code
	if policy != nil {
		next, err := gazette.NextOf(d.DB.Read(ctx), code, kernel.DayOf(d.DB.Clock().Now()))
		if err != nil {
			return c, err
		}
		if e := kernel.AsError(next.Check(policy.Document())); e != nil {
			c.Faults = append(c.Faults, e.Fields...)
		}
	}
	c.Changes, err = d.changes(ctx, code, against, canonical)
	return c, err
}

// CheckDraft is Check for a stored draft. One that has been published is told
// apart from the version before it.
func (d *Desk) CheckDraft(ctx context.Context, s Seen) (Check, error) {
	document := []byte(s.Document)
	if s.State != subsidies.PolicyPublished {
		return d.Check(ctx, document, 0)
	}
	c, _, err := examine(document)
	if err == nil && s.Version > 1 {
		c.Changes, err = d.changes(ctx, s.Code, int(s.Version)-1, document)
	}
	return c, err
}

func examine(document []byte) (c Check, policy *rules.Policy, err error) {
	policy, err = rules.Load(document)
	if c.Faults, err = faultsOf(err); err == nil && policy != nil {
		c.Warnings, c.Cases = rules.Review(policy), policy.RunCases()
	}
	return c, policy, err
}

// faultsOf turns a refusal into its faults.
func faultsOf(err error) ([]kernel.Field, error) {
	e := kernel.AsError(err)
	switch {
	case err == nil || e == nil:
		return nil, err
	case len(e.Fields) == 0:
		return []kernel.Field{{Code: e.Code, Message: e.Message}}, nil
	default:
		return e.Fields, nil
	}
}

func (d *Desk) changes(ctx context.Context, code string, against int, document []byte) ([]rules.Change, error) {
	if code == "" {
		return nil, nil
	}
	versions, err := d.Policies.Versions(ctx, code)
	if kernel.IsCode(err, "not_found") {
		return nil, nil // the first version of a new policy
	}
	if err != nil {
		return nil, err
	}
	before := versions[0]
	if against > 0 {
		if before, err = d.Policies.Version(ctx, code, against); err != nil {
			return nil, err
		}
	}
	plain, err := json.Marshal(before.Document())
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", code, err)
	}
	return rules.Diff(plain, document)
}

// countFaults is for lists. What cannot be told now is told when the draft is opened.
func countFaults(document []byte) int64 {
	_, err := rules.Load(document)
	faults, err := faultsOf(err)
	if err != nil {
		return 1
	}
	return int64(len(faults))
}

// hidden is the path of a text that holds characters nobody can see, or empty.
func hidden(document []byte) string {
	var tree any
	if json.Unmarshal(document, &tree) != nil {
		return ""
	}
	return hiddenIn(tree, "")
}

func hiddenIn(v any, path string) string {
	switch x := v.(type) {
	case string:
		if kernel.Hidden(x) {
			return path
		}
	case []any:
		for i, e := range x {
			if at := hiddenIn(e, path+"["+strconv.Itoa(i)+"]"); at != "" {
				return at
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			if kernel.Hidden(name) {
				return strings.TrimPrefix(path+".?", ".")
			}
			if at := hiddenIn(x[name], strings.TrimPrefix(path+"."+name, ".")); at != "" {
				return at
			}
		}
	}
	return ""
}
