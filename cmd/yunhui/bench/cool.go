package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"yunhui/services/database"
)

// cool drops what the server keeps in memory of the tables, if the reading is to
// be a cold one. What the operating system keeps of the files stays: cold means that
// no row is where it is changed.
func (x *race) cool(ctx context.Context) error {
	if !x.chill {
		return nil
	}
	if x.city.store.Engine != database.MySQL {
		x.unchilled = "only MySQL's pages can be dropped"
		return nil
	}
	if err := x.drop(ctx); err != nil {
		x.unchilled = err.Error()
	}
	return ctx.Err()
}

// least is a buffer pool that holds next to nothing.
const least = 16 << 20

// drop shrinks the buffer pool to its least and lets it grow again.
func (x *race) drop(ctx context.Context) error {
	pool, err := x.city.store.Writer()
	if err != nil {
		return err
	}
	var size int64
	if err := pool.QueryRowContext(ctx, "SELECT @@innodb_buffer_pool_size").Scan(&size); err != nil {
		return err
	}
	for _, to := range []int64{least, size} {
		if _, err := pool.ExecContext(ctx, fmt.Sprintf("SET GLOBAL innodb_buffer_pool_size = %d", to)); err != nil {
			return err
		}
		for tries := 0; ; tries++ {
			var name, status string
			if err := pool.QueryRowContext(ctx, "SHOW STATUS LIKE 'Innodb_buffer_pool_resize_status'").Scan(&name, &status); err != nil {
				return err
			}
			if status == "" || strings.HasPrefix(status, "Completed") {
				break
			}
			if tries == 300 {
				return errors.New("the buffer pool keeps its size: " + status)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	return nil
}
