{{/*
The tree: values in either form, made into one shape that every template reads. It is built once in a
release, by the template that asks first, and kept at .Values.universalTree.

  modern, flat, base, prefix, namespace, selector, labels   what all objects share
  families.<family>     entries [{key, name, family, e, general}], e = what the values say
  workloads             those of all workload families, with selector, podLabels, meta and pod
  warnings              what NOTES.txt tells
*/}}
{{- define "universal.tree" -}}
{{- if not (hasKey .Values "universalTree") -}}
{{- $in := dict -}}
{{- range $key, $value := .Values -}}
{{- if not (kindIs "invalid" $value) -}}{{- $_ := set $in $key $value -}}{{- end -}}
{{- end -}}
{{- $t := dict "in" $in "none" dict "g" ($in.generic | default dict) "warnings" list "families" dict "workloads" list "index" dict "names" dict "twice" dict "copies" (dict "configMap" dict "secret" dict "pull" dict) -}}
{{- $both := dict "root" $ "t" $t -}}
{{- template "universal.profile" $both -}}
{{- template "universal.keys" $both -}}
{{- template "universal.top" $both -}}
{{- template "universal.common" $both -}}
{{- if $t.flat -}}{{- template "universal.flat" $both -}}{{- end -}}
{{- template "universal.families" $both -}}
{{- template "universal.workloads" $both -}}
{{- template "universal.services" $both -}}
{{- template "universal.scalers" $both -}}
{{- template "universal.pods" $both -}}
{{- $_ := set .Values "universalTree" $t -}}
{{- end -}}
{{- end -}}

{{/* Which form the values have and which profile that means: tree.flat, tree.modern. */}}
{{- define "universal.profile" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $profile := $in.profile | default "auto" -}}
{{- if not (has $profile (list "auto" "nxs" "modern")) -}}
{{- fail (printf "\n\n`profile` is one of auto, nxs, modern, not `%v`\n" $profile) -}}
{{- end -}}
{{- $workloads := or $in.deployments $in.statefulSets $in.daemonSets $in.pods $in.rollouts $in.jobs $in.cronJobs $in.hooks -}}
{{- $image := $in.image -}}
{{- $hasImage := false -}}
{{- if kindIs "map" $image -}}{{- $hasImage = not (empty $image.repository) -}}
{{- else if kindIs "string" $image -}}{{- $hasImage = ne $image "" -}}{{- end -}}
{{- $flat := and $hasImage (ne $profile "nxs") (or (not $workloads) $in.workloadKind (eq $profile "modern")) | not | not -}}
{{- $modern := eq $profile "modern" -}}
{{- if and (eq $profile "auto") (not $modern) -}}
{{- $modern = true -}}
{{- if not $flat -}}
{{- if or $workloads $in.envs $in.envsString $in.secretEnvs $in.secretEnvsString $in.extraDeploy (and $in.imagePullSecrets (kindIs "map" $in.imagePullSecrets)) -}}
{{- $modern = false -}}
{{- else -}}
{{- $families := include "universal.keys.families" . -}}
{{- range $key, $value := $in -}}
{{- if and $modern $value (contains (printf "|%s|" $key) $families) -}}{{- $modern = false -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $t "flat" $flat -}}
{{- $_ := set $t "modern" $modern -}}
{{- $_ := set $t "hasWorkloads" (not (empty $workloads)) -}}
{{- $unknown := $in.unknownKeys | default "auto" -}}
{{- if eq $unknown "auto" -}}{{- $unknown = ternary "fail" "near" $modern -}}{{- end -}}
{{- if not (has $unknown (list "fail" "near" "warn")) -}}
{{- fail (printf "\n\n`unknownKeys` is one of auto, fail, warn, not `%v`\n" $unknown) -}}
{{- end -}}
{{- $_ := set $t "unknown" $unknown -}}
{{- $_ := set $t "selectorMode" ($t.g.selectorMode | default (ternary "component" "nxs" $modern)) -}}
{{- $_ := set $t "hookMode" ($t.g.hookMode | default (ternary "managed" "nxs" $modern)) -}}
{{- end -}}

