// Package audit keeps the record of who did what, when, on what and from where.
//
// Record writes a plain row in the business transaction. A sealer chains what
// has been committed: every entry gets a number and a hash over its content and
// the hash before it, within seconds and outside the business transactions, so
// that the city does not queue behind one row. Verify recomputes the chain and
// names the first entry that does not fit.
package audit
