package api

import (
	"slices"
	"strings"
)

func variable(segment string) bool { return strings.HasPrefix(segment, "{") }

// sameShape reports whether the same paths lead to both routes.
func (r *route) sameShape(other *route) bool {
	return slices.EqualFunc(r.segments, other.segments, func(a, b string) bool {
		return a == b || variable(a) && variable(b)
	})
}

// leads reports whether a path leads to the route.
func (r *route) leads(path string) bool {
	segments := strings.Split(path, "/")
	return slices.EqualFunc(r.segments, segments, func(want, got string) bool {
		return want == got || variable(want) && got != ""
	})
}

// bySpecificity puts /offers/mine before /offers/{id}: routes are tried in
// order, and rooms need not know in which order they register.
func bySpecificity(a, b *route) int {
	for i := range min(len(a.segments), len(b.segments)) {
		va, vb := variable(a.segments[i]), variable(b.segments[i])
		switch {
		case va && !vb:
			return 1
		case vb && !va:
			return -1
		case !va && a.segments[i] != b.segments[i]:
			return strings.Compare(a.segments[i], b.segments[i])
		}
	}
	return len(a.segments) - len(b.segments)
}

// methodsAt lists the methods that a path takes.
func (d *Desk) methodsAt(path string) []string {
	var methods []string
	for _, r := range d.routes {
		if r.leads(path) {
			methods = append(methods, r.Method)
		}
	}
	return methods
}

// fiberPath writes the path as fiber wants it.
func (r *route) fiberPath() string {
	return strings.ReplaceAll(strings.ReplaceAll(r.Path, "{", ":"), "}", "")
}
