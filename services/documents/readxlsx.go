package documents

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook once it is unpacked.
const (
	inMemoryBytes = 16 << 20 // larger parts wait on disk
	maxParts      = 2000
)

// xlsx reads the first sheet that is visible.
func (in *reader) xlsx(content []byte) (err error) {
	parts, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return unreadable(err)
	}
	if err := checkParts(parts, in.limits.Unpacked); err != nil {
		return unreadable(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: in.limits.Unpacked, UnzipXMLSizeLimit: inMemoryBytes,
	})
	if err != nil {
		return unreadable(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if in.sheet, err = firstVisible(f); err != nil {
		return unreadable(err)
	}
	if err := in.structure(parts); err != nil {
		return err
	}
	rows, err := f.Rows(in.sheet)
	if err != nil {
		return unreadable(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return unreadable(err)
		}
		if err := in.line(number, cells); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return unreadable(err)
	}
	return nil
}

// checkParts refuses archives that swell or carry programs.
func checkParts(z *zip.Reader, most int64) error {
	var unpacked uint64
	bound := uint64(max(0, most))
	for _, f := range z.File {
		unpacked += f.UncompressedSize64
		if f.UncompressedSize64 > bound || unpacked > bound {
			return errors.New("the archive swells")
		}
		if strings.EqualFold(path.Base(f.Name), "vbaProject.bin") {
			return errors.New("the workbook carries macros")
		}
	}
	if len(z.File) > maxParts {
		return errors.New("the archive has too many parts")
	}
	return nil
}

func firstVisible(f *excelize.File) (string, error) {
	for _, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err == nil && visible {
			return name, nil
		}
	}
	return "", errors.New("no visible sheet")
}

// structure looks at the raw sheet, because excelize hands out the last result
// of a formula as if it had been typed, and lays out a row as wide as its
// farthest cell says.
func (in *reader) structure(z *zip.Reader) error {
	name, err := sheetPart(z, in.sheet)
	if err != nil {
		return unreadable(err)
	}
	part, err := z.Open(name)
	if err != nil {
		return unreadable(err)
	}
	defer func() { _ = part.Close() }()
	d := xml.NewDecoder(part)
	column, row := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return in.faults.Err()
		}
		if err != nil {
			return unreadable(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "c":
			if column, row, err = excelize.CellNameToCoordinates(attribute(start, "r")); err != nil || column > maxColumns {
				return unreadable(fmt.Errorf("a cell lies at %q", excerpt(attribute(start, "r"))))
			}
		case "f":
			if in.fault(row, max(0, column-1), "document.formula", formula); in.noted >= maxFaults {
				return in.faults.Err()
			}
		}
	}
}

// sheetPart finds the part of the archive that holds the named sheet.
func sheetPart(z *zip.Reader, sheet string) (string, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"` // in the namespace of the transitional or of the strict format
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if err := errors.Join(part(z, "xl/workbook.xml", &book), part(z, "xl/_rels/workbook.xml.rels", &links)); err != nil {
		return "", err
	}
	for _, s := range book.Sheets {
		for _, l := range links.Relationship {
			if s.Name != sheet || s.ID != l.ID {
				continue
			}
			if after, ok := strings.CutPrefix(l.Target, "/"); ok {
				return after, nil
			}
			return path.Join("xl", l.Target), nil
		}
	}
	return "", fmt.Errorf("sheet %q has no part", sheet)
}

func part(z *zip.Reader, name string, into any) error {
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return xml.NewDecoder(io.LimitReader(f, inMemoryBytes)).Decode(into)
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
