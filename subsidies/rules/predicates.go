package rules

import (
	"fmt"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"yunhui/services/kernel"
)

// MaxCost bounds the cost of one expression, in CEL's units, for the largest
// facts that Check admits. The bound is proven when the policy is compiled, so
// nothing need be counted while quotes are made.
const MaxCost = 50_000

var adapter = types.DefaultTypeAdapter

// newEnv makes the environment once: the words, the line type, the standard
// functions, and no conversion between kinds of numbers.
var newEnv = sync.OnceValues(func() (*cel.Env, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	options := []cel.EnvOption{
		cel.CustomTypeProvider(provider{registry}),
		cel.ParserRecursionLimit(50),
		cel.ParserExpressionSizeLimit(4096),
	}
	for _, w := range words {
		options = append(options, cel.Variable(w.name, w.typ))
	}
	return cel.NewEnv(options...)
})

// envOf is the environment with the document's parameters.
func envOf(d *Document) (*cel.Env, error) {
	env, err := newEnv()
	if err != nil || len(d.Parameters) == 0 {
		return env, err
	}
	options := make([]cel.EnvOption, 0, len(d.Parameters))
	seen := map[string]bool{}
	for _, p := range d.Parameters {
		if !seen[p.Name] {
			options = append(options, cel.Variable(parameterPrefix+p.Name, cel.IntType))
		}
		seen[p.Name] = true
	}
	return env.Extend(options...)
}

// condition is a compiled Predicate.
type condition struct {
	predicate Predicate
	program   cel.Program
	reason    template
	logic     *logic
}

// compileCondition compiles one predicate of a document and notes its faults at
// the path.
func compileCondition(p Predicate, d *Document, path string, faults *kernel.Faults) *condition {
	env, err := envOf(d)
	if err != nil {
		faults.Add(path, "policy.expression", kernel.T("表达式环境不可用", "The expression environment is not available"))
		return nil
	}
	reason, ok := parseTemplate(p.Reason, d, path+".reason", faults)
	checked, issues := env.Compile(p.Expression)
	if issues.Err() != nil {
		for _, e := range issues.Errors() {
			refuse(faults, p, path, "policy.expression", e.Location.Line(), e.Location.Column()+1, e.Message)
		}
		return nil
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		refuse(faults, p, path, "policy.expression_type", 1, 1, fmt.Sprintf("the result must be bool, not %s", checked.OutputType()))
		return nil
	}
	if !ok || !soundArithmetic(checked, p, path, faults) || !affordable(env, checked, p, path, faults) {
		return nil
	}
	program, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		refuse(faults, p, path, "policy.expression", 1, 1, err.Error())
		return nil
	}
	return &condition{predicate: p, program: program, reason: reason, logic: readLogic(checked.NativeRep().Expr(), d)}
}

func refuse(faults *kernel.Faults, p Predicate, path, code string, line, column int, message string) {
	faults.Add(path+".expression", code, kernel.T("第 %[1]s 条的条件式，第 %[2]d 行第 %[3]d 列：%[4]s", "Condition of clause %[1]s, line %[2]d, column %[3]d: %[4]s", p.Clause, line, column, message))
}

// soundArithmetic refuses reckoning inside expressions: amounts belong into
// rates, bands and caps, where they are traced and rounded by the policy.
func soundArithmetic(checked *cel.Ast, p Predicate, path string, faults *kernel.Faults) bool {
	native, sound := checked.NativeRep(), true
	ast.PostOrderVisit(native.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if !sound || !reckons(native, e) {
			return
		}
		sound = false
		at := native.SourceInfo().GetStartLocation(e.ID())
		refuse(faults, p, path, "policy.expression_arithmetic", at.Line(), at.Column()+1, "conditions compare; they do not reckon, and know no fractions")
	}))
	return sound
}

func reckons(native *ast.AST, e ast.Expr) bool {
	if native.GetType(e.ID()).IsExactType(types.DoubleType) {
		return true
	}
	if e.Kind() != ast.CallKind {
		return false
	}
	switch e.AsCall().FunctionName() {
	case operators.Subtract, operators.Multiply, operators.Divide, operators.Modulo:
		return true
	case operators.Add: // the macros of lists add to a hidden accumulator
		first := e.AsCall().Args()[0]
		hidden := first.Kind() == ast.IdentKind && first.AsIdent()[0] == '@'
		return !hidden && native.GetType(e.ID()).IsExactType(types.IntType)
	default:
		return false
	}
}

func affordable(env *cel.Env, checked *cel.Ast, p Predicate, path string, faults *kernel.Faults) bool {
	estimate, err := env.EstimateCost(checked, sizes{})
	if err == nil && estimate.Max <= MaxCost {
		return true
	}
	refuse(faults, p, path, "policy.expression_cost", 1, 1, fmt.Sprintf("too costly: up to %d units, %d allowed", estimate.Max, MaxCost))
	return false
}

// sizes tells the estimator how large facts can be.
type sizes struct{}

func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	switch n.Type().Kind() {
	case types.ListKind:
		return &cost.SizeEstimate{Max: MaxLines}
	case types.StringKind:
		return &cost.SizeEstimate{Max: maxFactBytes}
	default:
		return nil
	}
}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// test evaluates the condition. An expression that goes wrong on some facts
// counts as not met, with the fault as reason: money is never granted by error.
func (c *condition) test(v *view) Finding {
	v.missing = v.missing[:0]
	finding := Finding{Clause: c.predicate.Clause, Rule: c.predicate.Rule}
	out, _, err := c.program.Eval(v)
	switch {
	case err != nil:
		finding.Reason = both("条件无法判断："+err.Error(), "The condition cannot be judged: "+err.Error())
		finding.Remedy = c.predicate.Remedy
	case out == types.True:
		finding.Passed = true
	case types.IsUnknown(out) && v.beforeClaim():
		finding.Passed, finding.Reason = true, kernel.T("兑付时核验", "Checked at the claim")
	case types.IsUnknown(out):
		finding.ask(v.missing)
	default:
		c.explain(v, &finding)
	}
	return finding
}
