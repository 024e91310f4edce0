// Package notify tells people what concerns them. A notice is a kind with
// parameters; its wording belongs to the one who shows it, in the reader's
// language. Notices are kept in the house and read on the site.
package notify
