package api

import (
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/services/telemetry"
)

// Registry shares its name with a type of another room.
type Registry struct{ A string }

func TestRoomsMayNameTheirTypesAlike(t *testing.T) {
	t.Parallel()
	n := namer{taken: map[string]reflect.Type{}}
	require.Equal(t, "Registry", n.name(reflect.TypeFor[Registry](), ""))
	require.Equal(t, "TelemetryRegistry", n.name(reflect.TypeFor[*telemetry.Registry](), ""))
	require.Equal(t, "Registry", n.name(reflect.TypeFor[*Registry](), ""))
	require.Equal(t, "ListRegistry", n.name(reflect.TypeFor[List[Registry]](), ""))
	require.Equal(t, "TelemetryListRegistry", n.name(reflect.TypeFor[List[telemetry.Registry]](), ""))
}

func TestMeasuresOfTheKernelAreDescribed(t *testing.T) {
	t.Parallel()
	r := newSchemas()
	fen := r.Schema(reflect.TypeFor[kernel.Fen](), true, "")
	require.Equal(t, huma.TypeInteger, fen.Type)
	require.InDelta(t, float64(kernel.MaxFen), *fen.Maximum, 0)
	require.Equal(t, "date", r.Schema(reflect.TypeFor[kernel.Date](), true, "").Format)
	require.NotEmpty(t, r.Schema(reflect.TypeFor[kernel.ID](), true, "").Pattern)
}

func TestSweepsLookEverywhereAndOnlyWhereTextIs(t *testing.T) {
	t.Parallel()
	type tree struct {
		Name     string           `json:"name"`
		Children []tree           `json:"children"`
		Best     *tree            `json:"best"`
		ByCode   map[string]*tree `json:"by_code"`
		Counts   map[string]int   `json:"counts"`
		Blob     []byte           `json:"blob"`
	}
	const bad = "a\u200bb"
	leaf := tree{Name: bad}
	v := tree{Children: []tree{{}, leaf}, Best: &tree{Best: &leaf}, ByCode: map[string]*tree{"x": &leaf}, Counts: map[string]int{bad: 1}, Blob: []byte(bad)}
	var found []string
	sweepOf(reflect.TypeFor[tree]())(reflect.ValueOf(v), nil, func(path string) { found = append(found, path) })
	require.Equal(t, []string{"children[1].name", "best.best.name", "by_code.x.name", "counts"}, found)
	require.Nil(t, sweepOf(reflect.TypeFor[struct {
		N    int
		Blob []byte
	}]()))
}

func TestFillersStopAtPointers(t *testing.T) {
	t.Parallel()
	type inner struct{ Tags []string }
	type outer struct {
		List   []inner
		Empty  []int
		Shared *inner
		Blob   []byte
	}
	v := outer{List: []inner{{}}, Shared: &inner{}}
	fillerOf(reflect.TypeFor[outer]())(reflect.ValueOf(&v).Elem())
	require.NotNil(t, v.List[0].Tags)
	require.NotNil(t, v.Empty)
	require.Nil(t, v.Shared.Tags)
	require.Nil(t, v.Blob)
}
