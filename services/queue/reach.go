package queue

import (
	"context"
	"errors"
)

// Reach checks that the Redis of an address answers, without starting anything.
// An empty address is the embedded one, which is always there.
func Reach(ctx context.Context, address string) (err error) {
	if address == "" {
		return nil
	}
	client, err := dial(address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	return client.Ping(ctx).Err()
}
