package rules

import (
	"bytes"
	"encoding/json"
	"fmt"

	"yunhui/services/kernel"
)

// MaxDocument is the largest document accepted, in bytes.
const MaxDocument = 1 << 20

// Parse reads a policy document. It tells all that is wrong with it, by JSON
// path, in one kernel.Error: form against the schema first, then meaning.
func Parse(data []byte) (Document, error) {
	p, err := compile(data)
	if err != nil {
		return Document{}, err
	}
	return p.doc, nil
}

// Load reads a policy document and makes it ready to quote; it refuses what Parse
// refuses.
func Load(data []byte) (*Policy, error) { return compile(data) }

// Compile makes a document ready to quote. It checks as much as Parse does, so
// a document built in code is trusted no more than one from a file.
func Compile(d Document) (*Policy, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write the policy document: %w", err)
	}
	return compile(data)
}

func compile(data []byte) (*Policy, error) {
	if len(data) > MaxDocument {
		return nil, kernel.Fail(kernel.KindTooLarge, "policy.too_large", kernel.T("政策文档不得超过 1 MiB", "A policy document must not exceed 1 MiB"))
	}
	tree, err := readTree(data)
	if err != nil {
		return nil, kernel.Invalid("policy.json", both("不是有效的 JSON："+err.Error(), "Not valid JSON: "+err.Error())).Because(err)
	}
	var faults kernel.Faults
	if checkLeaves(tree, "", &faults); faults.Err() == nil {
		checkSchema(tree, &faults)
	}
	if err := faults.Err(); err != nil {
		return nil, refused(err)
	}
	var d Document
	if err := decode(data, &d); err != nil {
		return nil, kernel.Invalid("policy.json", both("文档不能读入："+err.Error(), "The document cannot be read: "+err.Error())).Because(err)
	}
	p := &Policy{doc: d, fen: kernel.Rounding{Mode: d.Rounding.Mode, Unit: 1}, lineCaps: narrowFirst(d.Caps)}
	checkMeaning(&d, &faults)
	for i, e := range d.Eligibility {
		p.conditions = append(p.conditions, compileCondition(e, &d, at("eligibility", i), &faults))
	}
	p.compileBands(&faults)
	checkContradictions(p.conditions, &faults)
	if err := faults.Err(); err != nil {
		return nil, refused(err)
	}
	return p, nil
}

func decode(data []byte, d *Document) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(d)
}

// refused gives the faults of a document their own code.
func refused(err error) error {
	e := kernel.AsError(err)
	if e == nil {
		return err
	}
	out := kernel.Invalid("policy.invalid", kernel.T("政策文档有 %d 处需要修改", "The policy document has %d entries to mend", len(e.Fields)))
	out.Fields = e.Fields
	return out
}

func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
