package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Options name a bucket of an S3-compatible store.
type S3Options struct {
	Endpoint  string // host:port
	Insecure  bool   // plain HTTP
	Region    string // must be said: looking it up is what compatible stores do differently
	Bucket    string // exists already
	Prefix    string // before every key, as in "evidence/"
	AccessKey string
	SecretKey string
	Transport http.RoundTripper // for a private certificate authority or a proxy; default: the ordinary one
}

// S3 keeps content in a bucket.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

var _ Store = (*S3)(nil)

// OpenS3 makes the store; it does not connect.
func OpenS3(o S3Options) (*S3, error) {
	if o.Region == "" || o.Bucket == "" {
		return nil, errors.New("file store: the region and the bucket must be named")
	}
	client, err := minio.New(o.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(o.AccessKey, o.SecretKey, ""), Secure: !o.Insecure, Region: o.Region, Transport: o.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("file store: %w", err)
	}
	return &S3{client: client, bucket: o.Bucket, prefix: o.Prefix}, nil
}

// Put implements Store. It sends one request with an MD5, which every
// compatible store knows; newer checksums some refuse.
func (s *S3) Put(ctx context.Context, key string, content io.Reader, size int64) error {
	if !isDigest(key) {
		return fmt.Errorf("%q is no key of the file store", key)
	}
	if there, err := s.Has(ctx, key); err != nil || there {
		return err
	}
	_, err := s.client.PutObject(ctx, s.bucket, s.prefix+key, content, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true, SendContentMd5: true,
	})
	if err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	return nil
}

// Open implements Store.
func (s *S3) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if !isDigest(key) {
		return nil, fmt.Errorf("%q is no key of the file store", key)
	}
	object, err := s.client.GetObject(ctx, s.bucket, s.prefix+key, minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	if _, err := object.Stat(); err != nil {
		if missing(err) {
			err = ErrMissing
		}
		return nil, errors.Join(err, object.Close())
	}
	return object, nil
}

// Has implements Store.
func (s *S3) Has(ctx context.Context, key string) (bool, error) {
	if !isDigest(key) {
		return false, fmt.Errorf("%q is no key of the file store", key)
	}
	_, err := s.client.StatObject(ctx, s.bucket, s.prefix+key, minio.StatObjectOptions{})
	if missing(err) {
		return false, nil
	}
	return err == nil, err
}

// Remove implements Store.
func (s *S3) Remove(ctx context.Context, key string) error {
	if !isDigest(key) {
		return fmt.Errorf("%q is no key of the file store", key)
	}
	err := s.client.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{})
	if missing(err) {
		return nil
	}
	return err
}

// Ping implements Store: it writes and removes an object.
func (s *S3) Ping(ctx context.Context) error {
	probe := strings.Repeat("0", 64)
	_, err := s.client.PutObject(ctx, s.bucket, s.prefix+probe, strings.NewReader("ping"), 4, minio.PutObjectOptions{DisableMultipart: true, SendContentMd5: true})
	return errors.Join(err, s.Remove(ctx, probe))
}

func missing(err error) bool { return err != nil && minio.ToErrorResponse(err).Code == minio.NoSuchKey }
