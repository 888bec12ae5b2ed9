{{/* Services: what they select, and those that StatefulSets and Rollouts need. */}}
{{- define "universal.services" -}}
{{- $t := .t -}}
{{- $root := .root -}}
{{- $general := dict -}}
{{- with $t.in.servicesGeneral -}}
{{- template "universal.take" (dict "t" $t "at" "servicesGeneral" "in" . "known" "service" "out" $general) -}}
{{- end -}}
{{- if not $t.modern -}}
{{- range $key, $_ := omit $general "labels" "annotations" "gitops" -}}
{{- $_ := set $t "warnings" (append $t.warnings (printf "`servicesGeneral.%s` has no effect in profile nxs" $key)) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $t "servicesGeneral" $general -}}
{{- $_ := set $t "serviceIndex" dict -}}
{{- $box := dict -}}
{{- range $s := $t.families.services -}}
{{- $_ := set $t.serviceIndex $s.key $s -}}
{{- $e := $s.e -}}
{{- $selector := dict -}}
{{- if $t.modern -}}
{{- range $name, $value := omit $general "labels" "annotations" "gitops" "extraSelectorLabels" -}}
{{- if not (hasKey $e $name) -}}{{- $_ := set $e $name $value -}}{{- end -}}
{{- end -}}
{{- $at := $s.at -}}
{{- if eq (toString $e.type) "ExternalName" -}}
{{- else if hasKey $e "selector" -}}
{{- $selector = $e.selector -}}
{{- else if and $e.extraSelectorLabels (not $e.workload) (not (hasKey $t.index $s.key)) -}}
{{- range $part := list $t.selector $e.extraSelectorLabels -}}
{{- range $name, $value := $part -}}{{- $_ := set $selector $name (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- else -}}
{{- template "universal.target" (dict "root" $root "t" $t "at" (printf "%s.workload" $at) "key" $s.key "name" $e.workload "box" $box) -}}
{{- if not $box.w -}}
{{- fail (printf "\n\n`%s`: say which `workload` it serves (or `selector`, `extraSelectorLabels`)\n" $at) -}}
{{- end -}}
{{- $_ := set $s "w" $box.w -}}
{{- range $part := list $box.w.selector $e.extraSelectorLabels -}}
{{- range $name, $value := $part -}}{{- $_ := set $selector $name (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- template "universal.service.ports" (dict "t" $t "s" $s "at" $at) -}}
{{- else -}}
{{- range $part := list $t.selector $e.extraSelectorLabels -}}
{{- range $name, $value := $part -}}{{- $_ := set $selector $name (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- template "universal.service.ports" (dict "t" $t "s" $s "at" $s.at) -}}
{{- end -}}
{{- $_ := set $s "selector" $selector -}}
{{- end -}}
{{- range $w := $t.workloads -}}
{{- if eq $w.kind "StatefulSet" -}}
{{- template "universal.service.governing" (dict "root" $root "t" $t "w" $w) -}}
{{- else if eq $w.kind "Rollout" -}}
{{- template "universal.service.rollout" (dict "t" $t "w" $w) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* s.ports: those of the entry, else its one port, else the container's. Takes {t, s, at}. */}}
{{- define "universal.service.ports" -}}
{{- $t := .t -}}
{{- $s := .s -}}
{{- $e := $s.e -}}
{{- $said := $e.ports -}}
{{- if and (not $said) $e.port -}}{{- $said = list (pick $e "port" "targetPort" "nodePort") -}}{{- end -}}
{{- $out := list -}}
{{- $fallback := ternary "http" $s.key (not (empty $s.flat)) -}}
{{- if $said -}}
{{- range $index, $port := $said -}}
{{- $taken := dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%s.ports[%d]" $.at $index) "in" $port "known" "servicePort" "out" $taken) -}}
{{- $one := dict "name" ($taken.name | default $fallback | toString) "protocol" ($taken.protocol | default "TCP") "port" $taken.port -}}
{{- range $key := list "targetPort" "nodePort" "appProtocol" -}}{{- with index $taken $key -}}{{- $_ := set $one $key . -}}{{- end -}}{{- end -}}
{{- $out = append $out $one -}}
{{- end -}}
{{- else if $s.w -}}
{{- $box := dict -}}
{{- template "universal.ports" (dict "t" $t "w" $s.w "box" $box) -}}
{{- range $port := $box.ports -}}
{{- $out = append $out (dict "name" ($port.name | default (printf "port-%v" $port.containerPort)) "protocol" ($port.protocol | default "TCP") "port" $port.containerPort "targetPort" ($port.name | default $port.containerPort)) -}}
{{- end -}}
{{- if and (not $out) (not $e.headless) -}}{{- fail (printf "\n\n`%s` needs `ports`: its workload has none either\n" .at) -}}{{- end -}}
{{- end -}}
{{- $_ := set $s "ports" $out -}}
{{- end -}}

{{/* The Service that names a StatefulSet's pods; made unless an entry has its key. Takes {root, t, w}. */}}
{{- define "universal.service.governing" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $key := $w.e.serviceName | default (ternary "headless" $w.key $w.flat) -}}
{{- if $w.e.serviceName -}}{{- $key = include "universal.text" (list .root $key) -}}{{- end -}}
{{- $name := printf "%s%s" $t.prefix $key | trunc 63 | trimSuffix "-" -}}
{{- if hasKey $t.serviceIndex $key -}}
{{- $_ := set $w "governing" (index $t.serviceIndex $key).name -}}
{{- else -}}
{{- if and $w.flat (not $w.e.serviceName) -}}{{- $name = printf "%s-headless" (trunc 54 $w.name) -}}{{- end -}}
{{- $_ := set $w "governing" $name -}}
{{- $box := dict -}}
{{- template "universal.ports" (dict "t" $t "w" $w "box" $box) -}}
{{- $ports := list -}}
{{- range $port := $box.ports -}}
{{- $ports = append $ports (dict "name" ($port.name | default (printf "port-%v" $port.containerPort)) "protocol" ($port.protocol | default "TCP") "port" $port.containerPort "targetPort" ($port.name | default $port.containerPort)) -}}
{{- end -}}
{{- $e := dict "clusterIP" "None" "publishNotReadyAddresses" true "labels" ($w.raw.labels | default $t.none) "annotations" ($w.raw.annotations | default $t.none) -}}
{{- with $w.raw.gitops -}}{{- $_ := set $e "gitops" . -}}{{- end -}}
{{- $s := dict "key" (ternary $w.key $key $w.flat) "name" $name "family" "services" "e" $e "selector" $w.selector "ports" $ports "w" $w "headless" true -}}
{{- $_ := set $t.families "services" (append ($t.families.services | default list) $s) -}}
{{- if not $w.flat -}}{{- $_ := set $t.serviceIndex $key $s -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* The two Services of a Rollout whose strategy names none. Takes {t, w}. */}}
{{- define "universal.service.rollout" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $strategy := $w.e.strategy | default $t.none -}}
{{- if not (or (hasKey $strategy "blueGreen") (hasKey $strategy "canary")) -}}
{{- fail (printf "\n\n`%s` needs `blueGreen` or `canary`\n" (ternary "rollout" (printf "%s.strategy" $w.at) $w.flat)) -}}
{{- end -}}
{{- $way := ternary "blueGreen" "canary" (hasKey $strategy "blueGreen") -}}
{{- $body := dict -}}
{{- range $key, $value := index $strategy $way -}}{{- $_ := set $body $key $value -}}{{- end -}}
{{- $fields := ternary (dict "activeService" "active" "previewService" "preview") (dict "stableService" "stable" "canaryService" "canary") (eq $way "blueGreen") -}}
{{- $box := dict -}}
{{- template "universal.ports" (dict "t" $t "w" $w "box" $box) -}}
{{- $ports := list -}}
{{- range $port := $box.ports -}}
{{- $ports = append $ports (dict "name" ($port.name | default (printf "port-%v" $port.containerPort)) "protocol" ($port.protocol | default "TCP") "port" $port.containerPort "targetPort" ($port.name | default $port.containerPort)) -}}
{{- end -}}
{{- if and (not $ports) (eq $way "blueGreen") (not $body.activeService) -}}
{{- fail (printf "\n\n`%s` needs container ports for its active Service, or `strategy.blueGreen.activeService`\n" $w.at) -}}
{{- end -}}
{{- range $field, $suffix := $fields -}}
{{- if and $ports (not (hasKey $body $field)) -}}
{{- $name := printf "%s-%s" (trunc 55 $w.name) $suffix -}}
{{- $_ := set $body $field $name -}}
{{- $s := dict "key" (printf "%s-%s" $w.key $suffix) "name" $name "family" "services" "e" dict "selector" $w.selector "ports" $ports "w" $w -}}
{{- $_ := set $t.families "services" (append ($t.families.services | default list) $s) -}}
{{- $_ := set $t.serviceIndex $s.key $s -}}
{{- end -}}
{{- end -}}
{{- $_ := set $w.e "strategy" (dict $way $body) -}}
{{- end -}}

{{/* Autoscalers: what they scale; w.scaled says that replicas are theirs. */}}
{{- define "universal.scalers" -}}
{{- $t := .t -}}
{{- $box := dict -}}
{{- range $h := $t.families.hpas -}}
{{- $e := $h.e -}}
{{- $target := $e.scaleTargetRef | default $t.none -}}
{{- if $t.modern -}}
{{- $name := $e.workload | default $target.name -}}
{{- template "universal.target" (dict "root" $.root "t" $t "at" $h.at "key" $h.key "name" $name "box" $box) -}}
{{- if not $box.w -}}{{- fail (printf "\n\n`%s`: say which `workload` it scales\n" $h.at) -}}{{- end -}}
{{- $w := $box.w -}}
{{- if not (has $w.kind (list "Deployment" "StatefulSet" "Rollout")) -}}{{- fail (printf "\n\n`%s`: a %s cannot be scaled\n" $h.at $w.kind) -}}{{- end -}}
{{- $_ := set $w "scaled" true -}}
{{- $_ := set $w "scaledFrom" ($e.minReplicas | default 1) -}}
{{- $_ := set $h "target" (dict "apiVersion" (ternary "argoproj.io/v1alpha1" "apps/v1" (eq $w.kind "Rollout")) "kind" $w.kind "name" $w.name) -}}
{{- else if $target -}}
{{- $full := $t.base -}}
{{- with $target.name -}}{{- $full = printf "%s%s" $t.prefix . | trunc 63 | trimSuffix "-" -}}{{- end -}}
{{- $_ := set $h "target" (dict "apiVersion" ($target.apiVersion | default "apps/v1") "kind" ($target.kind | default "Deployment") "name" $full) -}}
{{- range $w := $t.workloads -}}
{{- if and (eq $w.name $full) (eq $w.kind $h.target.kind) -}}{{- $_ := set $w "scaled" true -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
