{{/* Roles and bindings of ServiceAccounts. Takes {root, key, kind, part}: part is "role" or "binding". */}}
{{- define "universal.rbac" -}}
{{- $root := .root -}}
{{- $t := $root.Values.universalTree -}}
{{- $cluster := eq .kind "ClusterRole" -}}
{{- range $a := $t.families.serviceAccount -}}
{{- $said := index $a.e $.key -}}
{{- if $said -}}
{{- $role := dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "serviceAccount.%s.%s" $a.key $.key) "in" $said "known" "role" "out" $role) -}}
{{- $full := $a.name -}}
{{- if $role.name -}}{{- $full = printf "%s%s" $t.prefix $role.name | trunc 63 | trimSuffix "-" -}}
{{- else if not $a.flat -}}{{- $full = $t.base -}}{{- end -}}
{{- $out := dict -}}
{{- template "universal.meta" (dict "t" $t "out" $out "name" $full "key" $a.key "entry" $a.e "general" ($t.in.serviceAccountGeneral | default dict) "cluster" $cluster) -}}
{{- if eq $.part "role" -}}
{{- with $role.rules -}}
{{- template "universal.print" (dict "root" $root "object" (dict "apiVersion" "rbac.authorization.k8s.io/v1" "kind" $.kind "metadata" $out.meta "rules" .)) -}}
{{- end -}}
{{- else -}}
{{- $ref := dict "apiGroup" "rbac.authorization.k8s.io" "kind" $.kind "name" (ternary $full $role.name (not (empty $role.rules))) -}}
{{- $subject := dict "kind" "ServiceAccount" "name" $a.name "namespace" $t.namespace -}}
{{- template "universal.print" (dict "root" $root "object" (dict "apiVersion" "rbac.authorization.k8s.io/v1" "kind" (printf "%sBinding" $.kind) "metadata" $out.meta "roleRef" $ref "subjects" (list $subject))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
