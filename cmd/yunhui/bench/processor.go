package bench

import (
	"context"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"yunhui/services/database"
)

// tick is the unit of /proc, which Linux fixes for programs at a hundredth of a
// second.
const tick = 10 * time.Millisecond

// processor tells what a database server has spent on the processors, where that
// can be seen. On a machine that others use as well, time on the processors says
// more than the clock on the wall.
type processor struct{ server string }

// newProcessor finds the server's process by its own word; a server elsewhere,
// or one that does not tell, is left out.
func newProcessor(ctx context.Context, s *store) processor {
	if s == nil || s.Engine != database.MySQL {
		return processor{}
	}
	var name, file string
	if err := s.Read(ctx).Raw("SHOW VARIABLES LIKE 'pid_file'").Row().Scan(&name, &file); err != nil {
		return processor{}
	}
	pid, err := os.ReadFile(file)
	if err != nil {
		return processor{}
	}
	return processor{server: "/proc/" + strings.TrimSpace(string(pid)) + "/stat"}
}

// ownProcessor is what this process has spent.
func ownProcessor() time.Duration {
	var own syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &own) != nil {
		return 0
	}
	return time.Duration(own.Utime.Nano() + own.Stime.Nano())
}

func (p processor) ofServer() time.Duration {
	if p.server == "" {
		return 0
	}
	text, err := os.ReadFile(p.server)
	if err != nil {
		return 0
	}
	// The name in brackets may hold anything; user and system time are the
	// twelfth and thirteenth field behind it.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * tick
}
