package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"yunhui/services/kernel"
)

// bus is the way through Redis: asynq's client and server on one connection pool.
type bus struct {
	o        Options
	redis    redis.UniversalClient
	client   *asynq.Client
	server   *asynq.Server
	embedded *embedded // nil on a real Redis
}

func connect(ctx, working context.Context, o Options) (*bus, error) {
	b := &bus{o: o}
	var err error
	if o.Redis == "" {
		if b.embedded, err = startEmbedded(); err != nil {
			return nil, err
		}
		b.redis = b.embedded.client()
	} else if b.redis, err = dial(o.Redis); err != nil {
		return nil, err
	}
	if err := b.redis.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("redis does not answer: %w", err), b.close())
	}
	b.client = asynq.NewClientFromRedisClient(b.redis)
	b.server = asynq.NewServerFromRedisClient(b.redis, asynq.Config{
		Concurrency:              o.Workers,
		Queues:                   map[string]int{o.Name: 1},
		BaseContext:              func() context.Context { return working },
		TaskCheckInterval:        o.Poll,
		DelayedTaskCheckInterval: 5 * time.Second,
		ShutdownTimeout:          10 * time.Second,
		RetryDelayFunc:           func(int, error, *asynq.Task) time.Duration { return 5 * time.Second },
		Logger:                   asynqLog{o.Log},
		LogLevel:                 asynq.WarnLevel,
	})
	return b, nil
}

// dial reads the address of a real Redis. asynq's own parser knows sentinels
// but drops the user's name, so plain addresses go to go-redis.
func dial(address string) (redis.UniversalClient, error) {
	if strings.HasPrefix(address, "redis-sentinel://") {
		o, err := asynq.ParseRedisURI(address)
		if err != nil {
			return nil, errors.New("address must look like redis-sentinel://:password@host:port,host:port?master=name")
		}
		client, ok := o.MakeRedisClient().(redis.UniversalClient)
		if !ok {
			return nil, errors.New("this kind of redis address cannot be used")
		}
		return client, nil
	}
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("address must look like redis://user:password@host:port/number")
	}
	return redis.NewClient(o), nil
}

func (b *bus) serve(process func(ctx context.Context, id kernel.ID) error) error {
	return b.server.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		return process(ctx, kernel.ID(t.Payload()))
	}))
}

// enqueue hands one delivery over. A delivery that is there already is no error.
//
// asynq's own retry is for the case that a handler's failure could not even be
// noted in the outbox; all else is the outbox's to repeat. The timeout ends
// before the next delivery begins, and nothing is retained.
func (b *bus) enqueue(ctx context.Context, d taken) error {
	_, err := b.client.EnqueueContext(ctx, asynq.NewTask(d.Kind, []byte(d.ID)),
		asynq.Queue(b.o.Name),
		asynq.TaskID(fmt.Sprintf("%s-%d", d.ID, d.Deliveries)),
		asynq.MaxRetry(1),
		asynq.Timeout(b.o.Redelivery*5/6),
		asynq.Retention(0),
	)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	return err
}

// waiting counts the deliveries that no worker has begun. asynq's inspector
// would refuse a queue whose registration a flush has wiped, so the list is asked.
func (b *bus) waiting(ctx context.Context) (int64, error) {
	return b.redis.LLen(ctx, "asynq:{"+b.o.Name+"}:pending").Result()
}

func (b *bus) shutdown() { b.server.Shutdown() }

func (b *bus) close() error {
	err := b.redis.Close()
	if b.embedded != nil {
		b.embedded.stop()
	}
	return err
}

// asynqLog passes asynq's words on.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.log.Debug("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.log.Info("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.log.Warn("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.log.Error("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Fatal(args ...any) { l.log.Error("asynq: " + fmt.Sprint(args...)) }
