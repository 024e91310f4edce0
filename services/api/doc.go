// Package api is the front desk: it lets people in, knows who they are, hands
// their requests to the rooms that registered, and gives every answer the same
// form. Fiber, fasthttp and huma live here and nowhere below.
//
// Nobody is served at a counter without a declared access: registering a route
// without one panics, and a route that came in by a side door stops the desk
// from opening.
package api
