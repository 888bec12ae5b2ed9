{{/* Checksums of what a pod reads, so that a change of it rolls the pod. Fills w.checksums. */}}
{{- define "universal.checksums" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $in := $t.in -}}
{{- if ne (toString $t.g.autoRolloutChecksums) "false" -}}
{{- $sums := $w.checksums -}}
{{- if not (hasKey $t "sums") -}}
{{- $all := dict -}}
{{- if or $in.envs $in.envsString -}}
{{- $_ := set $all "checksum/envs" (sha256sum (printf "%s\n%s" (toYaml ($in.envs | default dict)) (tpl ($in.envsString | default "") .root))) -}}
{{- end -}}
{{- if or $in.secretEnvs $in.secretEnvsString -}}
{{- $_ := set $all "checksum/secret-envs" (sha256sum (printf "%s\n%s" (toYaml ($in.secretEnvs | default dict)) (tpl ($in.secretEnvsString | default "") .root))) -}}
{{- end -}}
{{- $_ := set $t "sums" $all -}}
{{- end -}}
{{- range $key, $value := $t.sums -}}{{- $_ := set $sums $key $value -}}{{- end -}}
{{- if $w.refs.configMap -}}
{{- range $one := $t.families.configMaps -}}
{{- if hasKey $w.refs.configMap $one.key -}}{{- $_ := set $sums (printf "checksum/configmap-%s" $one.key) (toYaml $one.raw | trim | sha256sum) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $w.refs.secret -}}
{{- range $one := $t.families.secrets -}}
{{- if hasKey $w.refs.secret $one.key -}}{{- $_ := set $sums (printf "checksum/secret-%s" $one.key) (toYaml $one.raw | trim | sha256sum) -}}{{- end -}}
{{- end -}}
{{- range $one := $t.families.sealedSecrets -}}
{{- if hasKey $w.refs.secret $one.key -}}{{- $_ := set $sums (printf "checksum/sealed-secret-%s" $one.key) (toYaml $one.raw | trim | sha256sum) -}}{{- end -}}
{{- end -}}
{{- if $t.modern -}}
{{- range $one := $t.families.externalSecrets -}}
{{- if hasKey $w.refs.secret $one.key -}}{{- $_ := set $sums (printf "checksum/external-secret-%s" $one.key) (toYaml $one.raw | trim | sha256sum) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $mounts := $t.configMounts | default $t.none -}}
{{- $config := index $mounts $w.at -}}
{{- if and (not $config) $w.needsMain -}}{{- $config = index $mounts "main" -}}{{- end -}}
{{- if $config -}}{{- if $config.config.files -}}{{- $_ := set $sums "checksum/config" (toYaml $config.config.files | sha256sum) -}}{{- end -}}{{- end -}}
{{- end -}}
{{- end -}}
