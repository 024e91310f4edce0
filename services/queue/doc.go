// Package queue carries work from a committed transaction to a handler, once.
//
// The outbox table is the truth. Send writes a row in the business transaction;
// the relay of some node takes the row for a while and hands its id to asynq; a
// worker runs the handler and marks the row done in one transaction. Redis may
// be flushed and workers killed at any moment: a row that nobody finished in
// time is delivered again, and a row that is done makes every further delivery
// a no-op. Nothing but ids and kinds ever enters Redis.
//
// Duties that recur (Every) are held under a lease, so that one node runs them.
package queue
