package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"yunhui/services/kernel"
)

// maxDepth bounds how deep an unfinished document may be nested; a finished one
// is at most nine deep.
const maxDepth = 64

// Canonical writes a JSON object, which may be an unfinished document, in the
// one form that two equal documents share: keys sorted, no spaces, numbers as
// they were spelt. It refuses (policy.json) what is no object, is too large or
// too deep, or holds a name twice.
func Canonical(data []byte) ([]byte, error) {
	if len(data) > MaxDocument {
		return nil, tooLarge()
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	tree, err := readValue(decoder, "", 0)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = notJSON("文档之后还有内容", "Something follows the document")
		}
	}
	if err != nil {
		return nil, err
	}
	if _, ok := tree.(map[string]any); !ok {
		return nil, notJSON("政策文档应为一个对象", "A policy document is an object")
	}
	out, err := writeTree(tree)
	if err == nil && len(out) > MaxDocument {
		err = tooLarge()
	}
	return out, err
}

func tooLarge() error {
	return kernel.Fail(kernel.KindTooLarge, "policy.too_large", kernel.T("政策文档不得超过 1 MiB", "A policy document must not exceed 1 MiB"))
}

func notJSON(zh, en string) error {
	return kernel.Invalid("policy.json", both(zh, en))
}

func writeTree(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write the policy document: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// readValue reads one value token by token, so that a repeated name is seen and
// depth is bounded before anything is built.
func readValue(d *json.Decoder, path string, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, kernel.Invalid("policy.json", kernel.T("不是有效的 JSON（第 %d 字节）", "Not valid JSON (at byte %d)", d.InputOffset())).Because(err)
	}
	open, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth == maxDepth {
		return nil, notJSON("嵌套超过 64 层", "Nested more than 64 deep")
	}
	if open == '[' {
		return readList(d, path, depth)
	}
	return readObject(d, path, depth)
}

func readList(d *json.Decoder, path string, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := readValue(d, path+"["+strconv.Itoa(len(list))+"]", depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, closing(d)
}

func readObject(d *json.Decoder, path string, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, kernel.Invalid("policy.json", kernel.T("不是有效的 JSON（第 %d 字节）", "Not valid JSON (at byte %d)", d.InputOffset())).Because(err)
		}
		if _, twice := object[name]; twice {
			return nil, repeated(join(path, name))
		}
		if object[name], err = readValue(d, join(path, name), depth+1); err != nil {
			return nil, err
		}
	}
	return object, closing(d)
}

func closing(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return kernel.Invalid("policy.json", kernel.T("不是有效的 JSON（第 %d 字节）", "Not valid JSON (at byte %d)", d.InputOffset())).Because(err)
	}
	return nil
}

func repeated(path string) error {
	e := kernel.Invalid("policy.json", kernel.T("有重复的项", "A field is given twice"))
	e.Fields = []kernel.Field{{Path: path, Code: "repeated", Message: kernel.T("此项重复", "This field is given twice")}}
	return e
}
