// Command kubectl asks kubectl's own k8s.io/cli-runtime what it reads from texts of manifests.
//
// Usage: in a module that requires k8s.io/cli-runtime v0.37.1,
// go run main.go < fixtures/kubectl/answers.jsonl
//
// Each line of the input has a `name` and a `text`; the same line comes back with `objects`, each
// "apiVersion kind name", and `errors`.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"
)

type Row struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	for in.Scan() {
		var row Row
		json.Unmarshal(in.Bytes(), &row)
		fn := filepath.Join(os.TempDir(), "kubectl-oracle.yaml")
		os.WriteFile(fn, []byte(row.Text), 0o644)
		out := map[string]any{"name": row.Name, "text": row.Text}
		objs := []string{}
		errs := []string{}
		b := resource.NewLocalBuilder().Unstructured().Local().ContinueOnError().
			NamespaceParam("default").DefaultNamespace().
			FilenameParam(false, &resource.FilenameOptions{Filenames: []string{fn}}).Flatten().Do()
		err := b.Visit(func(info *resource.Info, err error) error {
			if err != nil {
				errs = append(errs, strings.ReplaceAll(err.Error(), fn, "FILE"))
				return nil
			}
			u := info.Object.(*unstructured.Unstructured)
			var buf bytes.Buffer
			fmt.Fprintf(&buf, "%s %s %s", u.GetAPIVersion(), u.GetKind(), info.Name)
			objs = append(objs, buf.String())
			return nil
		})
		if err != nil {
			errs = append(errs, strings.ReplaceAll(err.Error(), fn, "FILE"))
		}
		out["objects"] = objs
		out["errors"] = errs
		j, _ := json.Marshal(out)
		fmt.Println(string(j))
	}
}
