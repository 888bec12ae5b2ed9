{{/* Volumes and mounts. */}}

{{/*
Adds the volumes of a workload to box.volumes: entry, General, generic; typed ones before extra ones; of
two with one name the nearer stays in profile modern. Takes {root, t, w, box}.
*/}}
{{- define "universal.volumes" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $g := $t.g -}}
{{- $out := .box.volumes -}}
{{- $seen := dict -}}
{{- range $volume := $out -}}{{- $_ := set $seen (toString $volume.name) true -}}{{- end -}}
{{- $box := dict -}}
{{- range $source := list $w.raw.volumes $w.general.volumes $g.volumes -}}
{{- range $index, $volume := $source -}}
{{- if not (and $t.modern (hasKey $seen (toString $volume.name))) -}}
{{- $_ := set $seen (toString $volume.name) true -}}
{{- if $volume.type -}}
{{- template "universal.volume" (dict "root" $.root "t" $t "w" $w "volume" $volume "box" $box) -}}
{{- $out = append $out $box.volume -}}
{{- else -}}
{{- $out = append $out $volume -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $source := list $w.raw.extraVolumes $w.general.extraVolumes $g.extraVolumes -}}
{{- if kindIs "string" $source -}}{{- $source = fromYamlArray (tpl $source $.root) -}}{{- end -}}
{{- range $volume := $source -}}
{{- if not (and $t.modern (hasKey $seen (toString $volume.name))) -}}
{{- $_ := set $seen (toString $volume.name) true -}}
{{- $out = append $out $volume -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .box "volumes" $out -}}
{{- end -}}

