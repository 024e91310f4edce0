package registry_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

const (
	lastOldDay  = kernel.Date("2025-11-05")
	firstNewDay = kernel.Date("2025-11-06")
)

func byKind(on kernel.Date) map[registry.DistrictKind]int {
	counts := map[registry.DistrictKind]int{}
	for _, d := range registry.Districts(on) {
		counts[d.Kind]++
	}
	return counts
}

func TestUnitsBeforeAndAfterTheChange(t *testing.T) {
	t.Parallel()
	cases := []struct {
		on                         kernel.Date
		districts, counties, zones int
	}{
		{"2021-07-01", 26, 8, 3}, {lastOldDay, 26, 8, 3}, {firstNewDay, 25, 8, 2}, {today, 25, 8, 2},
	}
	for _, c := range cases {
		got := byKind(c.on)
		if got[registry.KindDistrict] != c.districts || got[registry.KindCounty] != c.counties ||
			got[registry.KindAutonomousCounty] != 4 || got[registry.KindZone] != c.zones {
			t.Errorf("%s: %v", c.on, got)
		}
	}
	if n := len(registry.Districts(lastOldDay)); n != 41 {
		t.Errorf("%d units before, want 41", n)
	}
	if n := len(registry.Districts(firstNewDay)); n != 39 {
		t.Errorf("%d units since, want 39", n)
	}
}

func TestAbolishedUnitsLeadToTheirSuccessor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		id   string
		on   kernel.Date
		want string
		kind registry.DistrictKind
	}{
		{"500105", lastOldDay, "500105", registry.KindDistrict},
		{"500105", firstNewDay, "liangjiang", registry.KindDistrict},
		{"500112", lastOldDay, "500112", registry.KindDistrict},
		{"500112", today, "liangjiang", registry.KindDistrict},
		{"liangjiang", lastOldDay, "liangjiang", registry.KindZone},
		{"liangjiang", today, "liangjiang", registry.KindDistrict},
		{"500109", today, "500109", registry.KindDistrict},
		{"wansheng", today, "wansheng", registry.KindZone},
		{"500199", today, "", ""},
		{"", today, "", ""},
	}
	for _, c := range cases {
		got, ok := registry.Current(c.id, c.on)
		if got.ID != c.want || got.Kind != c.kind || ok != (c.want != "") {
			t.Errorf("%s on %s: %s %s", c.id, c.on, got.ID, got.Kind)
		}
	}
}

func TestTheDividedUnitSaysSo(t *testing.T) {
	t.Parallel()
	yubei, ok := registry.FindDistrict("500112")
	if !ok || !slices.Equal(yubei.Successors, []string{"liangjiang", "500109"}) || !strings.Contains(yubei.Note.ZH, "统景") || yubei.Note.EN == "" {
		t.Errorf("%+v", yubei)
	}
	if _, ok := registry.DistrictOn("500112", today); ok {
		t.Error("an abolished unit exists today")
	}
}

func TestRollingUpOldFigures(t *testing.T) {
	t.Parallel()
	if got := registry.Predecessors("liangjiang", today); !slices.Equal(got, []string{"500105", "500112", "liangjiang"}) {
		t.Errorf("%v", got)
	}
	if got := registry.Predecessors("liangjiang", lastOldDay); !slices.Equal(got, []string{"liangjiang"}) {
		t.Errorf("before the change: %v", got)
	}
	if got := registry.Predecessors("500105", today); got != nil {
		t.Errorf("an abolished unit gathers %v", got)
	}
	total := 0
	for _, d := range registry.Districts(today) {
		total += len(registry.Predecessors(d.ID, today))
	}
	if total != 41 {
		t.Errorf("%d of 41 old units are rolled up", total)
	}
}

func TestGroupingsAddUp(t *testing.T) {
	t.Parallel()
	want := map[string]map[string]int{ // of the 38 units of before, without zones
		"2021": {"central": 9, "new_main": 12, "northeast": 11, "southeast": 6},
		"2024": {"central": 9, "west": 8, "east_new": 5, "northeast": 10, "southeast": 6},
	}
	for _, g := range registry.Groupings() {
		counts := map[string]int{}
		for _, d := range registry.Districts(lastOldDay) {
			known := slices.ContainsFunc(g.Groups, func(x registry.Group) bool { return x.Key == g.Of(d) && x.Name.EN != "" })
			if !known {
				t.Errorf("%s: %s is in no group", g.Code, d.Name.EN)
			}
			if d.Kind != registry.KindZone {
				counts[g.Of(d)]++
			}
		}
		for key, n := range want[g.Code] {
			if counts[key] != n {
				t.Errorf("%s %s: %d units, want %d", g.Code, key, counts[key], n)
			}
		}
	}
	if dianjiang, _ := registry.FindDistrict("500231"); dianjiang.Group2021 != "northeast" || dianjiang.Group2024 != "east_new" {
		t.Error("垫江 moved to the eastern new towns in 2024")
	}
}

func TestEveryUnitIsComplete(t *testing.T) {
	t.Parallel()
	if len(registry.DistrictSources()) == 0 {
		t.Error("no sources")
	}
	for _, on := range []kernel.Date{lastOldDay, today} {
		seen := map[string]bool{}
		for _, d := range registry.Districts(on) {
			if seen[d.ID] || seen[d.Name.ZH] || seen[d.Name.EN] {
				t.Errorf("%s twice on %s", d.ID, on)
			}
			seen[d.ID], seen[d.Name.ZH], seen[d.Name.EN] = true, true, true
			if d.Name.ZH == "" || d.Name.EN == "" {
				t.Errorf("%s has no name", d.ID)
			}
			if d.GBCode != "" && (d.GBCode != d.ID || len(d.GBCode) != 6) {
				t.Errorf("%s has the code %s", d.ID, d.GBCode)
			}
			if d.Label.Lon < 105_290 || d.Label.Lon > 110_200 || d.Label.Lat < 28_160 || d.Label.Lat > 32_200 {
				t.Errorf("%s lies outside the city: %+v", d.ID, d.Label)
			}
			for _, s := range d.Successors {
				if _, ok := registry.DistrictOn(s, d.ValidTo.AddDays(1)); !ok {
					t.Errorf("%s: successor %s does not exist", d.ID, s)
				}
			}
		}
	}
}

func TestADistrictWithoutNoteWritesNone(t *testing.T) {
	t.Parallel()
	d, _ := registry.FindDistrict("500103")
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"500103","name":{"zh":"渝中区","en":"Yuzhong District"},"kind":"district","gb_code":"500103","group_2021":"central","group_2024":"central","label":{"lon":106563,"lat":29557}}`
	if string(raw) != want {
		t.Errorf("%s", raw)
	}
}

func TestAbolishedUnitsAreListedFromTheDayAfter(t *testing.T) {
	t.Parallel()
	for on, want := range map[kernel.Date]int{lastOldDay: 0, lastOldDay.AddDays(1): 2, today: 2} {
		gone := registry.Abolished(on)
		if len(gone) != want {
			t.Errorf("%s: %d, want %d", on, len(gone), want)
		}
		for _, d := range gone {
			if len(d.Successors) == 0 {
				t.Errorf("%s has no successor", d.ID)
			}
		}
	}
}
