package documents

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yunhui/services/kernel"
)

// number admits what spreadsheets write, and no exponent that would make a
// number of a billion digits.
var number = regexp.MustCompile(`^[+-]?[0-9]{1,20}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?$`)

// parse reads a cell by its column's kind; flaw says, after the column's name,
// what is wrong. office is true for cells that an office program stored.
func parse(c Column, text string, office bool) (value any, flaw *kernel.Text) {
	switch c.Kind {
	case KindMoney:
		return parseMoney(text, office)
	case KindDate:
		return parseDate(text, office)
	case KindInt:
		return parseInt(text)
	default:
		return parseText(c, text)
	}
}

func says(zh, en string, args ...any) *kernel.Text {
	t := kernel.T(zh, en, args...)
	return &t
}

func parseText(c Column, text string) (any, *kernel.Text) {
	most := c.MaxChars
	if most == 0 {
		most = 500
	}
	switch {
	case utf8.RuneCountInString(text) > most:
		return nil, says("超过 %d 个字", "is longer than %d characters", most)
	case !utf8.ValidString(text) || kernel.Hidden(text):
		return nil, says("含有不可见字符", "contains invisible characters")
	}
	return text, nil
}

// parseMoney reads yuan exactly. An office program stores the float nearest to
// what was typed, so there a hair's breadth from a whole fen is that fen.
func parseMoney(text string, office bool) (any, *kernel.Text) {
	text = strings.TrimSuffix(strings.NewReplacer(",", "", "，", "", "¥", "", "￥", "", " ", "").Replace(text), "元")
	if !number.MatchString(text) {
		return nil, says("不是金额，应如 12345.67", "is not an amount of money like 12345.67")
	}
	yuan, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, says("不是金额，应如 12345.67", "is not an amount of money like 12345.67")
	}
	fen := yuan.Mul(yuan, big.NewRat(100, 1))
	whole := round(fen)
	off := new(big.Rat).Sub(fen, new(big.Rat).SetInt(whole))
	if off.Sign() != 0 && (!office || off.Abs(off).Cmp(big.NewRat(1, 1000)) > 0) {
		return nil, says("有不足一分的零头", "has a fraction of a fen")
	}
	if !whole.IsInt64() || kernel.Fen(whole.Int64()) > kernel.MaxFen || kernel.Fen(whole.Int64()) < -kernel.MaxFen {
		return nil, says("数额过大", "is too large")
	}
	return kernel.Fen(whole.Int64()), nil
}

// round returns the whole number nearest to r.
func round(r *big.Rat) *big.Int {
	twice := new(big.Int).Add(new(big.Int).Lsh(r.Num(), 1), r.Denom())
	return twice.Div(twice, new(big.Int).Lsh(r.Denom(), 1))
}

var dateForms = []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}

// parseDate reads a day as people write it, or as an office program counts it:
// in days since 1899-12-30.
func parseDate(text string, office bool) (any, *kernel.Text) {
	for _, form := range dateForms {
		if t, err := time.Parse(form, text); err == nil {
			return kernel.Date(t.Format(time.DateOnly)), nil
		}
	}
	if days, err := strconv.Atoi(text); office && err == nil && days > 20_000 && days < 80_000 {
		return kernel.Date(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format(time.DateOnly)), nil
	}
	return nil, says("不是日期，应如 2026-11-23", "is not a date like 2026-11-23")
}

func parseInt(text string) (any, *kernel.Text) {
	n, err := strconv.ParseInt(strings.NewReplacer(",", "", "，", "").Replace(text), 10, 64)
	if err != nil {
		return nil, says("不是整数", "is not a whole number")
	}
	return n, nil
}
