package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/settings"
)

func write(t *testing.T, yaml string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "yunhui.yaml")
	require.NoError(t, os.WriteFile(path, []byte(yaml), 0o600))
	return path
}

func TestDefaultsNeedNothing(t *testing.T) {
	t.Parallel()
	s, err := settings.Load("", []string{"HOME=/root", "YUNHUI_TEST_DATABASE=mysql://x", "YUNHUIX=1"})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", s.Listen)
	require.Equal(t, "sqlite://data/yunhui.db", s.Database)
	require.True(t, s.Embedded())
	require.False(t, s.Demo)
	require.Empty(t, s.Proxies())
	require.Equal(t, "http://127.0.0.1:8080", s.BaseURL())
	require.Equal(t, filepath.Join("data", "files"), s.Path("files"))
}

func TestEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	t.Parallel()
	path := write(t, "listen: 0.0.0.0:80\npublic_url: https://file.example\ntrusted_proxies: [10.0.0.0/8]\nlog:\n  level: debug\n")
	s, err := settings.Load(path, []string{
		"YUNHUI_PUBLIC_URL=https://yunhui.example/", "YUNHUI_DEMO=true",
		"YUNHUI_TRUSTED_PROXIES=192.0.2.1, 2001:db8::/32", "YUNHUI_LOG_FORMAT=text",
	})
	require.NoError(t, err)
	require.Equal(t, "0.0.0.0:80", s.Listen)
	require.Equal(t, "https://yunhui.example", s.BaseURL())
	require.True(t, s.Demo)
	require.Equal(t, settings.Log{Level: "debug", Format: "text"}, s.Log)
	require.Len(t, s.Proxies(), 2)
	require.Equal(t, "192.0.2.1/32", s.Proxies()[0].String())

	from := map[string]settings.Source{}
	for _, e := range s.Masked() {
		from[e.Key] = e.Source
	}
	require.Equal(t, settings.FromDefault, from["database"])
	require.Equal(t, settings.FromFile, from["listen"])
	require.Equal(t, settings.FromEnvironment, from["public_url"])
}

func TestEveryUnknownKeyIsNamed(t *testing.T) {
	t.Parallel()
	path := write(t, "listn: x\nlog:\n  colour: red\n")
	_, err := settings.Load(path, []string{"YUNHUI_DATABSE=sqlite://x", "YUNHUI_NO=1"})
	for _, name := range []string{`"listn"`, `"log.colour"`, "YUNHUI_DATABSE", "YUNHUI_NO"} {
		require.ErrorContains(t, err, name)
	}
	_, err = settings.Load(filepath.Join(t.TempDir(), "absent.yaml"), nil)
	require.ErrorContains(t, err, "absent.yaml")
}

func TestEveryImpossibleValueIsNamed(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"YUNHUI_LISTEN": "8080", "YUNHUI_DATABASE": "postgres://x", "YUNHUI_REDIS": "localhost:6379", "YUNHUI_DATA": "",
		"YUNHUI_PUBLIC_URL": "https://example.com/sub", "YUNHUI_TRUSTED_PROXIES": "10.0.0.0/8,nonsense",
		"YUNHUI_LOG_LEVEL": "loud", "YUNHUI_LOG_FORMAT": "xml",
	}
	var environ []string
	for name, value := range cases {
		environ = append(environ, name+"="+value)
	}
	_, err := settings.Load("", environ)
	require.Error(t, err)
	for name := range cases {
		require.ErrorContains(t, err, name)
	}
	_, err = settings.Load("", []string{"YUNHUI_DEMO=perhaps"})
	require.ErrorContains(t, err, "demo")
}

func TestMaskedShowsNoSecret(t *testing.T) {
	t.Parallel()
	s, err := settings.Load("", []string{
		"YUNHUI_DATABASE=mysql://yunhui:hunter2@db:3306/yunhui?tls=true",
		"YUNHUI_REDIS=redis-sentinel://:s3cret@a:26379,b:26379/main?sentinel_password=0ther",
	})
	require.NoError(t, err)
	var shown strings.Builder
	for _, e := range s.Masked() {
		shown.WriteString(e.Key + "=" + e.Value + "\n")
	}
	for _, secret := range []string{"hunter2", "s3cret", "0ther"} {
		require.NotContains(t, shown.String(), secret)
	}
	require.Contains(t, shown.String(), "database=mysql://yunhui:******@db:3306/yunhui?tls=true")
}

func TestTheMasterKeyIsTakenAndNeverShown(t *testing.T) {
	t.Parallel()
	s, err := settings.Load("", []string{"YUNHUI_MASTER_KEY=c2VjcmV0"})
	require.NoError(t, err)
	require.Equal(t, "c2VjcmV0", s.MasterKey)
	for _, e := range s.Masked() {
		require.NotContains(t, e.Value, "c2VjcmV0")
	}
}
