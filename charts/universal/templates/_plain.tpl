{{/*
Objects whose entry is their spec: prints every entry of a family.
Takes {root, family, kind, apiVersion, cluster}; the spec is `spec` or the keys that are not ours.
*/}}
{{- define "universal.plain" -}}
{{- $t := .root.Values.universalTree -}}
{{- range $o := index $t.families .family -}}
{{- $spec := $o.e.spec | default (omit $o.e "disabled" "enabled" "labels" "annotations" "gitops" "fullnameOverride" "spec") -}}
{{- template "universal.meta" (dict "t" $t "out" $o "name" $o.name "key" $o.key "entry" $o.e "cluster" $.cluster) -}}
{{- template "universal.print" (dict "root" $.root "object" (dict "apiVersion" $.apiVersion "kind" $.kind "metadata" $o.meta "spec" $spec)) -}}
{{- end -}}
{{- end -}}
