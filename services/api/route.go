package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yunhui/services/kernel"
	"yunhui/services/telemetry"
)

// Op declares one operation of the API. ID, Method, Path, Summary and Access
// must be said; registering without one of them panics.
type Op struct {
	ID        string // unique, kebab-case: "accept-agreement"
	Method    string
	Path      string // below /api/v1/, parameters in braces: "/api/v1/claims/{id}"
	Summary   kernel.Text
	About     kernel.Text // longer, if there is more to say
	Tags      []string
	Access    Access
	Errors    []kernel.Kind // beyond those that access and input bring along
	Status    int           // of success; 0: 200 with a body, 204 without
	MaxBody   int           // bytes; 0: the desk's limit
	Patience  time.Duration // how long it may take; 0: as long as any
	Cookie    bool          // a cookie vouches for the caller: writes from other sites are refused
	Unmetered bool          // anonymous calls are not counted: it writes nothing although it is a POST
}

// RouteInfo is a registered route, for tests that walk all of them and for the
// documentation.
type RouteInfo struct {
	ID     string
	Method string
	Path   string
	Access Access
	Cookie bool
}

type route struct {
	RouteInfo
	op       Op
	segments []string
	query    map[string]bool // nil: not looked at
	meter    *telemetry.RouteMeter
	maxBody  int
	own      bool // of the desk itself: health, document, docs
	serve    handler
}

// Route registers a typed operation. The input struct carries parameters in
// fields tagged path, query, header or cookie and the JSON body in a field Body;
// the output struct carries headers in fields tagged header and its body in a
// field Body.
func Route[I, O any](d *Desk, op Op, handle func(context.Context, *I) (*O, error)) {
	r := d.declare(op)
	input, output := reflect.TypeFor[I](), reflect.TypeFor[O]()
	r.query = queryNames(input)
	sweep, fill := sweepOf(input), fillerOf(output)
	d.pending = r
	defer func() { d.pending = nil }()
	huma.Register(d.huma, d.operation(r), func(ctx context.Context, in *I) (*O, error) {
		v := visitFrom(ctx)
		if sweep != nil {
			sweep(reflect.ValueOf(in).Elem(), make(trail, 0, 8), func(path string) {
				v.faults = append(v.faults, fault(path, "field.hidden_characters"))
			})
		}
		if len(v.faults) > 0 {
			return nil, d.problem(v, invalid(v.faults))
		}
		out, err := handle(ctx, in)
		if err != nil {
			return nil, d.problem(v, err)
		}
		if out != nil && fill != nil {
			fill(reflect.ValueOf(out).Elem())
		}
		return out, nil
	})
}

// Routes lists every route with who may use it, the desk's own included.
func (d *Desk) Routes() []RouteInfo {
	all := make([]RouteInfo, 0, len(d.routes))
	for _, r := range d.routes {
		all = append(all, r.RouteInfo)
	}
	slices.SortFunc(all, func(a, b RouteInfo) int {
		return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
	})
	return all
}

var (
	idForm   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	pathForm = regexp.MustCompile(`^/api/v1(/[a-z0-9_.-]+|/\{[a-z_]+\})+$`)
)

// declare checks a declaration and notes the route. Mistakes are the
// programmer's, so they panic when the desk is being set up.
func (d *Desk) declare(op Op) *route {
	refuse := func(why string) { panic(fmt.Sprintf("api: %s %s (%s): %s", op.Method, op.Path, op.ID, why)) }
	switch {
	case !idForm.MatchString(op.ID):
		refuse("the ID must be kebab-case")
	case !pathForm.MatchString(op.Path):
		refuse("the path must be below " + apiRoot)
	case op.Summary.ZH == "" || op.Summary.EN == "":
		refuse("the summary is needed in both languages")
	case op.Access.kind == undeclared:
		refuse("say who may: Public, AnyMember or Only(roles)")
	}
	for _, known := range d.routes {
		if known.ID == op.ID {
			refuse("the ID is taken by " + known.Method + " " + known.Path)
		}
	}
	return d.note(op)
}

// note keeps a route, which must not have the shape of another.
func (d *Desk) note(op Op) *route {
	if d.closed.Load() {
		panic("api: " + op.Path + ": the desk is open, its routes stand")
	}
	r := &route{
		RouteInfo: RouteInfo{ID: op.ID, Method: op.Method, Path: op.Path, Access: op.Access, Cookie: op.Cookie},
		op:        op, segments: strings.Split(op.Path, "/"), maxBody: orDefault(op.MaxBody, d.maxBody),
	}
	for _, known := range d.routes {
		if known.Method == r.Method && known.sameShape(r) {
			panic("api: " + r.Method + " " + r.Path + ": registered already as " + known.Path)
		}
	}
	if d.meter != nil {
		r.meter = d.meter.Route(r.Method, r.Path)
	}
	d.routes = append(d.routes, r)
	return r
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead
}

// queryNames collects the names of the query parameters of an input, those of
// embedded structs included.
func queryNames(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("query"), ","); name != "" {
			names[name] = true
		} else if f.Anonymous && f.Type.Kind() == reflect.Struct {
			for name := range queryNames(f.Type) {
				names[name] = true
			}
		}
	}
	return names
}
