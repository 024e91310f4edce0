// Package crypto keeps secrets: passwords as argon2id, fields of the store as
// authenticated ciphertext, tokens as digests.
//
// Everything that is stored names its algorithm ("$argon2id$…", "aes-gcm$kid$…"),
// so that a suite can be replaced while what was written under the old one stays
// readable. A suite of national algorithms joins by adding one tag to the suites.
package crypto
