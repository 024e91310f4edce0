package files_test

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/files"
	"yunhui/services/kernel"
)

func TestTheGateAdmitsWhatProvesItself(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"合同.pdf":     pdf(),
		"发票.ofd":     zipped("OFD.xml", "Doc_0/Document.xml"),
		"发票.xml":     []byte("\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?><发票><号码>1</号码></发票>"),
		"旧发票.XML":    append([]byte("<?xml version=\"1.0\" encoding=\"GBK\"?><a>"), 0xd6, 0xd0, '<', '/', 'a', '>'),
		"明细.xlsx":    zipped("[Content_Types].xml", "xl/workbook.xml"),
		"说明.docx":    zipped("[Content_Types].xml", "word/document.xml"),
		"回单.PNG":     picture(t, "png"),
		"回单 𠮷𬭎.jpeg": picture(t, "jpeg"),
	} {
		f, err := files.Receive(t.Context(), disk(t), name, bytes.NewReader(content))
		require.NoError(t, err, name)
		require.Equal(t, name, f.Name)
		require.EqualValues(t, len(content), f.Size)
	}
}

func TestTheGateRefuses(t *testing.T) {
	t.Parallel()
	swelling := archived(map[string][]byte{"OFD.xml": make([]byte, 64<<20)})
	both := append(picture(t, "png"), zipped("OFD.xml")...)
	for _, c := range []struct {
		name    string
		content []byte
		code    string
	}{
		{"a.pdf", nil, "file.empty"},
		{"a.pdf", append(pdf(), make([]byte, files.MaxSize)...), "file.too_large"},
		{"a.exe", []byte("MZ"), "file.type"},
		{"a", pdf(), "file.type"},
		{"a.png", pdf(), "file.type"},
		{"a.pdf", append([]byte("<html>"), pdf()...), "file.type"},
		{"a.pdf", []byte("%PDF-1.7 cut off"), "file.type"},
		{"a.pdf", append(pdf(), zipped("x")...), "file.type"},
		{"a.png", both, "file.type"},
		{"a.png", []byte("\x89PNG\r\n\x1a\n but no picture"), "file.type"},
		{"a.ofd", append([]byte("GIF89a"), zipped("OFD.xml")...), "file.type"},
		{"a.ofd", zipped("something.xml"), "file.type"},
		{"a.ofd", swelling, "file.type"},
		{"a.ofd", zipped("OFD.xml", "../../etc/passwd"), "file.type"},
		{"a.ofd", zipped("OFD.xml", "OFD.xml"), "file.type"},
		{"a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "file.type"},
		{"a.xlsx", zipped("[Content_Types].xml", "word/document.xml"), "file.type"},
		{"a.xml", []byte(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`), "file.type"},
		{"a.xml", []byte("<a><b></a></b>"), "file.type"},
		{"a.xml", []byte("plain words"), "file.type"},
		{"a.xml", []byte(strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300)), "file.type"},
		{"", pdf(), "file.name"},
		{" .. ", pdf(), "file.name"},
		{"../a.pdf", pdf(), "file.name"},
		{`c:\a.pdf`, pdf(), "file.name"},
		{"fdp.\u202eexe.pdf", pdf(), "file.name"},
		{"a\nb.pdf", pdf(), "file.name"},
		{"a\xff.pdf", pdf(), "file.name"},
		{strings.Repeat("云", files.MaxName-3) + ".pdf", pdf(), "file.name"},
	} {
		folder := t.TempDir()
		store, err := files.OpenDisk(folder)
		require.NoError(t, err)
		_, err = files.Receive(t.Context(), store, c.name, bytes.NewReader(c.content))
		require.True(t, kernel.IsCode(err, c.code), "%q of %d bytes: %v", c.name, len(c.content), err)
		require.Empty(t, everyFile(t, folder), "nothing refused is kept")
	}
}

func TestAdmittedFilesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		folder := t.TempDir()
		store, err := files.OpenDisk(folder)
		require.NoError(t, err)
		ctx := kernel.WithCall(t.Context(), kernel.Call{Actor: kernel.Actor{Person: "p", Org: "o"}})
		f, err := files.Admit(ctx, db, store, " 合同;\"甲\".pdf ", bytes.NewReader(pdf()))
		require.NoError(t, err)
		again, err := files.Admit(ctx, db, store, "copy.pdf", bytes.NewReader(pdf()))
		require.NoError(t, err)
		require.NotEqual(t, f.ID, again.ID)
		require.Len(t, everyFile(t, folder), 1, "the same content is kept once")

		found, err := files.Find(ctx, db, f.ID)
		require.NoError(t, err)
		require.Equal(t, f, found)
		require.EqualValues(t, "o", found.OrgID)
		content, err := files.Open(ctx, store, found)
		require.NoError(t, err)
		got, err := io.ReadAll(content)
		require.NoError(t, err)
		require.NoError(t, content.Close())
		require.Equal(t, pdf(), got)
		require.Equal(t, `attachment; filename="______.pdf"; filename*=UTF-8''%E5%90%88%E5%90%8C%3B%22%E7%94%B2%22.pdf`, files.Headers(found)["Content-Disposition"])

		_, err = files.Find(ctx, db, "nothing")
		require.True(t, kernel.IsCode(err, "not_found"), "%v", err)
	})
}

func TestDiskKeepsToItsFolder(t *testing.T) {
	t.Parallel()
	ctx, store := context.Background(), disk(t)
	for _, key := range []string{"", "../../x", strings.Repeat("A", 64), strings.Repeat("/", 64)} {
		require.Error(t, store.Put(ctx, key, strings.NewReader("x"), 1), key)
		_, err := store.Open(ctx, key)
		require.Error(t, err, key)
	}
	key := strings.Repeat("a", 64)
	require.Error(t, store.Put(ctx, key, strings.NewReader("too short"), 100))
	require.Error(t, store.Put(ctx, key, strings.NewReader("too long"), 3))
	_, err := store.Open(ctx, key)
	require.ErrorIs(t, err, files.ErrMissing, "a broken upload leaves nothing")
	require.NoError(t, store.Put(ctx, key, strings.NewReader("xyz"), 3))
	require.NoError(t, store.Remove(ctx, key))
	require.NoError(t, store.Remove(ctx, key))
	there, err := store.Has(ctx, key)
	require.NoError(t, err)
	require.False(t, there)
	require.NoError(t, store.Ping(ctx))
}

func disk(t *testing.T) *files.Disk {
	t.Helper()
	d, err := files.OpenDisk(t.TempDir())
	require.NoError(t, err)
	return d
}

func everyFile(t *testing.T, folder string) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	}))
	return names
}

func pdf() []byte { return []byte("%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n") }

func picture(t *testing.T, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	canvas := image.NewGray(image.Rect(0, 0, 2, 2))
	if format == "png" {
		require.NoError(t, png.Encode(&b, canvas))
	} else {
		require.NoError(t, jpeg.Encode(&b, canvas, nil))
	}
	return b.Bytes()
}

func zipped(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, _ := z.Create(n)
		_, _ = w.Write([]byte("<x/>"))
	}
	_ = z.Close()
	return b.Bytes()
}

func archived(parts map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, content := range parts {
		w, _ := z.Create(n)
		_, _ = w.Write(content)
	}
	_ = z.Close()
	return b.Bytes()
}
