package documents

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// bom tells office programs that a text is UTF-8.
const bom = "\ufeff"

// WriteCSV writes the table with titles in the language.
func WriteCSV(w io.Writer, language string, t Table) error {
	if t.Encoding != GB18030 {
		if _, err := io.WriteString(w, bom); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
		return writeCSV(w, language, t)
	}
	encoded := transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
	return errors.Join(writeCSV(encoded, language, t), encoded.Close())
}

func writeCSV(w io.Writer, language string, t Table) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = guard(c.Title.In(language))
	}
	if err := out.Write(line); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	number := 0
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		number++
		if err := t.check(number, row); err != nil {
			return err
		}
		for i, c := range t.Columns {
			line[i], _ = plain(c, row[i])
			if c.Kind == KindText {
				line[i] = guard(line[i])
			}
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// starters begin what an office program takes for a formula.
const starters = "=+-@\t\r"

// guard keeps text from being run as a formula when the file is opened.
func guard(s string) string {
	if s != "" && (strings.ContainsRune(starters, rune(s[0])) || s[0] == '\'') {
		return "'" + s
	}
	return s
}

// unguard is the way back.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && (strings.ContainsRune(starters, rune(s[1])) || s[1] == '\'') {
		return s[1:]
	}
	return s
}
