// Command gotmpl asks Go's own text/template, with sprig's and Helm's functions, what templates give.
//
// Usage: gotmpl WORLD.json, then a line of JSON {"tpl": …} for each template on standard input; a line of JSON {"out": …} or
// {"err": …, "helm": …} is the answer. Text that is not UTF-8 goes as base 64 in "tpl_b64" and "out_b64".
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"
	_ "unsafe"

	ci "helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
)

//go:linkname initFunMap helm.sh/helm/v4/pkg/engine.Engine.initFunMap
func initFunMap(e engine.Engine, ctx context.Context, t *template.Template)

//go:linkname allTemplates helm.sh/helm/v4/pkg/engine.allTemplates
func allTemplates(c ci.Charter, vals common.Values) map[string]renderable

//go:linkname reformatExecErrorMsg helm.sh/helm/v4/pkg/engine.reformatExecErrorMsg
func reformatExecErrorMsg(filename string, err error) error

//go:linkname cleanupParseError helm.sh/helm/v4/pkg/engine.cleanupParseError
func cleanupParseError(filename string, err error) error

// renderable is laid out as the engine's.
type renderable struct {
	tpl      string
	vals     common.Values
	basePath string
}

const (
	name     = "c/templates/t.txt"
	longest  = 1 << 20
	patience = 20 * time.Second
)

// world is what templates see: it never changes.
type world struct {
	Chart  *chart.Metadata
	Values json.RawMessage
	// Int64 are numbers that --set would give.
	Int64 map[string]int64
	Files map[string]string
}

type request struct {
	Tpl    *string `json:"tpl"`
	TplB64 string  `json:"tpl_b64"`
}

type answer struct {
	Out    *string `json:"out,omitempty"`
	OutB64 string  `json:"out_b64,omitempty"`
	Err    string  `json:"err,omitempty"`
	ErrB64 string  `json:"err_b64,omitempty"`
	Helm   string  `json:"helm,omitempty"`
	Skip   string  `json:"skip,omitempty"`
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	check(err)
	var w world
	check(json.Unmarshal(data, &w))
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		var r request
		check(json.Unmarshal(line, &r))
		check(encoder.Encode(answerTo(&w, r.source())))
		check(out.Flush())
	}
}

func (r request) source() string {
	if r.Tpl != nil {
		return *r.Tpl
	}
	text, err := base64.StdEncoding.DecodeString(r.TplB64)
	check(err)
	return string(text)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func answerTo(w *world, source string) answer {
	done := make(chan answer, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- answer{Skip: fmt.Sprintf("panic: %v", r)}
			}
		}()
		done <- render(w, source)
	}()
	select {
	case a := <-done:
		return a
	case <-time.After(patience):
		return answer{Skip: "too slow"}
	}
}

func render(w *world, source string) answer {
	t := template.New("gotpl").Option("missingkey=zero")
	initFunMap(engine.Engine{}, context.Background(), t)
	if _, err := t.New(name).Parse(source); err != nil {
		return failure(err, cleanupParseError(name, err))
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, name, w.dot(source)); err != nil {
		return failure(err, reformatExecErrorMsg(name, err))
	}
	if out.Len() > longest {
		return answer{Skip: "too long"}
	}
	if text := out.String(); utf8.ValidString(text) {
		return answer{Out: &text}
	}
	return answer{OutB64: base64.StdEncoding.EncodeToString(out.Bytes())}
}

func failure(err, helm error) answer {
	text := strings.NewReplacer("HELM_ERR_START", "", "HELM_ERR_END", "").Replace(err.Error())
	if !utf8.ValidString(text) {
		return answer{ErrB64: base64.StdEncoding.EncodeToString([]byte(text))}
	}
	a := answer{Err: text}
	if utf8.ValidString(helm.Error()) {
		a.Helm = helm.Error()
	}
	return a
}

// dot is what Helm's engine would run the template with.
func (w *world) dot(source string) common.Values {
	values := map[string]any{}
	check(json.Unmarshal(w.Values, &values))
	for key, number := range w.Int64 {
		values[key] = number
	}
	c := &chart.Chart{Metadata: w.Chart, Templates: []*common.File{{Name: "templates/t.txt", Data: []byte(source)}}}
	for _, file := range sorted(w.Files) {
		c.Files = append(c.Files, &common.File{Name: file, Data: []byte(w.Files[file])})
	}
	caps := *common.DefaultCapabilities
	version, err := common.ParseKubeVersion("v1.33.4")
	check(err)
	caps.KubeVersion = *version
	release := common.ReleaseOptions{Name: "r", Namespace: "ns", Revision: 1, IsInstall: true}
	top, err := util.ToRenderValues(c, values, release, &caps)
	check(err)
	one := allTemplates(c, top)[name]
	one.vals["Template"] = common.Values{"Name": name, "BasePath": one.basePath}
	return one.vals
}

func sorted(files map[string]string) []string {
	var names []string
	for file := range files {
		names = append(names, file)
	}
	sort.Strings(names)
	return names
}
