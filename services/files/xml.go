package files

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// xmlDepth bounds how deep elements nest.
const xmlDepth = 200

// isXML reads the whole document: well formed, one root, and no DOCTYPE, which
// is where external and swelling entities come from.
func isXML(content io.ReaderAt, size int64) bool {
	d := xml.NewDecoder(io.NewSectionReader(content, 0, size))
	d.CharsetReader = chineseCharset
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.Directive:
			return false
		case xml.StartElement:
			if depth++; depth == 1 {
				roots++
			}
			if depth > xmlDepth || roots > 1 {
				return false
			}
		case xml.EndElement:
			depth--
		}
	}
	return roots == 1 && depth == 0
}

// chineseCharset reads what domestic tax software still writes.
func chineseCharset(charset string, input io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "gbk", "gb2312", "gb18030":
		return simplifiedchinese.GB18030.NewDecoder().Reader(input), nil
	default:
		return nil, fmt.Errorf("character set %q is not known", charset)
	}
}
