// Package policies carries published policies as documents, each with its
// sources. Where a source gives no value, the clause says so and nothing stands
// in its place.
package policies

import (
	"embed"
	"slices"
	"sync"

	"yunhui/subsidies/rules"
)

//go:embed *.json
var files embed.FS

var parsed = sync.OnceValue(func() []rules.Document {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("embedded policies: " + err.Error())
	}
	documents := make([]rules.Document, 0, len(entries))
	for _, e := range entries {
		data, err := files.ReadFile(e.Name())
		if err != nil {
			panic("embedded policy " + e.Name() + ": " + err.Error())
		}
		d, err := rules.Parse(data)
		if err != nil {
			panic("embedded policy " + e.Name() + ": " + err.Error())
		}
		documents = append(documents, d)
	}
	return documents
})

// All returns the documents in the order of their codes. Their slices are
// shared: read only.
func All() []rules.Document { return slices.Clone(parsed()) }

// Find returns the document with the code.
func Find(code string) (rules.Document, bool) {
	for _, d := range parsed() {
		if d.Code == code {
			return d, true
		}
	}
	return rules.Document{}, false
}

// File returns the document as it stands in the repository.
func File(code string) ([]byte, bool) {
	data, err := files.ReadFile(code + ".json")
	return data, err == nil
}
