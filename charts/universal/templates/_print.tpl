{{/* Printing: one object a document, every string of it rendered once. */}}

{{/* Takes {root, object, raw}: raw objects hold braces that are not templates. */}}
{{- define "universal.print" -}}
{{- $text := toYaml .object -}}
{{- if and (contains "{{" $text) (not .raw) -}}
{{- $copy := fromJson (toJson .object) -}}
{{- template "universal.render" (dict "root" .root "in" $copy) -}}
{{- $text = toYaml $copy -}}
{{- end -}}
{{- printf "---\n%s\n" $text -}}
{{- end -}}

{{/* Renders every string of a map in place; keys as well. Takes {root, in}. */}}
{{- define "universal.render" -}}
{{- $root := .root -}}
{{- $map := .in -}}
{{- range $key, $value := $map -}}
{{- if kindIs "string" $value -}}
{{- if contains "{{" $value -}}{{- $_ := set $map $key (tpl $value $root) -}}{{- end -}}
{{- else if kindIs "map" $value -}}
{{- template "universal.render" (dict "root" $root "in" $value) -}}
{{- else if kindIs "slice" $value -}}
{{- if contains "{{" (toJson $value) -}}
{{- $box := dict "list" list -}}
{{- template "universal.renderList" (dict "root" $root "in" $value "box" $box) -}}
{{- $_ := set $map $key $box.list -}}
{{- end -}}
{{- end -}}
{{- if contains "{{" $key -}}
{{- $kept := index $map $key -}}
{{- $_ := unset $map $key -}}
{{- $_ := set $map (tpl $key $root) $kept -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Renders every string of a list into box.list. Takes {root, in, box}. */}}
{{- define "universal.renderList" -}}
{{- $root := .root -}}
{{- $box := .box -}}
{{- range $value := .in -}}
{{- if kindIs "string" $value -}}
{{- if contains "{{" $value -}}{{- $value = tpl $value $root -}}{{- end -}}
{{- else if kindIs "map" $value -}}
{{- template "universal.render" (dict "root" $root "in" $value) -}}
{{- else if kindIs "slice" $value -}}
{{- $inner := dict "list" list -}}
{{- template "universal.renderList" (dict "root" $root "in" $value "box" $inner) -}}
{{- $value = $inner.list -}}
{{- end -}}
{{- $_ := set $box "list" (append $box.list $value) -}}
{{- end -}}
{{- end -}}
