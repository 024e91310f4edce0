package simulation

import (
	"strconv"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// yearsUntil is by how many whole years a day must be moved to lie on another or
// after it.
func yearsUntil(first, from kernel.Date) int {
	n := 0
	for first != "" && later(first, n) < from {
		n++
	}
	return n
}

// move shifts all days of the facts by whole years, so that ages, terms and
// seasons stay what they were.
func move(f *rules.Facts, years int) {
	f.On = later(f.On, years)
	f.Enterprise.FoundedOn = later(f.Enterprise.FoundedOn, years)
	a, c := &f.Agreement, &f.Claim
	for _, d := range []*kernel.Date{&a.SignedOn, &a.StartsOn, &a.EndsOn, &c.FirstInvoiceOn, &c.LastInvoiceOn, &c.LastPaidOn} {
		*d = later(*d, years)
	}
}

// later is the same day a number of years on; 29 February becomes the 28th.
func later(d kernel.Date, years int) kernel.Date {
	if d == "" || years == 0 {
		return d
	}
	year := d.Year() + years
	rest := d[4:]
	if rest == "-02-29" && (year%4 != 0 || (year%100 == 0 && year%400 != 0)) {
		rest = "-02-28"
	}
	return kernel.Date(strconv.Itoa(year)) + rest
}
