// Package search finds documents in Chinese and English. The whole index lives
// in memory: it is a cache that its owner rebuilds from the database at start
// and keeps fresh from a change feed. It knows documents, fields and columns,
// and nothing of what they stand for.
//
// Text is matched by single characters and pairs of neighbours for Chinese and
// by whole words for everything else, so no dictionary decides what a word is;
// a data file of synonyms widens what was asked. Readers take no lock: each
// works on one immutable snapshot, and writers replace the snapshot.
package search
