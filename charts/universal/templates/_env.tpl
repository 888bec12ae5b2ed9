{{/*
A container's env: box.env. Sources in order: General, entry, container; of two with one name the later
stays in profile modern. Takes {root, t, w, at, sources, box}.
*/}}
{{- define "universal.env" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $root := .root -}}
{{- $out := list -}}
{{- $parts := 0 -}}
{{- $box := dict -}}
{{- range $key, $kind := dict "envsFromConfigmap" "configMap" "envsFromSecret" "secret" -}}
{{- $refName := printf "%sKeyRef" $kind -}}
{{- range $source := $.sources -}}
{{- $map := index $source $key -}}
{{- if $map -}}
{{- if kindIs "string" $map -}}{{- $map = fromYaml (tpl $map $root) -}}{{- end -}}
{{- $parts = add1 $parts -}}
{{- range $object, $names := $map -}}
{{- template "universal.ref" (dict "t" $t "w" $w "kind" $kind "key" $object "box" $box) -}}
{{- range $name := $names -}}
{{- if kindIs "map" $name -}}
{{- range $variable, $field := $name -}}
{{- $out = append $out (dict "name" $variable "valueFrom" (dict $refName (dict "name" $box.name "key" (toString $field)))) -}}
{{- end -}}
{{- else if $name -}}
{{- $out = append $out (dict "name" (toString $name) "valueFrom" (dict $refName (dict "name" $box.name "key" (toString $name)))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $source := .sources -}}
{{- range $more := list $source.env $source.envMore -}}
{{- if $more -}}
{{- $parts = add1 $parts -}}
{{- if kindIs "map" $more -}}
{{- range $name, $value := $more -}}
{{- if kindIs "map" $value -}}
{{- $one := dict "name" $name -}}
{{- if or (hasKey $value "valueFrom") (hasKey $value "value") -}}
{{- range $key, $part := $value -}}{{- $_ := set $one $key $part -}}{{- end -}}
{{- if and (hasKey $one "value") (not (kindIs "string" $one.value)) -}}{{- $_ := set $one "value" (include "universal.str" $one.value) -}}{{- end -}}
{{- else -}}
{{- $_ := set $one "valueFrom" $value -}}
{{- end -}}
{{- $out = append $out $one -}}
{{- else -}}
{{- $out = append $out (dict "name" $name "value" (include "universal.str" $value)) -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- if kindIs "string" $more -}}{{- $more = fromYamlArray (tpl $more $root) -}}{{- end -}}
{{- range $one := $more -}}
{{- if and $t.modern (hasKey $one "value") (not (kindIs "string" $one.value)) -}}
{{- $copy := dict -}}
{{- range $key, $value := $one -}}{{- $_ := set $copy $key $value -}}{{- end -}}
{{- $_ := set $copy "value" (include "universal.str" $one.value) -}}
{{- $one = $copy -}}
{{- end -}}
{{- $out = append $out $one -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key, $variable := $source.peersFrom -}}
{{- template "universal.peers" (dict "root" $root "t" $t "at" (trimPrefix "." (printf "%s.peersFrom" $.at)) "key" $key "box" $box) -}}
{{- $out = append $out (dict "name" $variable "value" $box.peers) -}}
{{- $parts = add1 $parts -}}
{{- end -}}
{{- end -}}
{{- if and $w.peers (not .init) -}}
{{- $parts = add1 $parts -}}
{{- $out = append $out $w.peers -}}
{{- end -}}
{{- if and $t.modern (gt $parts 1) -}}
{{- $seen := dict -}}
{{- $kept := list -}}
{{- range $one := reverse $out -}}
{{- if not (hasKey $seen (toString $one.name)) -}}
{{- $_ := set $seen (toString $one.name) true -}}
{{- $kept = prepend $kept $one -}}
{{- end -}}
{{- end -}}
{{- $out = $kept -}}
{{- end -}}
{{- $_ := set .box "env" $out -}}
{{- end -}}

{{/* A container's envFrom: box.envFrom. Takes {root, t, w, sources, box}. */}}
{{- define "universal.envFrom" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $root := .root -}}
{{- $out := list -}}
{{- $seen := dict -}}
{{- $box := dict -}}
{{- range $key, $kind := dict "envConfigmaps" "configMap" "envSecrets" "secret" -}}
{{- range $source := $.sources -}}
{{- range $name := index $source $key -}}
{{- if $name -}}
{{- $name = include "universal.text" (list $root $name) -}}
{{- if not (and $t.modern (hasKey $seen (printf "%s/%s" $kind $name))) -}}
{{- $_ := set $seen (printf "%s/%s" $kind $name) true -}}
{{- template "universal.ref" (dict "t" $t "w" $w "kind" $kind "key" $name "box" $box) -}}
{{- $out = append $out (dict (printf "%sRef" $kind) (dict "name" $box.name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $source := .sources -}}
{{- $more := $source.envFrom -}}
{{- if kindIs "string" $more -}}{{- $more = fromYamlArray (tpl $more $root) -}}{{- end -}}
{{- range $one := $more -}}{{- $out = append $out $one -}}{{- end -}}
{{- end -}}
{{- $_ := set .box "envFrom" $out -}}
{{- end -}}

{{/*
The addresses of a StatefulSet's pods, joined: box.peers.
Takes {root, t, at, key, box}; key is the StatefulSet's.
*/}}
{{- define "universal.peers" -}}
{{- $t := .t -}}
{{- $key := .key -}}
{{- $w := index $t.index (printf "statefulSets/%s" $key) -}}
{{- if not $w -}}
{{- $known := list -}}
{{- range $one := $t.workloads -}}{{- if eq $one.kind "StatefulSet" -}}{{- $known = append $known $one.key -}}{{- end -}}{{- end -}}
{{- fail (printf "\n\n`%s`: there is no StatefulSet `%s`; there are: %s\n" .at $key (join ", " $known)) -}}
{{- end -}}
{{- $p := $w.e.peers | default $t.none -}}
{{- $start := int (($w.e.ordinals | default $t.none).start | default 0) -}}
{{- $count := 1 -}}
{{- if hasKey $w.e "replicas" -}}{{- $count = int $w.e.replicas -}}{{- end -}}
{{- $names := list -}}
{{- range $i := until $count -}}
{{- $address := printf "%s-%d.%s.%s.svc.%s" $w.name (add $start $i) $w.governing $t.namespace ($p.clusterDomain | default "cluster.local") -}}
{{- with $p.port -}}{{- $address = printf "%s:%v" $address . -}}{{- end -}}
{{- with $p.format -}}{{- $address = replace "%s" $address . -}}{{- end -}}
{{- $names = append $names $address -}}
{{- end -}}
{{- $_ := set .box "peers" (join ($p.separator | default ",") $names) -}}
{{- end -}}