{{/* A typed volume as Kubernetes writes it: box.volume. Takes {root, t, w, volume, box}. */}}
{{- define "universal.volume" -}}
{{- $t := .t -}}
{{- $v := dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%svolumes.%v" .w.say .volume.name) "in" .volume "known" "volume" "out" $v) -}}
{{- $name := toString $v.name -}}
{{- $body := dict -}}
{{- $type := $v.type -}}
{{- $kind := $type -}}
{{- if eq $type "configMap" -}}
{{- template "universal.ref" (dict "t" $t "w" .w "kind" "configMap" "key" $name "box" .box) -}}
{{- $_ := set $body "name" ($v.originalName | default .box.name) -}}
{{- range $key := list "items" "defaultMode" "optional" -}}{{- if hasKey $v $key -}}{{- $_ := set $body $key (index $v $key) -}}{{- end -}}{{- end -}}
{{- else if eq $type "secret" -}}
{{- template "universal.ref" (dict "t" $t "w" .w "kind" "secret" "key" $name "box" .box) -}}
{{- $_ := set $body "secretName" ($v.originalName | default .box.name) -}}
{{- range $key := list "items" "defaultMode" "optional" -}}{{- if hasKey $v $key -}}{{- if or $t.modern (eq $key "items") -}}{{- $_ := set $body $key (index $v $key) -}}{{- end -}}{{- end -}}{{- end -}}
{{- else if eq $type "pvc" -}}
{{- $kind = "persistentVolumeClaim" -}}
{{- $full := printf "%s%s" $t.prefix $name | trunc 63 | trimSuffix "-" -}}
{{- range $p := $t.families.pvcs -}}{{- if eq $p.key $name -}}{{- $full = $p.name -}}{{- end -}}{{- end -}}
{{- $_ := set $body "claimName" ($v.originalName | default $full) -}}
{{- with $v.readOnly -}}{{- $_ := set $body "readOnly" . -}}{{- end -}}
{{- else if eq $type "emptyDir" -}}
{{- range $key := list "sizeLimit" "medium" -}}{{- with index $v $key -}}{{- $_ := set $body $key . -}}{{- end -}}{{- end -}}
{{- else if eq $type "projected" -}}
{{- $_ := set $body "sources" ($v.sources | default list) -}}
{{- with $v.defaultMode -}}{{- $_ := set $body "defaultMode" . -}}{{- end -}}
{{- else if eq $type "csi" -}}
{{- $_ := set $body "driver" ($v.driver | default "secrets-store.csi.k8s.io") -}}
{{- $attributes := dict -}}
{{- range $key, $value := $v.attributes -}}{{- $_ := set $attributes $key $value -}}{{- end -}}
{{- with $v.secretProviderClass -}}
{{- $full := . -}}
{{- range $p := $t.families.secretProviderClasses -}}{{- if eq $p.key $full -}}{{- $full = $p.name -}}{{- end -}}{{- end -}}
{{- $_ := set $attributes "secretProviderClass" $full -}}
{{- $_ := set $body "readOnly" true -}}
{{- end -}}
{{- if hasKey $v "readOnly" -}}{{- $_ := set $body "readOnly" $v.readOnly -}}{{- end -}}
{{- if $attributes -}}{{- $_ := set $body "volumeAttributes" $attributes -}}{{- end -}}
{{- else if eq $type "hostPath" -}}
{{- $_ := set $body "path" $v.path -}}
{{- with $v.hostPathType -}}{{- $_ := set $body "type" . -}}{{- end -}}
{{- else if eq $type "nfs" -}}
{{- range $key := list "server" "path" "readOnly" -}}{{- if hasKey $v $key -}}{{- $_ := set $body $key (index $v $key) -}}{{- end -}}{{- end -}}
{{- else if eq $type "downwardAPI" -}}
{{- range $key := list "items" "defaultMode" -}}{{- if hasKey $v $key -}}{{- $_ := set $body $key (index $v $key) -}}{{- end -}}{{- end -}}
{{- else if eq $type "ephemeral" -}}
{{- $_ := set $body "volumeClaimTemplate" (dict "spec" $v.spec) -}}
{{- else -}}
{{- fail (printf "\n\n`%svolumes.%s.type`: `%v` is none of configMap, secret, pvc, emptyDir, projected, csi, hostPath, nfs, downwardAPI, ephemeral\n" .w.say $name $type) -}}
{{- end -}}
{{- $_ := set .box "volume" (dict "name" $name $kind $body) -}}
{{- end -}}

{{/*
The name of one of our ConfigMaps or Secrets, noted as a reference of the workload; a pod of a hook that
runs before the release gets a copy of its own: box.name. Takes {t, w, kind, key, box}.
*/}}
{{- define "universal.ref" -}}
{{- $t := .t -}}
{{- $key := .key -}}
{{- $_ := set (index .w.refs .kind) $key true -}}
{{- $full := printf "%s%s" $t.prefix $key | trunc 63 | trimSuffix "-" -}}
{{- $made := index (index $t.made .kind) $key -}}
{{- if $made -}}
{{- $full = $made -}}
{{- if .w.hooked -}}
{{- $full = printf "%s-hook" (trunc 58 $full) -}}
{{- $_ := set (index $t.copies .kind) $key true -}}
{{- end -}}
{{- end -}}
{{- $_ := set .box "name" $full -}}
{{- end -}}

{{/* Mounts of a container: its own, the entry's, General's, generic's: box.mounts. Takes {root, t, sources, box}. */}}
{{- define "universal.mounts" -}}
{{- $out := list -}}
{{- $seen := dict -}}
{{- range $source := .sources -}}
{{- range $key := list "volumeMounts" "extraVolumeMounts" -}}
{{- $list := index $source $key -}}
{{- if kindIs "string" $list -}}{{- $list = fromYamlArray (tpl $list $.root) -}}{{- end -}}
{{- range $mount := $list -}}
{{- if not (and $.t.modern (hasKey $seen (toString $mount.mountPath))) -}}
{{- $_ := set $seen (toString $mount.mountPath) true -}}
{{- $out = append $out $mount -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .box "mounts" $out -}}
{{- end -}}
