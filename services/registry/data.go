package registry

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed data/*.json
var dataFiles embed.FS

// Source says where a fact comes from, so that a screen can show it.
type Source struct {
	Title  string `json:"title"`
	Number string `json:"number,omitempty"` // of the official document
	URL    string `json:"url,omitempty"`
	Note   string `json:"note,omitempty"` // how far it was verified
}

// readTable decodes an embedded table. A table that does not decode is a fault
// of the build that no caller could handle, hence the panic; the tests read
// every table.
func readTable[T any](name string) T {
	var table T
	raw, err := dataFiles.ReadFile("data/" + name)
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		err = decoder.Decode(&table)
	}
	if err != nil {
		panic(fmt.Sprintf("registry: embedded table %s: %v", name, err))
	}
	return table
}
