// Package demo is the demo city: fictional providers, offers, enterprises and
// people, honest in what they say and plainly invented in who says it.
package demo
