package documents

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yunhui/services/kernel"
)

// csv reads comma-separated text in UTF-8, or in GB 18030 as Chinese office
// programs save it.
func (in *reader) csv(content []byte) error {
	content = bytes.TrimPrefix(content, []byte(bom))
	var text io.Reader = bytes.NewReader(content)
	if !utf8.Valid(content) {
		text = simplifiedchinese.GB18030.NewDecoder().Reader(text)
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return unreadable(errors.New("the text contains zero bytes"))
	}
	lines := csv.NewReader(text)
	lines.FieldsPerRecord = -1
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		number, _ := lines.FieldPos(0)
		if len(cells) > maxColumns {
			return unreadable(errors.New("too many columns"))
		}
		for i, c := range cells {
			if strings.HasPrefix(c, "=") {
				in.fault(number, i, "document.formula", formula)
			}
			cells[i] = unguard(c)
		}
		if err := in.line(number, cells); err != nil {
			return err
		}
	}
}

// maxColumns bounds the width of what is read.
const maxColumns = 200

var formula = kernel.T("含有公式，请粘贴为数值后再上传", "This cell holds a formula; please paste it as a value")
