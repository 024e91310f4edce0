// Package files keeps evidence: contracts, invoices, proofs of payment.
//
// Everything passes one gate. A file has a name that hides nothing, one of a few
// types that its content proves, and at most MaxSize bytes. Content is stored
// under its SHA-256, once however often it is handed in; the row says whose it
// is. The room knows no claims: who may read a file is decided by the room that
// holds the file's id.
package files
