package registry_test

import (
	"regexp"
	"slices"
	"testing"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

func TestThirtyThreeChainsInTheirBlocks(t *testing.T) {
	t.Parallel()
	v := registry.ChainsOn(today)
	want := map[string]int{"electronics": 9, "vehicles": 3, "equipment": 6, "materials": 8, "consumer-goods": 4, "medicine": 3}
	if len(v.Chains) != 33 || len(v.Blocks) != len(want) || len(v.Emerging) != 6 {
		t.Fatalf("%d chains, %d blocks, %d emerging", len(v.Chains), len(v.Blocks), len(v.Emerging))
	}
	pillars := 0
	for _, b := range v.Blocks {
		if n := len(v.In(b.Key)); n != want[b.Key] {
			t.Errorf("%s: %d chains, want %d", b.Key, n, want[b.Key])
		}
		if b.Pillar {
			pillars++
		}
	}
	if pillars != 5 {
		t.Errorf("%d pillars, want 5", pillars)
	}
}

func TestChainsAreNamedOnceInBothLanguages(t *testing.T) {
	t.Parallel()
	slug := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	v := registry.ChainsOn(today)
	seen := map[string]bool{}
	for _, c := range v.Chains {
		for _, s := range []string{c.Key, c.Name.ZH, c.Name.EN} {
			if s == "" || seen[s] {
				t.Errorf("%s: %q is empty or used twice", c.Key, s)
			}
			seen[s] = true
		}
		if !slug.MatchString(c.Key) {
			t.Errorf("%q is not a key", c.Key)
		}
		if c.Emerging != "" && !slices.ContainsFunc(v.Emerging, func(e registry.Emerging) bool { return e.Key == c.Emerging }) {
			t.Errorf("%s leans to an unknown %s", c.Key, c.Emerging)
		}
	}
}

func TestChainsAreFoundOnAnyDay(t *testing.T) {
	t.Parallel()
	for _, on := range []kernel.Date{"2015-01-01", "2021-01-01", today} {
		if v := registry.ChainsOn(on); v.Code != "cq-33-2021" {
			t.Errorf("%s: %s", on, v.Code)
		}
	}
	if c, ok := registry.FindChain("pmma"); !ok || c.Name.ZH != "聚甲基丙烯酸甲酯" || c.Block != "materials" {
		t.Errorf("%+v", c)
	}
	if _, ok := registry.FindChain("tea"); ok {
		t.Error("a chain that is none was found")
	}
}
