// Package calendar counts the working days of the country: Monday to Friday
// without public holidays, with the weekend days that the State Council turns
// into workdays to make up for long breaks.
//
// Schedules are data, one year at a time, each with the notice it comes from.
// A year whose notice is not yet known is provisional or absent; such days are
// counted as well as they can be, and Known and Certain say so, because a
// deadline that the law sets in working days must not silently rest on a guess.
package calendar
