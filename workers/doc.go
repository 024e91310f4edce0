// Package workers is the night shift: it binds names of tasks to use cases and
// holds no rule of its own.
//
// # What happens to a piece of background work
//
//	use case ── queue.Send ──► outbox row, in the same transaction
//	relay    ── every 200 ms ─► takes due rows, hands their ids to Redis
//	worker   ──────────────► one transaction: row marked done + the bound use case
//
// A lost delivery is repeated after a minute, a failed one after a growing
// pause, and after twenty deliveries a row is given up as dead, which doctor and
// the metric yunhui_outbox_dead tell. Marking and effect commit together, so
// repeating is harmless.
//
// # How to add a task
//
// Give the room a function that takes (*database.Tx, queue.Delivery) and changes
// nothing but the transaction; what must happen outside the database it sends
// on as a further message. Bind it:
//
//	shift := workers.New(db, runtime)
//	shift.Tasks(workers.Task{Kind: "claim.check", Do: desk.Check})
//
// # How to add a duty
//
// A duty recurs, is run by one node at a time, and looks for itself what there
// is to do, a batch at a time, so that a run that was cut off goes on next time:
//
//	shift.Duties(workers.Duty{Name: "notices.close", Every: time.Minute, Do: desk.CloseNotices})
//
// # Starting and stopping
//
// Start is relay, server and duties, in the order that lets nothing arrive
// before somebody can handle it. A process that also serves stops so: not ready
// any more, Pause (no new work), front desk closed, Stop (work under way ends or
// is handed back), database closed.
package workers
