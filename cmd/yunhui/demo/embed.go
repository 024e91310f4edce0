package demo

import "embed"

// Files holds the content of the demo city as JSON; data/README.md explains it.
//
//go:embed data/*.json
var Files embed.FS
