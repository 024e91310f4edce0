package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"yunhui/services/kernel"
)

// YAML writes a JSON object, which may be an unfinished document, as YAML with
// its fields in the order of the schema. FromYAML gives the same object back.
func YAML(document []byte) ([]byte, error) {
	tree, err := readTree(document)
	if err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	out, err := yaml.Dump(yamlNode(documentShape(), tree), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out, nil
}

func yamlNode(s *shape, v any) *yaml.Node {
	switch x := v.(type) {
	case map[string]any:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, name := range fieldOrder(s, x, nil) {
			n.Content = append(n.Content, yamlText(name), yamlNode(s.field(name), x[name]))
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, e := range x {
			n.Content = append(n.Content, yamlNode(s.element(), e))
		}
		return n
	case string:
		return yamlText(x)
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tagOfNumber(x.String()), Value: x.String()}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(x)}
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
}

// plainText is what may stand in YAML without quotes and stay a text for every
// reader: a word that begins with a letter and holds nothing that YAML gives a
// meaning to.
var plainText = regexp.MustCompile(`^[\p{Han}A-Za-z][\p{Han}\p{Latin}0-9_./，。、（）；]*( [\p{Han}\p{Latin}0-9_./，。、（）；]+)*$`)

// reservedText are words that some reader of YAML takes for something else.
var reservedText = map[string]bool{"null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true}

func yamlText(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
	if plainText.MatchString(s) && !reservedText[strings.ToLower(s)] {
		n.Style = 0
	}
	return n
}

func tagOfNumber(s string) string {
	if strings.ContainsAny(s, ".eE") {
		return "!!float"
	}
	return "!!int"
}

// FromYAML reads one YAML document of mappings, lists, texts, numbers, booleans
// and null into canonical JSON. It refuses (policy.yaml, with line and column)
// anchors, aliases, tags, merge keys, repeated names, further documents and
// numbers that JSON does not have: a law says what it says in place.
func FromYAML(text []byte) ([]byte, error) {
	if len(text) > MaxDocument {
		return nil, tooLarge()
	}
	var root yaml.Node
	err := yaml.Load(text, &root, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth+1), loaderlimits.AliasNone())))
	if err != nil {
		return nil, notYAML(err)
	}
	n := &root
	if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
		n = n.Content[0]
	}
	if n.Kind != yaml.MappingNode {
		return nil, yamlFault(max(n.Line, 1), max(n.Column, 1), kernel.T("政策文档应为一组“名称: 值”", "A policy document is a mapping of names to values"))
	}
	tree, err := fromNode(n, 0)
	if err != nil {
		return nil, err
	}
	out, err := writeTree(tree)
	if err == nil && len(out) > MaxDocument {
		err = tooLarge()
	}
	return out, err
}

func notYAML(err error) error {
	line, column, words := 1, 1, "unreadable"
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		line, column, words = max(e.Mark.Line, 1), max(e.Mark.Column, 1), e.Message
	}
	if e, ok := errors.AsType[*yaml.LoadErrors](err); ok && len(e.Errors) > 0 {
		line, column, words = max(e.Errors[0].Mark.Line, 1), max(e.Errors[0].Mark.Column, 1), e.Errors[0].Message
	}
	return kernel.AsError(yamlFault(line, column, both("不是有效的 YAML（"+words+"）", "Not valid YAML ("+words+")"))).Because(err)
}

func yamlFault(line, column int, why kernel.Text) error {
	where := kernel.T("第 %d 行第 %d 列：", "Line %d, column %d: ", line, column)
	message := both(where.ZH+why.ZH, where.EN+why.EN)
	e := kernel.Invalid("policy.yaml", message)
	e.Fields = []kernel.Field{{Path: fmt.Sprintf("line %d, column %d", line, column), Code: "policy.yaml", Message: message}}
	return e
}

func refuseNode(n *yaml.Node, zh, en string) error {
	return yamlFault(n.Line, n.Column, both(zh, en))
}

func fromNode(n *yaml.Node, depth int) (any, error) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return nil, refuseNode(n, "不能使用锚点或引用，请直接写出内容", "Anchors and aliases are not taken; write the content in place")
	case n.Style&yaml.TaggedStyle != 0:
		return nil, refuseNode(n, "不能使用类型标签", "Tags are not taken")
	case depth > maxDepth:
		return nil, refuseNode(n, "嵌套超过 64 层", "Nested more than 64 deep")
	}
	switch n.Kind {
	case yaml.MappingNode:
		return fromMapping(n, depth)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, e := range n.Content {
			v, err := fromNode(e, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	default:
		return fromScalar(n)
	}
}

func fromMapping(n *yaml.Node, depth int) (any, error) {
	object := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.Anchor != "" || key.ShortTag() != "!!str" {
			return nil, refuseNode(key, "名称须为文本（必要时加引号）", "A name must be a text (quote it if need be)")
		}
		if _, twice := object[key.Value]; twice {
			return nil, refuseNode(key, "名称重复", "This name is given twice")
		}
		v, err := fromNode(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		object[key.Value] = v
	}
	return object, nil
}

// jsonNumber is what JSON takes for a number.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func fromScalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!str", "!!timestamp": // a date is a text here
		return n.Value, nil
	case "!!null":
		return nil, nil //nolint:nilnil // null is a value
	case "!!bool":
		return strings.EqualFold(n.Value, "true"), nil
	case "!!int", "!!float":
		if jsonNumber.MatchString(n.Value) {
			return json.Number(n.Value), nil
		}
		return nil, refuseNode(n, "数字须写成十进制，不加分隔符", "Write numbers in decimal and without separators")
	default:
		return nil, refuseNode(n, "不支持的类型", "This kind of value is not taken")
	}
}
