package registry_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var goodCodes = []string{
	"9150000020286320X6", "914403001922038216", "9144030071526726XG", "91440300708461136T",
	"91330100799655058B", "91330100716105852F", "91520900MA6J6CBN9Q", "91110000802100433B",
	"91440300192241158P", "11500383009336512R", "11500105768865765W",
	// fictional ones for demonstration
	"91500103MAAY4CL12J", "91500105MA2TH3BJ3Q", "91500112MA1XG61259",
	"91500107MADD272H40", "91500151MAD1TJ3Y9K", "91500230MA7LLJY1X2",
}

func TestRealAndFictionalCodesPass(t *testing.T) {
	t.Parallel()
	for _, code := range goodCodes {
		if err := registry.CheckCreditCode(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestBadCodesAreRefusedWithTheirCode(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, code, want string
		overridable      bool
	}{
		{"empty", "", registry.CodeCreditLength, false},
		{"one short", "91440300708461136", registry.CodeCreditLength, false},
		{"one long", "91440300708461136T0", registry.CodeCreditLength, false},
		{"a letter the standard leaves out", "9150000020286320I6", registry.CodeCreditAlphabet, false},
		{"lower case is not normalised", "9150000020286320x6", registry.CodeCreditAlphabet, false},
		{"eighteen characters of Chinese", strings.Repeat("云", 18), registry.CodeCreditAlphabet, false},
		{"broken UTF-8", "9150000020286320X\xff", registry.CodeCreditAlphabet, false},
		{"circulating fake, should be P", "91440300708486197T", registry.CodeCreditCheckDigit, true},
		{"circulating fake, should be Q", "91440300MA5F2M3G8N", registry.CodeCreditCheckDigit, true},
		{"circulating fake, should be J", "91110108717809965C", registry.CodeCreditCheckDigit, true},
		{"last character", "9150000020286320X7", registry.CodeCreditCheckDigit, true},
		{"last character fits, inner check does not", "915000002028632098", registry.CodeCreditOrganisation, true},
		{"lawful pilot code 1", "91350100M0001TGQXM", "", true},
		{"lawful pilot code 2", "91350211M0000XUF46", "", true},
		{"lawful pilot code 3", "91350203M0001FUE2P", "", true},
		{"lawful pilot code 4", "91350203M0001QAY9B", "", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := kernel.AsError(registry.CheckCreditCode(c.code))
			if e == nil {
				t.Fatal("passed")
			}
			if c.want != "" && e.Code != c.want {
				t.Errorf("code %s, want %s", e.Code, c.want)
			}
			if e.Kind != kernel.KindInvalid || e.Message.ZH == "" || e.Message.EN == "" {
				t.Errorf("not a user's error in both languages: %+v", e)
			}
			if got := registry.CreditCodeOverridable(e); got != c.overridable {
				t.Errorf("overridable %v", got)
			}
		})
	}
	if registry.CreditCodeOverridable(nil) {
		t.Error("no error needs no override")
	}
}

func TestFakesAreToldTheComputedCharacter(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"91440300708486197T": "“P”", "91440300MA5F2M3G8N": "“Q”", "91110108717809965C": "“J”",
	} {
		e := kernel.AsError(registry.CheckCreditCode(code))
		if e == nil || e.Code != registry.CodeCreditCheckDigit || !strings.Contains(e.Message.ZH, want) {
			t.Errorf("%s: %v, want a check digit of %s", code, e, want)
		}
	}
}

func TestEverySingleCharacterChangeIsCaught(t *testing.T) {
	t.Parallel()
	for _, code := range goodCodes {
		for i := range code {
			for _, r := range alphabet {
				changed := code[:i] + string(r) + code[i+1:]
				if changed != code && registry.CheckCreditCode(changed) == nil {
					t.Fatalf("%s passed for %s", changed, code)
				}
			}
		}
	}
}

func TestMadeCodesPassAndTheirSwapsOfNeighboursFail(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(n int, label string) string {
			return rapid.StringOfN(rapid.SampledFrom([]rune(alphabet)), n, n, -1).Draw(t, label)
		}
		code, err := registry.MakeCreditCode(draw(2, "prefix"), draw(6, "region"), draw(8, "organisation"))
		if err != nil {
			t.Fatal(err)
		}
		if err := registry.CheckCreditCode(code); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		i := rapid.IntRange(0, 16).Draw(t, "place")
		swapped := code[:i] + string(code[i+1]) + string(code[i]) + code[i+2:]
		if swapped != code && registry.CheckCreditCode(swapped) == nil {
			t.Fatalf("%s passed for %s", swapped, code)
		}
	})
}

func TestMakeRebuildsTheFictionalCodes(t *testing.T) {
	t.Parallel()
	for _, code := range goodCodes {
		got, err := registry.MakeCreditCode(code[:2], code[2:8], code[8:16])
		if err != nil || got != code {
			t.Errorf("%s, %v; want %s", got, err, code)
		}
	}
	for _, bad := range [][3]string{{"9", "500103", "MAAY4CL1"}, {"91", "50010", "MAAY4CL1"}, {"91", "500103", "MAAY4CL"}, {"91", "500103", "MAAY4CLO"}, {"91", "50010三", "MAAY4CL1"}} {
		if code, err := registry.MakeCreditCode(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%v made %s", bad, code)
		}
	}
}

func TestNormalisingMendsWhatPeoplePaste(t *testing.T) {
	t.Parallel()
	const want = "9150000020286320X6"
	for _, typed := range []string{
		want, "9150000020286320x6", " 9150000020286320X6\n", "91500000 2028 6320 X6",
		"９１５００００020286320Ｘ6", "9150000020286320ｘ６", "91500000-20286320-X6", "\u200b9150000020286320X6\ufeff", "9150000020286320\u3000X6",
	} {
		if got := registry.NormalizeCreditCode(typed); got != want {
			t.Errorf("%q became %q", typed, got)
		}
	}
}

func TestNormalisingTwiceIsNormalisingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := registry.NormalizeCreditCode(rapid.String().Draw(t, "typed"))
		if twice := registry.NormalizeCreditCode(once); twice != once {
			t.Fatalf("%q became %q", once, twice)
		}
	})
}
