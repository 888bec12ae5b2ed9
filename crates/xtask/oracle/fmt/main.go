// Command fmt asks Go's own fmt package to print values of every type that templates have, under
// every verb and many flags, widths and precisions, and under malformed formats.
//
// Usage: go run main.go [-keep N] > fixtures/fmt/cases.jsonl
//
// Each line is {"format": …, "args": […], "out": …}. Texts that are not UTF-8 are {"hex": …}.
// An argument is null, or an array of its Go type and its value.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand"
	"os"
	"strconv"
	"time"
	"unicode/utf8"
)

type record struct {
	Format any   `json:"format"`
	Args   []any `json:"args"`
	Out    any   `json:"out"`
}

func text(s string) any {
	if utf8.ValidString(s) {
		return s
	}
	return map[string]string{"hex": hex.EncodeToString([]byte(s))}
}

// describe gives the description of a value.
func describe(value any) any {
	switch v := value.(type) {
	case nil:
		return nil
	case bool:
		return []any{"bool", v}
	case string:
		return []any{"string", text(v)}
	case int:
		return []any{"int", strconv.Itoa(v)}
	case int64:
		return []any{"int64", strconv.FormatInt(v, 10)}
	case uint8:
		return []any{"uint8", strconv.Itoa(int(v))}
	case uint64:
		return []any{"uint64", strconv.FormatUint(v, 10)}
	case time.Duration:
		return []any{"time.Duration", strconv.FormatInt(int64(v), 10)}
	case time.Month:
		return []any{"time.Month", strconv.Itoa(int(v))}
	case time.Weekday:
		return []any{"time.Weekday", strconv.Itoa(int(v))}
	case float64:
		return []any{"float64", strconv.FormatUint(math.Float64bits(v), 10)}
	case complex128:
		return []any{"complex128", describe(real(v)), describe(imag(v))}
	case []byte:
		return list("[]uint8", v == nil, v)
	case []any:
		return list("[]interface {}", v == nil, v)
	case []string:
		return list("[]string", v == nil, v)
	case []int:
		return list("[]int", v == nil, v)
	case map[string]any:
		return entries("map[string]interface {}", v == nil, v)
	case map[string]string:
		return entries("map[string]string", v == nil, v)
	}
	panic(fmt.Sprintf("no description for %T", value))
}

func list[T any](name string, isNil bool, items []T) any {
	if isNil {
		return []any{name, nil}
	}
	shown := []any{}
	for _, item := range items {
		shown = append(shown, describe(item))
	}
	return []any{name, shown}
}

func entries[T any](name string, isNil bool, items map[string]T) any {
	if isNil {
		return []any{name, nil}
	}
	shown := map[string]any{}
	for key, item := range items {
		shown[key] = describe(item)
	}
	return []any{name, shown}
}

var values = []any{
	nil, true, false,
	0, 5, -3, 65, 127, 0x1f600, 1234567, math.MaxInt64, math.MinInt64, 0xd800, 0x10ffff, 0x200b,
	int64(42), int64(-1), uint8(0), uint8(200), uint64(math.MaxUint64), uint64(7),
	time.Duration(0), 90 * time.Second, 1500 * time.Microsecond, -time.Hour - 5,
	time.March, time.Month(13), time.Sunday, time.Weekday(9),
	0.0, math.Copysign(0, -1), 1.0, -1.5, 2.5, 1e6, 1234567.0, 123456789.0, 1e20, 1e21, 1e22, 1e-7, 0.1, 100000.0,
	math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 3.0, 12345678.9, 0.000123,
	1i, 2.5 - 3i, complex(math.NaN(), math.Inf(1)), complex(0, 0), complex(1e6, -0.5),
	"", "abc", "a\"b'c`d", "héllo 日本", "line\nbreak\t", "\xff\xe2\x82x", "\u200b\U0001f600\x00", "100%", "it's",
	[]byte(nil), []byte{}, []byte("hi"), []byte{0, 255, 10}, []byte("a`é"),
	[]any(nil), []any{}, []any{1, "two", nil, 2.5, true, int64(3)},
	[]any{[]any{1, []any{"x"}}, map[string]any{"k": []string{"v"}}, time.Second, []byte("by")},
	[]any{map[string]any(nil), []any(nil), uint8(3), 1i, time.May},
	[]string(nil), []string{}, []string{"a", "b c", ""}, []int{1, -2, 3}, []int{},
	map[string]any(nil), map[string]any{}, map[string]any{"b": 2, "a": 1.5, "": nil, "é": "x"},
	map[string]any{"z": map[string]any{"n": []any{"q", 1}}, "y": []byte{1, 2}, "d": time.Minute},
	map[string]string{"k": "v", "j": "w\n"}, map[string]string(nil),
}

var (
	verbs      = []string{"v", "T", "t", "b", "c", "d", "o", "O", "q", "x", "X", "U", "e", "E", "f", "F", "g", "G", "s", "w", "z", "é"}
	flags      = []string{"", "+", "-", "#", "0", " ", "+0", "-0", "0-", "#0", "# ", "+#", " 0", "+ ", "#+0", "# 0", "-#", "- "}
	widths     = []string{"", "3", "12"}
	precisions = []string{"", ".", ".0", ".1", ".3", ".10", ".20"}
)

var pieces = []string{
	"%", "%", "%", "*", "[", "]", "[1]", "[2]", "[3]", "[0]", "[x]", "[-1]", "[]", "1", "2", "03", ".", "+", "-", "#", " ", "0",
	"v", "d", "s", "q", "x", "T", "!", "é", "\xff", "abc", "9999999", "%%", "%[2]*[1]d", "%.*f", "%*d", "%[1]", "%[3]*.[2]*[1]f", "w", "\n",
}

func main() {
	keep := flag.Int("keep", 100, "print one of so many systematic cases")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	emit := func(format string, args ...any) {
		shown := []any{}
		for _, value := range args {
			shown = append(shown, describe(value))
		}
		printed := fmt.Sprintf(format, args...)
		if len(printed) > 2000 {
			return
		}
		line := record{text(format), shown, text(printed)}
		if err := encoder.Encode(line); err != nil {
			panic(err)
		}
	}
	random := rand.New(rand.NewSource(7))
	for _, value := range values {
		emit("%v|%+v|%#v|%T|%s|%d|%x|%q", value, value, value, value, value, value, value, value)
	}
	for _, value := range values {
		for _, verb := range verbs {
			for _, flag := range flags {
				for _, width := range widths {
					for _, precision := range precisions {
						if random.Intn(*keep) == 0 {
							emit("%"+flag+width+precision+verb, value)
						}
					}
				}
			}
		}
	}
	for range 100000 / *keep {
		format := ""
		for range random.Intn(6) {
			format += pieces[random.Intn(len(pieces))]
		}
		args := []any{}
		for range random.Intn(4) {
			args = append(args, values[random.Intn(len(values))])
		}
		emit(format, args...)
	}
	for range 10000 / *keep {
		args := []any{}
		for range random.Intn(5) {
			args = append(args, values[random.Intn(len(values))])
		}
		shown := []any{}
		for _, value := range args {
			shown = append(shown, describe(value))
		}
		for format, printed := range map[string]string{"print": fmt.Sprint(args...), "println": fmt.Sprintln(args...)} {
			_ = encoder.Encode(map[string]any{"call": format, "args": shown, "out": text(printed)})
		}
	}
}
