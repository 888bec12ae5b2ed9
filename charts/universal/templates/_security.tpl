{{/* Security contexts: the profile's under the values' own. */}}

{{/*
Sets box.context, or takes it away. Takes {own, generic, default, box}: own replaces generic unless it
says `mergeWithGeneric: true`; the default is merged under both.
*/}}
{{- define "universal.security" -}}
{{- $_ := unset .box "context" -}}
{{- $context := dict -}}
{{- range $key, $value := .default -}}{{- $_ := set $context $key $value -}}{{- end -}}
{{- $own := .own -}}
{{- if or (not $own) $own.mergeWithGeneric -}}
{{- range $key, $value := .generic -}}{{- if not (kindIs "invalid" $value) -}}{{- $_ := set $context $key $value -}}{{- end -}}{{- end -}}
{{- end -}}
{{- range $key, $value := $own -}}
{{- if kindIs "invalid" $value -}}{{- $_ := unset $context $key -}}
{{- else if ne $key "mergeWithGeneric" -}}{{- $_ := set $context $key $value -}}{{- end -}}
{{- end -}}
{{- if $context -}}{{- $_ := set .box "context" $context -}}{{- end -}}
{{- end -}}

{{/* What a hardened container starts from: box.default. Takes {own, generic, podUser, box}. */}}
{{- define "universal.security.container" -}}
{{- $said := dict -}}
{{- if or (not .own) .own.mergeWithGeneric -}}{{- range $key, $value := .generic -}}{{- $_ := set $said $key $value -}}{{- end -}}{{- end -}}
{{- range $key, $value := .own -}}{{- $_ := set $said $key $value -}}{{- end -}}
{{- $default := dict "readOnlyRootFilesystem" true -}}
{{- $add := ($said.capabilities | default dict).add | default list -}}
{{- if not $said.privileged -}}
{{- $_ := set $default "privileged" false -}}
{{- if not (or (has "SYS_ADMIN" $add) (has "CAP_SYS_ADMIN" $add)) -}}{{- $_ := set $default "allowPrivilegeEscalation" false -}}{{- end -}}
{{- end -}}
{{- if not $said.capabilities -}}
{{- $_ := set $default "capabilities" (dict "drop" (list "ALL")) -}}
{{- else if not (hasKey $said.capabilities "drop") -}}
{{- $_ := set .box "capabilities" (dict "drop" (list "ALL") "add" $add) -}}
{{- end -}}
{{- if and (hasKey $said "runAsUser") (eq (toString $said.runAsUser) "0") (not (hasKey $said "runAsNonRoot")) -}}
{{- $_ := set $default "runAsNonRoot" false -}}
{{- end -}}
{{- $_ := set .box "default" $default -}}
{{- end -}}

{{/* What a hardened pod starts from: box.default. Takes {own, generic, box}. */}}
{{- define "universal.security.pod" -}}
{{- $user := "" -}}
{{- if or (not .own) .own.mergeWithGeneric -}}{{- $user = toString (.generic | default dict).runAsUser -}}{{- end -}}
{{- with .own -}}{{- if hasKey . "runAsUser" -}}{{- $user = toString .runAsUser -}}{{- end -}}{{- end -}}
{{- $default := dict "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- if ne $user "0" -}}{{- $_ := set $default "runAsNonRoot" true -}}{{- end -}}
{{- $_ := set .box "default" $default -}}
{{- end -}}
