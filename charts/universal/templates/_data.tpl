{{/* Data of ConfigMaps and Secrets. */}}

{{/*
Adds a map's values to box.data as text: `b64:` is decoded, null is empty, all else is JSON. With `trim`,
as nxs does, the last key's value loses its last newline. Takes {in, trim, box}.
*/}}
{{- define "universal.data" -}}
{{- $last := "" -}}
{{- if .trim -}}{{- range $key, $_ := .in -}}{{- $last = $key -}}{{- end -}}{{- end -}}
{{- range $key, $value := .in -}}
{{- $text := include "universal.str" $value -}}
{{- if and $.trim (eq $key $last) -}}{{- $text = trimSuffix "\n" $text -}}{{- end -}}
{{- if hasPrefix "b64:" $text -}}{{- $text = trimPrefix "b64:" $text | b64dec -}}{{- end -}}
{{- $_ := set $.box.data $key $text -}}
{{- end -}}
{{- end -}}

{{/* Adds a map's values to box.data in base64: `b64:` is so already. Takes {root, in, raw, trim, box}. */}}
{{- define "universal.data.secret" -}}
{{- $last := "" -}}
{{- if .trim -}}{{- range $key, $_ := .in -}}{{- $last = $key -}}{{- end -}}{{- end -}}
{{- range $key, $value := .in -}}
{{- $text := include "universal.str" $value -}}
{{- if and $.trim (eq $key $last) -}}{{- $text = trimSuffix "\n" $text -}}{{- end -}}
{{- if and (kindIs "string" $value) (not $.raw) -}}{{- if contains "{{" $text -}}{{- $text = tpl $text $.root -}}{{- end -}}{{- end -}}
{{- if hasPrefix "b64:" $text -}}{{- $text = trimPrefix "b64:" $text -}}{{- else -}}{{- $text = b64enc $text -}}{{- end -}}
{{- $_ := set $.box.data $key $text -}}
{{- end -}}
{{- end -}}

{{/* Prints an object and, where a hook reads it, its copy. Takes {root, t, o, entry, object, raw, copy}. */}}
{{- define "universal.printHooked" -}}
{{- $t := .t -}}
{{- $o := .o -}}
{{- template "universal.meta" (dict "t" $t "out" $o "name" $o.name "key" $o.key "entry" .entry "hooks" (eq $t.hookMode "nxs")) -}}
{{- template "universal.print" (dict "root" .root "raw" .raw "object" (merge (dict "metadata" $o.meta) .object)) -}}
{{- if .copy -}}
{{- template "universal.meta" (dict "t" $t "out" $o "name" (ternary (printf "%s-hook" $o.name) (printf "%s-hook" (trunc 58 $o.name)) (hasKey . "verbatim")) "key" $o.key "entry" .entry "hooks" true) -}}
{{- template "universal.print" (dict "root" .root "raw" .raw "object" (merge (dict "metadata" $o.meta) .object)) -}}
{{- end -}}
{{- end -}}