{{/* The keys at the top: unknown ones, aliases, families of other charts, flat keys without an image. */}}
{{- define "universal.top" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $map := printf "%s%s%s" (include "universal.keys.families" .) (include "universal.keys.generals" .) (include "universal.keys.shared" .) -}}
{{- $flat := printf "%s%s%s" (include "universal.keys.flatContainer" .) (include "universal.keys.flatWorkload" .) (include "universal.keys.flatOwn" .) -}}
{{- $aliases := include "universal.keys.aliases" . -}}
{{- $strays := list -}}
{{- $box := dict -}}
{{- range $key, $value := $in -}}
{{- $bar := printf "|%s|" $key -}}
{{- if contains $bar $map -}}
{{- else if contains $bar $flat -}}
{{- if and (not $t.flat) $value -}}{{- $strays = append $strays $key -}}{{- end -}}
{{- else if and (contains $bar $aliases) (kindIs "map" $value) -}}
{{- template "universal.alias" (dict "t" $t "key" $key) -}}
{{- else if contains $bar (include "universal.keys.unbundled" $) -}}
{{- if $value -}}{{- template "universal.notBundled" (dict "t" $t "key" $key) -}}{{- end -}}
{{- else if hasPrefix "nuc-" $key -}}
{{- if and (kindIs "map" $value) $value.enabled -}}{{- template "universal.notBundled" (dict "t" $t "key" (printf "%s.enabled" $key)) -}}{{- end -}}
{{- else if hasPrefix "x-" $key -}}
{{- else -}}
{{- template "universal.used" (dict "t" $t "key" (printf ".%s" $key) "box" $box) -}}
{{- if not $box.used -}}
{{- template "universal.unknown" (dict "t" $t "at" "" "key" $key "known" "" "list" (printf "%s%s" $map $flat)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key := $strays -}}
{{- template "universal.used" (dict "t" $t "key" (printf ".%s" $key) "box" $box) -}}
{{- if not $box.used -}}
{{- if and (not $t.hasWorkloads) (ne ($in.profile | default "auto") "nxs") -}}
{{- fail (printf "\n\n`%s` needs a workload: flat values need image.repository (or image: NAME)\n" $key) -}}
{{- else if $t.modern -}}
{{- fail (printf "\n\n`%s` has no effect beside map-form workloads without image.repository; say `workloadKind` and `image` for a flat workload, or move it to an entry\n" $key) -}}
{{- else -}}
{{- $_ := set $t "warnings" (append $t.warnings (printf "`%s` has no effect in profile nxs" $key)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key, $level := dict "diagnosticMode" "diagnosticMode" "nodeAffinityPreset" "affinityPreset" "serviceAccountGeneral" "accountGeneral" "gitops" "gitops" -}}
{{- with index $in $key -}}{{- template "universal.take" (dict "t" $t "at" $key "in" . "known" $level "out" dict) -}}{{- end -}}
{{- end -}}
{{- $generic := index $t.keys "generic" -}}
{{- range $key, $value := $t.g -}}
{{- if not (contains (printf "|%s|" $key) $generic) -}}
{{- template "universal.used" (dict "t" $t "key" (printf ".generic.%s" $key) "box" $box) -}}
{{- if not $box.used -}}{{- template "universal.unknown" (dict "t" $t "at" "generic" "key" $key "known" "generic") -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Whether a template of the values reads a key: box.used. Takes {t, key, box}. */}}
{{- define "universal.used" -}}
{{- if not (hasKey .t "allText") -}}{{- $_ := set .t "allText" (toJson .t.in) -}}{{- end -}}
{{- $word := last (splitList "." .key) -}}
{{- $_ := set .box "used" (and (contains "{{" .t.allText) (or (contains (printf ".Values%s" .key) .t.allText) (contains (printf "Values \\\"%s" $word) .t.allText))) -}}
{{- end -}}

{{/* A family's other spelling: it works in modern and is told in nxs. Takes {t, key}. */}}
{{- define "universal.alias" -}}
{{- $names := dict "hpa" "hpas" "pdb" "pdbs" "pvc" "pvcs" "pv" "pvs" "cronjobs" "cronJobs" "statefulsets" "statefulSets" "daemonsets" "daemonSets" "servicemonitors" "serviceMonitors" "configmaps" "configMaps" -}}
{{- $name := index $names .key -}}
{{- if not .t.modern -}}
{{- $_ := set .t "warnings" (append .t.warnings (printf "`%s` is ignored by nxs; rename it to `%s` or set `profile: modern`" .key $name)) -}}
{{- else if and (hasKey .t.in $name) (index .t.in $name) -}}
{{- fail (printf "\n\n`%s` and `%s` are the same key; keep one\n" .key $name) -}}
{{- else -}}
{{- $_ := set .t.in $name (index .t.in .key) -}}
{{- end -}}
{{- end -}}

{{- define "universal.notBundled" -}}
{{- if eq (.t.in.unbundled | default "fail") "ignore" -}}
{{- $_ := set .t "warnings" (append .t.warnings (printf "`%s` is not bundled and was left out" .key)) -}}
{{- else -}}
{{- fail (printf "\n\n`%s` is not bundled; put the manifest under extraDeploy (or say `unbundled: ignore`)\n" .key) -}}
{{- end -}}
{{- end -}}

{{/* What all objects share: names, selector, labels, annotations. */}}
{{- define "universal.common" -}}
{{- $t := .t -}}
{{- $root := .root -}}
{{- $in := $t.in -}}
{{- $g := $t.g -}}
{{- $base := include "universal.base" $root -}}
{{- $_ := set $t "base" $base -}}
{{- $prefix := printf "%s-" $base -}}
{{- with $in.releasePrefix -}}{{- $prefix = ternary "" (printf "%s-" (trimAll "-" .)) (eq . "-") -}}{{- end -}}
{{- $_ := set $t "prefix" $prefix -}}
{{- $_ := set $t "namespace" (include "universal.text" (list $root ($in.namespaceOverride | default $root.Release.Namespace))) -}}
{{- $selector := dict "app.kubernetes.io/name" $base "app.kubernetes.io/instance" $root.Release.Name -}}
{{- range $key, $value := $g.extraSelectorLabels -}}
{{- $_ := set $selector $key (include "universal.str" $value) -}}
{{- end -}}
{{- $_ := set $t "selector" $selector -}}
{{- $labels := dict "helm.sh/chart" (include "helpers.app.chart" $root) "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- if and $root.Chart.AppVersion (not $t.modern) -}}{{- $_ := set $labels "app.kubernetes.io/version" $root.Chart.AppVersion -}}{{- end -}}
{{- with $in.partOf -}}{{- $_ := set $labels "app.kubernetes.io/part-of" (toString .) -}}{{- end -}}
{{- range $part := list $selector $g.labels -}}
{{- range $key, $value := $part -}}{{- $_ := set $labels $key (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- $_ := set $t "labels" $labels -}}
{{- if hasKey $g "hookAnnotations" -}}
{{- $_ := set $t "hookAnnotations" ($g.hookAnnotations | default dict) -}}
{{- else -}}
{{- $_ := set $t "hookAnnotations" (dict "helm.sh/hook" "pre-install,pre-upgrade" "helm.sh/hook-weight" "-999" "helm.sh/hook-delete-policy" "before-hook-creation") -}}
{{- end -}}
{{- $_ := set $t "hooksEverywhere" (and (eq $t.hookMode "nxs") (or (not $t.modern) (not (hasKey $g "hookAnnotations")) (not (empty $g.hookAnnotations)))) -}}
{{- end -}}

{{/* tree.families: entries of every family that is not a workload. */}}
{{- define "universal.families" -}}
{{- $t := .t -}}
{{- $root := .root -}}
{{- $levels := dict "services" "service" "ingresses" "ingress" "networkPolicies" "networkPolicy" "configMaps" "configMap" "secrets" "secret" "sealedSecrets" "sealedSecret" "externalSecrets" "externalSecret" "secretStores" "secretStore" "clusterSecretStores" "secretStore" "secretProviderClasses" "secretProviderClass" "pvcs" "pvc" "pvs" "pv" "serviceAccount" "serviceAccount" "hpas" "hpa" "vpas" "spec" "pdbs" "pdb" "httpRoutes" "route" "grpcRoutes" "route" "tcpRoutes" "route" "tlsRoutes" "route" "udpRoutes" "route" "serviceMonitors" "monitor" "podMonitors" "monitor" "prometheusRules" "prometheusRule" "certificates" "certificate" "issuers" "spec" "analysisTemplates" "spec" -}}
{{- $first := $t.flatFamilies | default dict -}}
{{- range $family, $level := $levels -}}
{{- $value := index $t.in $family -}}
{{- $out := index $first $family | default list -}}
{{- if $value -}}
{{- $box := dict "list" $out -}}
{{- template "universal.entries" (dict "root" $root "t" $t "family" $family "level" $level "value" $value "box" $box) -}}
{{- $out = $box.list -}}
{{- end -}}
{{- if $out -}}{{- $_ := set $t.families $family $out -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* Adds the living entries of a family to box.list. Takes {root, t, family, level, value, box}. */}}
{{- define "universal.entries" -}}
{{- $t := .t -}}
{{- $value := .value -}}
{{- if kindIs "string" $value -}}{{- $value = fromYaml (tpl $value .root) -}}{{- end -}}
{{- if kindIs "slice" $value -}}
{{- fail (printf "\n\n`%s` is a map, a name for each entry; lists were the way of nxs-universal-chart 1.x\n" .family) -}}
{{- end -}}
{{- if not (kindIs "map" $value) -}}
{{- fail (printf "\n\n`%s` is a map of entries, not `%v`\n" .family .value) -}}
{{- end -}}
{{- range $key, $e := $value -}}
{{- if not (kindIs "map" $e) -}}
{{- if $e -}}{{- fail (printf "\n\n`%s.%s` is a map, not `%v`\n" $.family $key $e) -}}{{- end -}}
{{- else if and (or $e (eq $.family "serviceAccount") (and $t.modern (has $.family (list "services" "pdbs")))) (not $e.disabled) (ne (toString $e.enabled) "false") -}}
{{- $out := dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%s.%s" $.family $key) "in" $e "known" $.level "out" $out) -}}
{{- $name := printf "%s%s" $t.prefix $key | trunc 63 | trimSuffix "-" -}}
{{- with $out.fullnameOverride -}}{{- $name = include "universal.text" (list $.root .) -}}{{- end -}}
{{- $_ := set $.box "list" (append $.box.list (dict "key" $key "name" $name "family" $.family "at" (printf "%s.%s" $.family $key) "e" $out "raw" $e)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
