package crypto_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/crypto"
)

func TestPasswordsFitOnlyThemselves(t *testing.T) {
	t.Parallel()
	p := crypto.NewPasswords(crypto.TestCost)
	rapid.Check(t, func(t *rapid.T) {
		password, other := rapid.String().Draw(t, "password"), rapid.String().Draw(t, "other")
		stored, err := p.Hash(context.Background(), password)
		require.NoError(t, err)
		fits, outdated, err := p.Verify(context.Background(), stored, password)
		require.NoError(t, err)
		require.True(t, fits)
		require.False(t, outdated)
		fits, _, err = p.Verify(context.Background(), stored, other)
		require.NoError(t, err)
		require.Equal(t, password == other, fits)
	})
}

func TestHashOfAnotherCostIsOutdated(t *testing.T) {
	t.Parallel()
	cheap := crypto.NewPasswords(crypto.TestCost)
	dear := crypto.NewPasswords(crypto.PasswordCost{MemoryKiB: 128, Passes: 2, Lanes: 1})
	stored, err := cheap.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(stored, "$argon2id$v=19$m=64,t=1,p=1$"), stored)
	fits, outdated, err := dear.Verify(t.Context(), stored, "correct horse")
	require.NoError(t, err)
	require.True(t, fits && outdated)
	fits, outdated, err = dear.Verify(t.Context(), stored, "wrong")
	require.NoError(t, err)
	require.False(t, fits || outdated, "a hash is replaced only by its owner")
}

func TestStoredHashesThatAreNone(t *testing.T) {
	t.Parallel()
	p := crypto.NewPasswords(crypto.TestCost)
	good, err := p.Hash(t.Context(), "x")
	require.NoError(t, err)
	for name, bad := range map[string]string{
		"empty":         "",
		"bcrypt":        "$2a$10$abcdefghijklmnopqrstuv",
		"argon2i":       strings.Replace(good, "argon2id", "argon2i", 1),
		"version":       strings.Replace(good, "v=19", "v=16", 1),
		"huge memory":   strings.Replace(good, "m=64", "m=4294967295", 1),
		"endless":       strings.Replace(good, "t=1", "t=4000000", 1),
		"no lanes":      strings.Replace(good, "p=1", "p=0", 1),
		"truncated key": good[:len(good)-8],
		"no key":        good[:strings.LastIndex(good, "$")+1],
	} {
		fits, _, err := p.Verify(t.Context(), bad, "x")
		require.ErrorIs(t, err, crypto.ErrPasswordHash, name)
		require.False(t, fits, name)
	}
}

func TestWaitingForASlotEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := crypto.NewPasswords(crypto.TestCost)
	require.NoError(t, p.Waste(t.Context(), "anything"))
	for range 20 { // a free slot may win the draw against the ended context
		if _, err := p.Hash(ctx, "x"); err != nil {
			require.ErrorIs(t, err, context.Canceled)
			return
		}
	}
	t.Fatal("an ended caller was never turned away")
}

func TestSealedFieldsOpenOnlyInTheirPlace(t *testing.T) {
	t.Parallel()
	fields, err := crypto.ParseFields(crypto.NewMasterKey())
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 60, -1).Draw(t, "text")
		sealed, err := fields.Seal("organisations.account_number:1", text)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(sealed, "aes-gcm$"+fields.KeyID()+"$"))
		opened, err := fields.Open("organisations.account_number:1", sealed)
		require.NoError(t, err)
		require.Equal(t, text, opened)

		_, err = fields.Open("organisations.account_number:2", sealed)
		require.ErrorIs(t, err, crypto.ErrSealed)
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		if altered := sealed[:at] + "A" + sealed[at+1:]; altered != sealed {
			if got, err := fields.Open("organisations.account_number:1", altered); err == nil {
				require.Equal(t, text, got, "only unused bits of the last character may differ")
				require.Equal(t, len(sealed)-1, at)
			}
		}
	})
}

func TestSealingTwiceDiffersAndEmptyStaysEmpty(t *testing.T) {
	t.Parallel()
	fields, err := crypto.ParseFields(crypto.NewMasterKey())
	require.NoError(t, err)
	one, err := fields.Seal("p", "6222000011112222")
	require.NoError(t, err)
	two, err := fields.Seal("p", "6222000011112222")
	require.NoError(t, err)
	require.NotEqual(t, one, two)
	none, err := fields.Seal("p", "")
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = fields.Open("p", "6222000011112222")
	require.ErrorIs(t, err, crypto.ErrSealed, "plain text is not taken for sealed")
	_, err = fields.Open("p", strings.Replace(one, "aes-gcm", "sm4-gcm", 1))
	require.ErrorContains(t, err, "sm4-gcm")
}

func TestANewKeyInFrontKeepsTheOldReadable(t *testing.T) {
	t.Parallel()
	oldKey, newKey := crypto.NewMasterKey(), crypto.NewMasterKey()
	before, err := crypto.ParseFields(oldKey)
	require.NoError(t, err)
	sealed, err := before.Seal("p", "secret")
	require.NoError(t, err)

	both, err := crypto.ParseFields(newKey + ",\n" + oldKey)
	require.NoError(t, err)
	opened, err := both.Open("p", sealed)
	require.NoError(t, err)
	require.Equal(t, "secret", opened)
	require.NotEqual(t, before.KeyID(), both.KeyID())

	alone, err := crypto.ParseFields(newKey)
	require.NoError(t, err)
	_, err = alone.Open("p", sealed)
	require.ErrorContains(t, err, before.KeyID(), "the missing key is named")
}

func TestMasterKeyFileIsMadeOnceForAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "master.key")
	ids := make([]string, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			f, err := crypto.OpenFields("", path)
			if err == nil {
				ids[i] = f.KeyID()
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		require.Equal(t, ids[0], id)
		require.NotEmpty(t, id)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "no drafts stay behind")
}

func TestMasterKeysThatAreNone(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", " \n", "password", "c2hvcnQ=", crypto.NewMasterKey() + " x"} {
		_, err := crypto.ParseFields(bad)
		require.Error(t, err, bad)
	}
	path := filepath.Join(t.TempDir(), "master.key")
	require.NoError(t, os.WriteFile(path, []byte("not a key"), 0o600))
	_, err := crypto.OpenFields("", path)
	require.ErrorContains(t, err, path)
	given, err := crypto.OpenFields(crypto.NewMasterKey(), path)
	require.NoError(t, err, "what is given as text beats the file")
	require.NotEmpty(t, given.KeyID())
}

func TestTokensAreLongAndTheirDigestsFixed(t *testing.T) {
	t.Parallel()
	require.Len(t, crypto.NewToken(), 43)
	one, other := crypto.NewToken(), crypto.NewToken()
	require.NotEqual(t, one, other)
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", crypto.Digest("abc"))
}
