package openings

import (
	"context"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
)

// breachLimit bounds how many breaches are listed.
const breachLimit = 50

// Verify draws every draw anew: the list still has the digest that was published,
// the seeds are those that two officers pledged, the order follows from both, and
// every entry lies in the band that its facts say.
func Verify(ctx context.Context, db *database.DB, policies *gazette.Library) ([]kernel.Breach, error) {
	var rows []subsidies.Opening
	if err := db.Read(ctx).Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	var out []kernel.Breach
	for _, o := range rows {
		found, err := examine(ctx, db, policies, o)
		if err != nil {
			return out, fmt.Errorf("draw %s %s: %w", o.PolicyCode, o.ClosesOn, err)
		}
		for _, f := range found {
			if len(out) < breachLimit {
				out = append(out, kernel.Breach{Law: f.law, Object: "draw " + o.PolicyCode + " " + string(o.ClosesOn), Detail: f.detail})
			}
		}
	}
	return out, nil
}

type flaw struct{ law, detail string }

func examine(ctx context.Context, db *database.DB, policies *gazette.Library, o subsidies.Opening) ([]flaw, error) {
	var out []flaw
	all, err := seeds(db.Read(ctx), o.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Seed != "" && Pledge(s.Seed) != s.Commitment {
			out = append(out, flaw{"explained", fmt.Sprintf("seed %d is not the one that was pledged", s.Ordinal)})
		}
	}
	if o.ClosedAt == nil {
		return out, nil
	}
	if len(all) != 2 || all[0].PersonID == all[1].PersonID {
		out = append(out, flaw{"four eyes", "the list was closed without the seeds of two officers"})
	}
	listed, err := numbered(db.Read(ctx), o.PolicyCode, o.ClosesOn)
	if err != nil {
		return nil, err
	}
	lots := make([]Lot, len(listed))
	places := make(map[int]int, len(listed))
	for i, l := range listed {
		lots[i], places[l.Number] = l.lot(), l.Place
	}
	if int64(len(lots)) != o.Count || Digest(List(o.PolicyCode, o.ClosesOn, lots)) != o.Digest {
		out = append(out, flaw{"explained", "the list is not the one whose digest was published"})
	}
	banded, err := rebanded(ctx, policies, listed)
	if err != nil {
		return nil, err
	}
	out = append(out, banded...)
	if o.State != subsidies.OpeningDrawn {
		return out, nil
	}
	for i, l := range Order(lots, effective(all, o.Digest)) {
		if places[l.Number] != i+1 {
			return append(out, flaw{"explained", fmt.Sprintf("drawn anew, number %d has place %d, not %d", l.Number, i+1, places[l.Number])}), nil
		}
	}
	return out, nil
}

func rebanded(ctx context.Context, policies *gazette.Library, all []listed) ([]flaw, error) {
	var out []flaw
	for _, l := range all {
		why, err := entry{AgreementID: l.ID, Explained: l.Explained}.banding()
		if err != nil {
			out = append(out, flaw{"explained", fmt.Sprintf("number %d: why it lies in its band cannot be read", l.Number)})
			continue
		}
		policy, err := policies.Version(ctx, why.Policy, why.Version)
		if err != nil {
			return out, err
		}
		band, _, err := policy.Band(why.Facts)
		if err != nil || band != l.Band {
			out = append(out, flaw{"explained", fmt.Sprintf("number %d lies in band %d; by its facts it is %d", l.Number, l.Band, band)})
		}
	}
	return out, nil
}
