package files

import (
	"archive/zip"
	"bytes"
	"image"
	_ "image/jpeg" // to read the size of a picture
	_ "image/png"
	"io"

	"yunhui/services/kernel"
)

// kind is a type that the gate lets through.
type kind struct {
	extensions []string
	mediaType  string
	proves     func(content io.ReaderAt, size int64) bool
}

var kinds = []kind{
	{[]string{".pdf"}, "application/pdf", isPDF},
	{[]string{".png"}, "image/png", picture("png", "\x89PNG\r\n\x1a\n")},
	{[]string{".jpg", ".jpeg"}, "image/jpeg", picture("jpeg", "\xff\xd8\xff")},
	{[]string{".xml"}, "application/xml", isXML},
	{[]string{".ofd"}, "application/ofd", archive("OFD.xml")},
	{[]string{".xlsx"}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", archive("[Content_Types].xml", "xl/workbook.xml")},
	{[]string{".docx"}, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", archive("[Content_Types].xml", "word/document.xml")},
}

// sniff returns the kind that the extension names if the content proves it.
// The sender's own statement of a media type counts for nothing.
func sniff(content io.ReaderAt, size int64, extension string) (kind, error) {
	for _, k := range kinds {
		for _, e := range k.extensions {
			if e == extension && k.proves(content, size) {
				return k, nil
			}
		}
	}
	return kind{}, kernel.Fail(kernel.KindUnsupported, "file.type", kernel.T(
		"只接受内容与扩展名一致的 PDF、OFD、XML、XLSX、DOCX、PNG、JPEG 文件，且不含宏或加密",
		"Only PDF, OFD, XML, XLSX, DOCX, PNG and JPEG files whose content matches their extension are accepted, without macros or encryption"))
}

// pixels bounds a picture: a small file may claim to be an enormous canvas.
const pixels = 100 << 20

func picture(format, magic string) func(io.ReaderAt, int64) bool {
	return func(content io.ReaderAt, size int64) bool {
		if !begins(content, magic) || isArchive(content, size) {
			return false
		}
		c, name, err := image.DecodeConfig(io.NewSectionReader(content, 0, size))
		return err == nil && name == format && c.Width > 0 && c.Height > 0 && int64(c.Width)*int64(c.Height) <= pixels
	}
}

// isPDF wants the header at the very start and the end mark near the end.
func isPDF(content io.ReaderAt, size int64) bool {
	const tail = 4096
	last := make([]byte, min(size, tail))
	if _, err := content.ReadAt(last, size-int64(len(last))); err != nil && err != io.EOF {
		return false
	}
	return begins(content, "%PDF-") && bytes.Contains(last, []byte("%%EOF")) && !isArchive(content, size)
}

func begins(content io.ReaderAt, magic string) bool {
	head := make([]byte, len(magic))
	_, err := content.ReadAt(head, 0)
	return (err == nil || err == io.EOF) && string(head) == magic
}

// isArchive tells a file that is two things at once: a picture or a PDF to one
// reader, a zip archive to another.
func isArchive(content io.ReaderAt, size int64) bool {
	z, err := zip.NewReader(content, size)
	return err == nil && len(z.File) > 0
}
