package identity

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// keyMemory is how long a key is used without looking at its row again, so that a
// row taken out of the table is forgotten by every node within that time.
const keyMemory = time.Minute

// keys are the signing keys of all nodes. A key signs for 30 days and verifies
// one day longer; so two are alive around a change. A node that meets a key it
// does not know looks it up.
type keys struct {
	db     *database.DB
	fields *crypto.Fields

	mu       sync.Mutex
	signing  signingKey
	verifies map[kernel.ID]verifyingKey
}

type signingKey struct {
	id      kernel.ID
	private ed25519.PrivateKey
	until   time.Time
	read    time.Time
}

type verifyingKey struct {
	public ed25519.PublicKey
	until  time.Time
	read   time.Time
}

func newKeys(db *database.DB, fields *crypto.Fields) *keys {
	return &keys{db: db, fields: fields, verifies: map[kernel.ID]verifyingKey{}}
}

// signer returns the newest key that still signs and makes one when there is none.
// Two nodes may make one each at the same time; both keys are good.
func (k *keys) signer(ctx context.Context) (signingKey, error) {
	now := k.db.Clock().Now()
	k.mu.Lock()
	known := k.signing
	k.mu.Unlock()
	if known.until.After(now) && now.Sub(known.read) < keyMemory {
		return known, nil
	}
	var rows []keyRow
	err := k.db.Read(ctx).Where("signs_until > ?", now).Order("signs_until DESC, id DESC").Limit(1).Find(&rows).Error
	if err != nil {
		return signingKey{}, fmt.Errorf("signing keys: %w", err)
	}
	if len(rows) == 0 {
		row, err := k.create(ctx)
		if err != nil {
			return signingKey{}, err
		}
		rows = append(rows, row)
	}
	seed, err := k.fields.Open(place(rows[0].ID), rows[0].PrivateKey)
	if err != nil {
		return signingKey{}, fmt.Errorf("signing key: %w", err)
	}
	raw, err := base64.RawStdEncoding.DecodeString(seed)
	if err != nil || len(raw) != ed25519.SeedSize {
		return signingKey{}, fmt.Errorf("signing key %s is malformed", rows[0].ID)
	}
	found := signingKey{id: rows[0].ID, private: ed25519.NewKeyFromSeed(raw), until: rows[0].SignsUntil, read: now}
	k.mu.Lock()
	k.signing = found
	k.mu.Unlock()
	return found, nil
}

func (k *keys) create(ctx context.Context) (keyRow, error) {
	return database.Do(unkept(ctx), k.db, "auth.signing_key", func(tx *database.Tx) (keyRow, error) {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return keyRow{}, err
		}
		id := kernel.NewID(tx.Now)
		sealed, err := k.fields.Seal(place(id), base64.RawStdEncoding.EncodeToString(private.Seed()))
		if err != nil {
			return keyRow{}, err
		}
		row := keyRow{
			ID: id, PublicKey: base64.RawStdEncoding.EncodeToString(public), PrivateKey: sealed, CreatedAt: tx.Now,
			SignsUntil: tx.Now.Add(signingLife), VerifiesUntil: tx.Now.Add(signingLife + verifyingTail),
		}
		return row, tx.Create(&row).Error
	})
}

// verifier finds the public key of an ID, when it still verifies.
func (k *keys) verifier(ctx context.Context, id kernel.ID) (ed25519.PublicKey, error) {
	now := k.db.Clock().Now()
	k.mu.Lock()
	known, ok := k.verifies[id]
	k.mu.Unlock()
	if !ok || now.Sub(known.read) >= keyMemory {
		var err error
		if known, err = k.load(ctx, id, now); err != nil {
			return nil, err
		}
	}
	if !known.until.After(now) {
		return nil, errUnknownKey
	}
	return known.public, nil
}

func (k *keys) load(ctx context.Context, id kernel.ID, now time.Time) (verifyingKey, error) {
	if !id.Valid() {
		return verifyingKey{}, errUnknownKey
	}
	var rows []keyRow
	err := k.db.Read(ctx).Select("id", "public_key", "verifies_until").Where("id = ? AND verifies_until > ?", id, now).Limit(1).Find(&rows).Error
	if err != nil {
		return verifyingKey{}, &keyReadError{err}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(rows) == 0 {
		delete(k.verifies, id)
		return verifyingKey{}, errUnknownKey
	}
	public, err := base64.RawStdEncoding.DecodeString(rows[0].PublicKey)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return verifyingKey{}, errUnknownKey
	}
	found := verifyingKey{public: public, until: rows[0].VerifiesUntil, read: now}
	k.verifies[id] = found
	return found, nil
}

func place(id kernel.ID) string { return "signing_keys.private_key:" + string(id) }
