package kernel

// Breach is one place where stored data breaks a law of the house.
type Breach struct {
	Law    string // the law's name: "conservation", "double entry", "budget", "once", "four eyes", "explained", "nothing lost", "recorded"
	Object string // what is broken, e.g. "claim 0190…"
	Detail string
}
