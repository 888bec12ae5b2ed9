// Command dates asks Go's own time package to format, parse and shift times.
//
// Usage: go run main.go [-keep N] > fixtures/dates/cases.jsonl
//
// Each line has a "kind": format, parse, duration, date or round. Texts that are not UTF-8 are left out.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"math"
	"math/rand"
	"os"
	"time"
	"unicode/utf8"
)

var zones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Monrovia", "America/Sao_Paulo",
	"Asia/Tokyo", "Etc/GMT+5", "Europe/London", "Pacific/Apia", "America/St_Johns",
}

var layouts = []string{
	time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z, time.RFC3339,
	time.RFC3339Nano, time.Kitchen, time.Stamp, time.StampMilli, time.StampNano, time.DateTime, time.DateOnly, time.TimeOnly,
	"2006-01-02 15:04:05.999999999 -0700 MST", "02/01/06 3:4:5pm", "__2 002 _2 2", "Z07 Z0700 Z070000 Z07:00:00", "-07 -0700 -070000 -07:00:00",
	"05.000", "05,999", "5.0", "January Jan Janet Monday Mon Month", "_2006 20061", "2006-002", "2006 __2", "MST", "15h04m", "text only", "",
	"03:04:05 PM", "2006-01-02T15:04:05.000000Z07:00", "06-1-2", "Mon, 2 Jan 2006 15:04:05 MST", "2006.01.02 00", "1504", "20060102150405",
}

var pieces = []string{
	"2006", "06", "01", "1", "Jan", "January", "02", "2", "_2", "002", "__2", "15", "03", "3", "04", "4", "05", "5", "PM", "pm", "MST",
	"-0700", "-07:00", "Z07:00", "Z0700", "-07", "Z07", "-07:00:00", ".000", ".999", ",000", ".00", "Mon", "Monday", " ", "-", ":", "T", "/", "  ", "x",
}

var values = []string{
	"2024-02-29", "2024-02-30", "2023-02-29", "12", "1", "", "2024-13-01", "2024-02-29T13:14:15Z", "2024-02-29T13:14:15.123456789+02:00",
	"2024-02-29T13:14:15,5Z", "2024-02-29T25:14:15Z", "2024-02-29T13:14:15+25:00", "Thu Feb 29 13:14:15 2024", "Thu Feb 29 13:14:15 CET 2024",
	"Thu, 29 Feb 2024 13:14:15 GMT", "Thu, 29 Feb 2024 13:14:15 GMT+3", "29 Feb 24 13:14 CEST", "29 Feb 24 13:14 +0100", "3:04PM", "12:04AM", "13:04PM", "00:14AM",
	"2024-366", "2023-366", "2024-060", "2024 60", "2024-000", "x", "héllo", "13:14:15.5", "13:14:60", "29/02/24 1:2:3am", "UTC", "EST", "WITA", "ABCDEF", "+03", "-0330",
	"2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-03-10 02:30:00", "0001-01-01", "9999-12-31", "0000-01-01", "2024-07-01", "1900-01-01", "20240229131415",
}

type line map[string]any

func main() {
	keep := flag.Int("keep", 80, "print one of so many cases")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	random := rand.New(rand.NewSource(3))
	emit := func(l line) {
		for _, value := range l {
			if text, ok := value.(string); ok && !utf8.ValidString(text) {
				return
			}
		}
		if random.Intn(*keep) == 0 {
			_ = encoder.Encode(l)
		}
	}
	locations := map[string]*time.Location{}
	for _, name := range zones {
		location, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		locations[name] = location
	}
	times := []time.Time{time.Unix(0, 0), {}, time.Unix(1709212455, 123456789), time.Unix(1711846799, 0), time.Unix(1711846800, 5), time.Unix(-1e10, 999999999), time.Unix(1e11, 1000)}
	for range 300 {
		times = append(times, time.Unix(random.Int63n(6e9)-2.5e9, random.Int63n(1e9)), time.Unix(random.Int63n(3e11)-7e10, int64(random.Intn(1000))*1e6))
	}
	randomLayout := func() string {
		layout := ""
		for range 1 + random.Intn(6) {
			layout += pieces[random.Intn(len(pieces))]
		}
		return layout
	}
	for _, t := range times {
		for _, zone := range zones {
			shown := t.In(locations[zone])
			for _, layout := range append([]string{randomLayout(), randomLayout()}, layouts...) {
				emit(line{"kind": "format", "unix": t.Unix(), "nanos": t.Nanosecond(), "zone": zone, "layout": layout, "out": shown.Format(layout)})
			}
		}
	}
	parse := func(layout, value, zone string) {
		l := line{"kind": "parse", "layout": layout, "value": value, "zone": zone}
		if t, err := time.ParseInLocation(layout, value, locations[zone]); err != nil {
			l["err"] = err.Error()
		} else {
			l["out"], l["unix"] = t.String(), t.Unix()
		}
		emit(l)
	}
	for _, layout := range layouts {
		for _, value := range values {
			for _, zone := range zones[:4] {
				parse(layout, value, zone)
			}
		}
	}
	for range 20000 {
		layout := randomLayout()
		if random.Intn(2) == 0 {
			layout = layouts[random.Intn(len(layouts))]
		}
		zone := zones[random.Intn(len(zones))]
		value := times[random.Intn(len(times))].In(locations[zones[random.Intn(len(zones))]]).Format(layout)
		if random.Intn(3) == 0 && len(value) > 0 {
			at := random.Intn(len(value))
			value = value[:at] + string("0159 -+:.,aTZ"[random.Intn(13)]) + value[at+random.Intn(2):]
		}
		parse(layout, value, zone)
	}
	units := []string{"ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "", " ", "é", "\"", "\\", "\n"}
	numbers := []string{"1", "1.5", ".5", "5.", ".", "0", "-1", "+2", "9223372036854775807", "9223372036854775808", "0.1234567891234567891234", "100", "2562047", "1e3", "1_0"}
	for range 4000 {
		text := []string{"", "-", "+"}[random.Intn(3)]
		for range random.Intn(4) {
			text += numbers[random.Intn(len(numbers))] + units[random.Intn(len(units))]
		}
		l := line{"kind": "duration", "in": text}
		if d, err := time.ParseDuration(text); err != nil {
			l["err"] = err.Error()
		} else {
			l["out"] = d.String()
		}
		emit(l)
	}
	for range 4000 {
		t := times[random.Intn(len(times))].In(locations[zones[random.Intn(len(zones))]])
		y, m, d := random.Intn(400)-200, random.Intn(60)-30, random.Intn(1000)-500
		emit(line{"kind": "date", "unix": t.Unix(), "nanos": t.Nanosecond(), "zone": t.Location().String(), "shift": []int{y, m, d}, "out": t.AddDate(y, m, d).String()})
		a, b := time.Duration(random.Int63n(1e15)-5e14), time.Duration(random.Int63n(1e13)-1e11)
		if random.Intn(50) == 0 {
			a = math.MaxInt64 - a
		}
		emit(line{"kind": "round", "unix": t.Unix(), "nanos": t.Nanosecond(), "zone": t.Location().String(), "by": int64(b), "duration": int64(a),
			"round": t.Round(b).String(), "truncate": t.Truncate(b).String(), "durationRound": a.Round(b).String(), "durationTruncate": a.Truncate(b).String(), "add": t.Add(a).String()})
	}
}
