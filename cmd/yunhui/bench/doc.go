// Package bench measures what the house does in a second, and beside every
// figure the bare limit of the same server under the same load in the same run,
// so that a figure from one machine means something on another.
//
//   - A scenario builds its own data in a store of its own and removes it.
//   - Its rounds alternate between the house and the bare limit, so that
//     whatever else the machine is doing falls on both.
//   - What was measured must also be right: a scenario that writes ends with the
//     verification of the laws, and fails when one is broken.
package bench
