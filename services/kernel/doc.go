// Package kernel holds the weights and measures of the house: money, rates,
// dates, identifiers, the person acting, the clock and the one error type.
// It imports the standard library only and knows no policy and no offer.
package kernel
