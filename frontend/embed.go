// Package frontend carries the built site inside the binary.
package frontend

import (
	"embed"
	"io/fs"
)

// The folder holds only .keep until the site is built, so that the Go side
// builds without Node.js.
//
//go:embed all:dist
var dist embed.FS

// Files returns the built site; index.html lies at its root. A binary built
// without the site has no index.html in it, and the front desk then shows a
// plain page.
func Files() fs.FS {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("frontend: " + err.Error()) // "dist" is a valid path: fs.Sub fails on nothing else
	}
	return root
}
