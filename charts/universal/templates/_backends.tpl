{{/*
The Service that a route leads to: box.name, box.service. No name is the one Service with the route's
key, else the only one. Takes {root, t, at, name, box}.
*/}}
{{- define "universal.backend" -}}
{{- $t := .t -}}
{{- $_ := unset .box "service" -}}
{{- if not $t.modern -}}
{{- $full := $t.base -}}
{{- with .name -}}{{- $full = printf "%s%s" $t.prefix . | trunc 63 | trimSuffix "-" -}}{{- end -}}
{{- $_ := set .box "name" $full -}}
{{- with .name -}}{{- with index $t.serviceIndex . -}}{{- $_ := set $.box "service" . -}}{{- end -}}{{- end -}}
{{- else -}}
{{- $key := "" -}}
{{- with .name -}}{{- $key = include "universal.text" (list $.root .) -}}{{- end -}}
{{- if and (not $key) (hasKey $t.serviceIndex .key) -}}{{- $key = .key -}}{{- end -}}
{{- $plain := list -}}
{{- range $name, $s := $t.serviceIndex -}}{{- if not (or $s.headless (eq (toString $s.e.clusterIP) "None")) -}}{{- $plain = append $plain $name -}}{{- end -}}{{- end -}}
{{- if and (not $key) (eq (len $plain) 1) -}}{{- $key = first $plain -}}{{- end -}}
{{- if not (hasKey $t.serviceIndex $key) -}}
{{- if $key -}}{{- fail (printf "\n\n`%s`: there is no service `%s`; there are: %s\n" .at $key (keys $t.serviceIndex | sortAlpha | join ", ")) -}}{{- end -}}
{{- fail (printf "\n\n`%s`: say which `serviceName`; there are: %s\n" .at (keys $t.serviceIndex | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $service := index $t.serviceIndex $key -}}
{{- $_ := set .box "name" $service.name -}}
{{- $_ := set .box "service" $service -}}
{{- end -}}
{{- end -}}

{{/* The port of a Service that traffic goes to when none is said: `http`, else the first. Sets box.port. Takes {service, box}. */}}
{{- define "universal.backend.port" -}}
{{- $_ := unset .box "port" -}}
{{- range $port := .service.ports -}}{{- if eq (toString $port.name) "http" -}}{{- $_ := set $.box "port" $port -}}{{- end -}}{{- end -}}
{{- if and (not .box.port) .service.ports -}}{{- $_ := set .box "port" (first .service.ports) -}}{{- end -}}
{{- end -}}

{{/* A route of the Gateway API: prints it. Takes {root, family, kind, apiVersion}. */}}
{{- define "universal.route" -}}
{{- $root := .root -}}
{{- $t := $root.Values.universalTree -}}
{{- $box := dict -}}
{{- range $r := index $t.families .family -}}
{{- $at := $r.at -}}
{{- $spec := dict -}}
{{- range $key := list "parentRefs" "hostnames" -}}{{- with index $r.e $key -}}{{- $_ := set $spec $key . -}}{{- end -}}{{- end -}}
{{- $rules := list -}}
{{- range $rule := $r.e.rules | default (list dict) -}}
{{- $out := omit $rule "backends" -}}
{{- if not (hasKey $out "backendRefs") -}}
{{- $refs := list -}}
{{- range $backend := $rule.backends | default (list dict) -}}
{{- $ref := omit $backend "serviceName" "servicePort" -}}
{{- template "universal.backend" (dict "root" $root "t" $t "at" $at "name" $backend.serviceName "key" $r.key "box" $box) -}}
{{- $_ := set $ref "name" $box.name -}}
{{- $port := $backend.port | default $backend.servicePort -}}
{{- if and (not $port) $box.service -}}
{{- template "universal.backend.port" (dict "service" $box.service "box" $box) -}}
{{- if $box.port -}}{{- $port = $box.port.port -}}{{- end -}}
{{- else if and (kindIs "string" $port) $box.service -}}
{{- range $one := $box.service.ports -}}{{- if eq $one.name $port -}}{{- $port = $one.port -}}{{- end -}}{{- end -}}
{{- end -}}
{{- $_ := set $ref "port" $port -}}
{{- if and $r.flat $t.canaryName -}}
{{- $_ := set $ref "weight" (sub 100 $t.canaryWeight) -}}
{{- $refs = append $refs $ref -}}
{{- $refs = append $refs (dict "name" $t.canaryName "port" $port "weight" $t.canaryWeight) -}}
{{- else -}}
{{- $refs = append $refs $ref -}}
{{- end -}}
{{- end -}}
{{- $_ := set $out "backendRefs" $refs -}}
{{- end -}}
{{- $rules = append $rules $out -}}
{{- end -}}
{{- $_ := set $spec "rules" $rules -}}
{{- template "universal.meta" (dict "t" $t "out" $r "name" $r.name "key" $r.key "entry" $r.e) -}}
{{- template "universal.print" (dict "root" $root "object" (dict "apiVersion" $.apiVersion "kind" $.kind "metadata" $r.meta "spec" $spec)) -}}
{{- end -}}
{{- end -}}
