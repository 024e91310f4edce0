package files

import (
	"path"
	"strings"
	"unicode/utf8"

	"yunhui/services/kernel"
)

// MaxName is the length of a name, in characters.
const MaxName = 120

// checkName returns the name without the spaces around it. A name keeps its
// characters, whatever the script, but hides none and names no folder.
func checkName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "" || strings.Trim(name, ".") == "":
		return "", badName(kernel.T("文件没有名称", "The file has no name"))
	case utf8.RuneCountInString(name) > MaxName:
		return "", badName(kernel.T("文件名超过 %d 个字", "The file name is longer than %d characters", MaxName))
	case !utf8.ValidString(name) || kernel.Hidden(name) || strings.ContainsAny(name, "\r\n\t"):
		return "", badName(kernel.T("文件名含有不可见字符", "The file name contains invisible characters"))
	case strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, "."):
		return "", badName(kernel.T("文件名不能含有斜杠，也不能以点开头", "A file name may not contain slashes or begin with a dot"))
	}
	return name, nil
}

func badName(why kernel.Text) error { return kernel.Invalid("file.name", why) }

func extension(name string) string { return strings.ToLower(path.Ext(name)) }
