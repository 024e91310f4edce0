// Package identity knows people, their memberships in organisations, and who is
// speaking: login, sessions, access tokens and the keys that sign them.
//
// A person acts in one membership at a time, and a membership carries exactly one
// role. An access token proves a session; what the session may do is read from
// the store at every request, so that a role taken away is gone at once.
package identity
