package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// field is one property of the schema, in the order the schema has it.
type field struct {
	name string
	node node
}

// node is the part of a schema that the reference shows.
type node struct {
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Type        string          `json:"type"`
	Enum        []string        `json:"enum"`
	Ref         string          `json:"$ref"`
	Pattern     string          `json:"pattern"`
	Minimum     *int64          `json:"minimum"`
	Maximum     *int64          `json:"maximum"`
	Required    []string        `json:"required"`
	Properties  json.RawMessage `json:"properties"`
	Items       *node           `json:"items"`
	Defs        json.RawMessage `json:"$defs"`
}

// Reference writes docs/policy-reference.md from the schema and the vocabulary.
func Reference() ([]byte, error) {
	var root node
	if err := json.Unmarshal(schemaJSON, &root); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	defs, err := ordered(root.Defs)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("<!-- Generated from subsidies/rules/policy.schema.json by the tests of subsidies/rules (-update). Do not edit. -->\n\n")
	zh, en := sides(root.Title)
	fmt.Fprintf(&b, "# %s · %s\n\n", zh, en)
	zh, en = sides(root.Description)
	fmt.Fprintf(&b, "%s\n\n%s\n\n", zh, en)
	b.WriteString("The schema is served at `/api/v1/schemas/policy`. Unknown fields are refused.\n\n")
	if err := writeObject(&b, root); err != nil {
		return nil, err
	}
	for _, d := range defs {
		zh, en = sides(d.node.Description)
		fmt.Fprintf(&b, "## %s\n\n%s %s\n\n", d.name, zh, en)
		if d.node.Properties == nil {
			fmt.Fprintf(&b, "`%s`\n\n", kindOf(d.node))
			continue
		}
		if err := writeObject(&b, d.node); err != nil {
			return nil, err
		}
	}
	writeVocabulary(&b)
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

func writeObject(b *bytes.Buffer, n node) error {
	fields, err := ordered(n.Properties)
	if err != nil {
		return err
	}
	b.WriteString("| Field | Type | 说明 | Meaning |\n|---|---|---|---|\n")
	for _, f := range fields {
		var name strings.Builder
		name.WriteString("`" + f.name + "`")
		for _, r := range n.Required {
			if r == f.name {
				name.WriteString(" *")
			}
		}
		zh, en := sides(f.node.Description)
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", name.String(), kindOf(f.node), zh, en)
	}
	b.WriteString("\n\\* required 必填\n\n")
	return nil
}

func writeVocabulary(b *bytes.Buffer) {
	b.WriteString("## 事实词汇表 · Vocabulary of facts\n\n资格条件（`eligibility[].expression`）可用的事实；没有告知的事实使条件“尚不能判断”，而不是通过或不通过。\n\n")
	b.WriteString("The facts that conditions may use. A fact nobody has told leaves the condition undecided, neither passed nor failed.\n\n")
	b.WriteString("| Fact | Type | 说明 | Meaning |\n|---|---|---|---|\n")
	for _, w := range Vocabulary() {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", w.Name, strings.ReplaceAll(w.Type, lineType, "line"), w.Label.ZH, w.Label.EN)
	}
}

// kindOf names the type of a node, linking to the section of a definition.
func kindOf(n node) string {
	switch {
	case n.Ref != "":
		name := n.Ref[strings.LastIndexByte(n.Ref, '/')+1:]
		return "[" + name + "](#" + name + ")"
	case len(n.Enum) > 0:
		return "`" + strings.Join(n.Enum, "`, `") + "`"
	case n.Items != nil:
		return "list of " + kindOf(*n.Items)
	case n.Minimum != nil && n.Maximum != nil:
		return fmt.Sprintf("%s %d–%d", n.Type, *n.Minimum, *n.Maximum)
	default:
		return n.Type
	}
}

// sides parts a description at its bar into Chinese and English.
func sides(s string) (zh, en string) {
	zh, en, _ = strings.Cut(s, " | ")
	return zh, en
}

// ordered reads an object without losing the order of its members.
func ordered(raw json.RawMessage) ([]field, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	var out []field
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("read the schema: %w", err)
		}
		var n node
		if err := decoder.Decode(&n); err != nil {
			return nil, fmt.Errorf("read the schema at %v: %w", name, err)
		}
		text, _ := name.(string)
		out = append(out, field{name: text, node: n})
	}
	return out, nil
}
