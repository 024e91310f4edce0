// Package registry knows the organisations of record and the vocabularies that
// describe them: the unified social credit code, the size class of a firm, the
// districts of the city with effective dates, and the industrial chains.
//
// Its root is pure: embedded reference tables and rules over them, each table
// carrying its source and the day from which it holds. Nothing here reads a
// clock; whoever asks says for which day. What is returned shares memory with
// the tables and is for reading only.
package registry
