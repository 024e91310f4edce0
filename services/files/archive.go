package files

import (
	"archive/zip"
	"io"
	"path"
	"strings"
)

// Bounds of an archive. An office file of 20 MiB stays far below them; an
// archive that swells without end does not.
const (
	archiveEntries  = 5000
	archiveUnpacked = 200 << 20
	archiveRatio    = 200 // unpacked bytes for each packed one
)

// archive proves a zip-based document: it begins as a zip, holds the required
// parts, and nothing in it is encrypted, leads out of it, runs or swells.
func archive(parts ...string) func(io.ReaderAt, int64) bool {
	return func(content io.ReaderAt, size int64) bool {
		if !begins(content, "PK\x03\x04") {
			return false
		}
		z, err := zip.NewReader(content, size)
		if err != nil || len(z.File) > archiveEntries {
			return false
		}
		found := map[string]bool{}
		var unpacked uint64
		for _, f := range z.File {
			unpacked += f.UncompressedSize64
			if unpacked > archiveUnpacked || !harmless(f) || found[f.Name] {
				return false
			}
			found[f.Name] = true
		}
		for _, p := range parts {
			if !found[p] {
				return false
			}
		}
		return unpacked <= max(1<<20, uint64(size)*archiveRatio)
	}
}

func harmless(f *zip.File) bool {
	const encrypted = 0x1
	name := strings.ToLower(f.Name)
	return f.Flags&encrypted == 0 &&
		f.UncompressedSize64 <= archiveUnpacked &&
		!strings.Contains(name, `\`) && !path.IsAbs(name) && path.Clean("/"+name) == "/"+strings.TrimSuffix(name, "/") &&
		path.Base(name) != "vbaproject.bin"
}
