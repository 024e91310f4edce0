package workers

import (
	"time"

	"yunhui/subsidies/simulation"
)

// Simulations binds the runs that officers ask for, and the sweeping of old ones.
func (s *Shift) Simulations(d *simulation.Desk, r *simulation.Runner) {
	s.Tasks(Task{Kind: simulation.RunDue, Do: r.Take})
	s.Duties(Duty{Name: "simulations.sweep", Every: 10 * time.Minute, Do: d.Sweep})
}
