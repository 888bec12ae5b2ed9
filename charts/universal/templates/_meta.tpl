{{/* Labels and annotations of an object. */}}

{{/*
Sets out.meta. Takes {t, out, name, key, entry, general} and, where they mean something,
  version   a label
  hooks     whether the annotations of hooked ConfigMaps and Secrets belong to it
  fixed     annotations that the values may override
  extra     annotations that they may not
  cluster   whether the object has no namespace
*/}}
{{- define "universal.meta" -}}
{{- $t := .t -}}
{{- $general := .general | default $t.none -}}
{{- $entry := .entry -}}
{{- $labels := dict -}}
{{- range $key, $value := $t.labels -}}{{- $_ := set $labels $key $value -}}{{- end -}}
{{- if $t.modern -}}
{{- with .component | default .key -}}{{- $_ := set $labels "app.kubernetes.io/component" (trunc 63 . | trimAll "-_.") -}}{{- end -}}
{{- with .version -}}{{- $_ := set $labels "app.kubernetes.io/version" . -}}{{- end -}}
{{- end -}}
{{- $annotations := dict -}}
{{- if .hooks -}}{{- range $key, $value := $t.hookAnnotations -}}{{- $_ := set $annotations $key (include "universal.str" $value) -}}{{- end -}}{{- end -}}
{{- range $key, $value := .fixed -}}{{- $_ := set $annotations $key $value -}}{{- end -}}
{{- range $key, $value := $t.g.annotations -}}{{- $_ := set $annotations $key (include "universal.str" $value) -}}{{- end -}}
{{- if or $t.in.gitops $general.gitops $entry.gitops -}}
{{- template "universal.gitops" (dict "levels" (list ($t.in.gitops | default $t.none) ($general.gitops | default $t.none) ($entry.gitops | default $t.none)) "labels" $labels "annotations" $annotations) -}}
{{- end -}}
{{- range $part := list $general $entry -}}
{{- range $key, $value := $part.labels -}}{{- $_ := set $labels $key (include "universal.str" $value) -}}{{- end -}}
{{- range $key, $value := $part.annotations -}}{{- $_ := set $annotations $key (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- range $key, $value := .extra -}}{{- $_ := set $annotations $key $value -}}{{- end -}}
{{- $meta := dict "name" .name "labels" $labels -}}
{{- if not .cluster -}}{{- $_ := set $meta "namespace" $t.namespace -}}{{- end -}}
{{- if $annotations -}}{{- $_ := set $meta "annotations" $annotations -}}{{- end -}}
{{- $_ := set .out "meta" $meta -}}
{{- end -}}

{{/* Labels and annotations for Argo CD and Flux; later levels win. Takes {levels, labels, annotations}. */}}
{{- define "universal.gitops" -}}
{{- $argo := dict -}}
{{- $flux := dict -}}
{{- range $level := .levels -}}
{{- range $key, $value := $level.commonLabels -}}{{- $_ := set $.labels $key (include "universal.str" $value) -}}{{- end -}}
{{- range $key, $value := $level.commonAnnotations -}}{{- $_ := set $.annotations $key (include "universal.str" $value) -}}{{- end -}}
{{- range $key, $value := $level.argo -}}{{- $_ := set $argo $key $value -}}{{- end -}}
{{- range $key, $value := $level.flux -}}{{- if eq $key "enabled" -}}{{- $_ := set $flux $key $value -}}{{- end -}}{{- end -}}
{{- end -}}
{{- if $argo.enabled -}}
{{- with $argo.syncWave -}}{{- $_ := set $.annotations "argocd.argoproj.io/sync-wave" (include "universal.str" .) -}}{{- end -}}
{{- with $argo.syncOptions -}}{{- $_ := set $.annotations "argocd.argoproj.io/sync-options" (join "," .) -}}{{- end -}}
{{- with $argo.compareOptions -}}{{- $_ := set $.annotations "argocd.argoproj.io/compare-options" (join "," .) -}}{{- end -}}
{{- end -}}
{{- if $flux.enabled -}}
{{- range $level := .levels -}}
{{- $of := $level.flux | default dict -}}
{{- range $key, $value := $of.labels -}}{{- $_ := set $.labels $key (include "universal.str" $value) -}}{{- end -}}
{{- range $key, $value := $of.annotations -}}{{- $_ := set $.annotations $key (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
