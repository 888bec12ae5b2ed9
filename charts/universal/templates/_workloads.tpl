{{/* Workloads: entries of the eight families with what generic and General say, selectors and labels. */}}
{{- define "universal.workloads" -}}
{{- $t := .t -}}
{{- $root := .root -}}
{{- $mode := $t.in.workloadMode | default "auto" | lower -}}
{{- $defaults := dict -}}
{{- range $key, $value := $t.g -}}
{{- if and (not (kindIs "invalid" $value)) (contains (printf "|%s|" $key) $t.genericKeys) -}}{{- $_ := set $defaults $key $value -}}{{- end -}}
{{- end -}}
{{- $kinds := dict "deployments" "Deployment" "statefulSets" "StatefulSet" "daemonSets" "DaemonSet" "pods" "Pod" "rollouts" "Rollout" "jobs" "Job" "cronJobs" "CronJob" "hooks" "Hook" -}}
{{- range $family := list "deployments" "statefulSets" "daemonSets" "pods" "rollouts" "jobs" "cronJobs" "hooks" -}}
{{- $kind := index $kinds $family -}}
{{- $entries := list -}}
{{- range $flat := $t.flatWorkloads -}}{{- if eq $flat.family $family -}}{{- $entries = append $entries $flat -}}{{- end -}}{{- end -}}
{{- $value := index $t.in $family -}}
{{- if $value -}}
{{- $box := dict "list" list -}}
{{- template "universal.entries" (dict "root" $root "t" $t "family" $family "level" "workload" "value" $value "box" $box) -}}
{{- $entries = concat $entries $box.list -}}
{{- end -}}
{{- if and $entries (or (eq $mode "auto") (eq $mode (lower $kind)) (and (has $mode (list "batch" "jobs" "jobs-only" "jobsonly")) (has $kind (list "Job" "CronJob" "Hook")))) -}}
{{- $general := dict -}}
{{- $said := index $t.in (printf "%sGeneral" $family) -}}
{{- if $said -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%sGeneral" $family) "in" $said "known" "general" "out" $general) -}}
{{- template "universal.without" (dict "t" $t "at" (printf "%sGeneral." $family) "kind" $kind "in" $general) -}}
{{- end -}}
{{- $default := dict -}}
{{- range $key, $value := $defaults -}}{{- $_ := set $default $key $value -}}{{- end -}}
{{- range $key, $value := $general -}}
{{- if or $t.modern (contains (printf "|%s|" $key) "|affinity|topologySpreadConstraints|usePredefinedAffinity|revisionHistoryLimit|parallelism|completions|activeDeadlineSeconds|backoffLimit|ttlSecondsAfterFinished|suspend|singleOnly|timeZone|startingDeadlineSeconds|successfulJobsHistoryLimit|failedJobsHistoryLimit|") -}}
{{- $_ := set $default $key $value -}}
{{- end -}}
{{- end -}}
{{- range $entry := $entries -}}
{{- template "universal.workload" (dict "root" $root "t" $t "entry" $entry "kind" $kind "general" $general "default" $default) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Adds one workload to tree.workloads. Takes {root, t, entry, kind, general, default}. */}}
{{- define "universal.workload" -}}
{{- $t := .t -}}
{{- $entry := .entry -}}
{{- $key := $entry.key -}}
{{- $raw := $entry.e -}}
{{- $at := printf "%s.%s" $entry.family $key -}}
{{- if $t.modern -}}{{- template "universal.workload.aliases" (dict "at" $at "e" $raw) -}}{{- end -}}
{{- $e := dict -}}
{{- range $name, $value := .default -}}{{- $_ := set $e $name $value -}}{{- end -}}
{{- range $name, $value := $raw -}}
{{- if or $t.modern $value (not (hasKey $e $name)) (not (contains (printf "|%s|" $name) "|hostAliases|priorityClassName|dnsPolicy|dnsConfig|nodeSelector|tolerations|serviceAccountName|affinity|")) -}}
{{- $_ := set $e $name $value -}}
{{- end -}}
{{- end -}}
{{- if not $t.modern -}}
{{- range $name := list "suspend" "singleOnly" -}}
{{- if and (hasKey ($entry.raw | default $t.none) $name) (not (hasKey $raw $name)) -}}{{- $_ := unset $e $name -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- template "universal.without" (dict "t" $t "at" (ternary (printf "%s." $at) "" (hasKey $entry "raw")) "kind" .kind "in" $raw "flat" (not (hasKey $entry "raw"))) -}}
{{- $batch := has .kind (list "Job" "CronJob" "Hook") -}}
{{- $component := $entry.component | default $key -}}
{{- if and (not $entry.component) (hasKey $t.index $key) -}}{{- $component = printf "%s-%s" $key (lower .kind) -}}{{- end -}}
{{- $component = trunc 63 $component | trimAll "-_." -}}
{{- $selector := dict -}}
{{- $labels := dict -}}
{{- if hasKey $e "selectorLabels" -}}
{{- range $name, $value := $e.selectorLabels -}}{{- $_ := set $selector $name (include "universal.text" (list $.root $value)) -}}{{- end -}}
{{- else -}}
{{- range $name, $value := $t.selector -}}{{- $_ := set $selector $name $value -}}{{- end -}}
{{- if eq $t.selectorMode "component" -}}{{- $_ := set $selector "app.kubernetes.io/component" $component -}}{{- end -}}
{{- range $part := list (ternary .general $t.none $t.modern) $raw -}}
{{- range $name, $value := $part.extraSelectorLabels -}}{{- $_ := set $selector $name (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- range $name, $value := $entry.more -}}{{- $_ := set $selector $name $value -}}{{- end -}}
{{- end -}}
{{- if or $t.modern (not $batch) -}}
{{- if or (not $batch) (eq $t.selectorMode "component") -}}
{{- range $part := list $t.selector $selector -}}
{{- range $name, $value := $part -}}{{- $_ := set $labels $name $value -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $t.modern -}}
{{- $_ := set $labels "app.kubernetes.io/component" $component -}}
{{- with $t.in.partOf -}}{{- $_ := set $labels "app.kubernetes.io/part-of" (toString .) -}}{{- end -}}
{{- if and $t.flat (not (hasKey $entry "raw")) -}}{{- $_ := set $labels "app" $t.base -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- range $part := list $t.g .general $raw -}}
{{- range $name, $value := $part.podLabels -}}{{- $_ := set $labels $name (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- $w := dict "key" $key "name" $entry.name "family" $entry.family "kind" .kind "at" $at "say" (ternary (printf "%s." $at) "" (hasKey $entry "raw")) "e" $e "raw" $raw "general" .general "component" $component "selector" $selector "podLabels" $labels "batch" $batch "flat" (not (hasKey $entry "raw")) "refs" (dict "configMap" dict "secret" dict) "checksums" dict -}}
{{- if and (eq .kind "Hook") (eq $t.hookMode "managed") -}}
{{- $when := include "universal.text" (list .root ($e.kind | default "pre-install")) -}}
{{- $_ := set $w "hooked" (or (contains "pre-install" $when) (contains "pre-upgrade" $when)) -}}
{{- end -}}
{{- $seen := printf "name/%s/%s" (ternary "Job" .kind (eq .kind "Hook")) $entry.name -}}
{{- if and $t.modern (hasKey $t.names $seen) -}}{{- fail (printf "\n\n`%s` and `%s` have the same name, `%s`\n" (index $t.names $seen) $at $entry.name) -}}{{- end -}}
{{- $_ := set $t.names $seen $at -}}
{{- $_ := set $t "workloads" (append $t.workloads $w) -}}
{{- if not (hasKey $t.index $key) -}}{{- $_ := set $t.index $key $w -}}
{{- else if not $batch -}}{{- $_ := set $t.twice $key true -}}{{- end -}}
{{- $_ := set $t.index (printf "%s/%s" $entry.family $key) $w -}}
{{- end -}}

{{/* Other spellings of an entry's keys. Takes {at, e}. */}}
{{- define "universal.workload.aliases" -}}
{{- $e := .e -}}
{{- range $alias, $name := dict "replicaCount" "replicas" "podSecurityContext" "securityContext" "updateStrategy" "strategy" "extraContainers" "sidecars" "additionalContainers" "sidecars" -}}
{{- if hasKey $e $alias -}}
{{- if and (hasKey $e $name) (ne (toJson (index $e $name)) (toJson (index $e $alias))) -}}
{{- fail (printf "\n\n`%s.%s` and `%s.%s` are the same key; keep one\n" $.at $alias $.at $name) -}}
{{- end -}}
{{- $_ := set $e $name (index $e $alias) -}}
{{- $_ := unset $e $alias -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
The workload that an entry of another family belongs to: the one it names, else the one with its key,
else the only one. Sets box.w, which stays away if there is none. Takes {root, t, at, key, name, box}.
*/}}
{{- define "universal.target" -}}
{{- $t := .t -}}
{{- $_ := unset .box "w" -}}
{{- if .name -}}
{{- $name := include "universal.text" (list .root .name) -}}
{{- if hasKey $t.twice $name -}}{{- fail (printf "\n\n`%s`: more than one workload is called `%s`; say FAMILY/%s\n" .at $name $name) -}}{{- end -}}
{{- if not (hasKey $t.index $name) -}}
{{- $known := list -}}
{{- range $w := $t.workloads -}}{{- $known = append $known $w.key -}}{{- end -}}
{{- fail (printf "\n\n`%s`: there is no workload `%s`; there are: %s\n" .at $name (join ", " $known)) -}}
{{- end -}}
{{- $_ := set .box "w" (index $t.index $name) -}}
{{- else if hasKey $t.index .key -}}
{{- if hasKey $t.twice .key -}}{{- fail (printf "\n\n`%s`: more than one workload is called `%s`; say `workload: FAMILY/%s`\n" .at .key .key) -}}{{- end -}}
{{- $_ := set .box "w" (index $t.index .key) -}}
{{- else -}}
{{- $serving := list -}}
{{- range $w := $t.workloads -}}{{- if not $w.batch -}}{{- $serving = append $serving $w -}}{{- end -}}{{- end -}}
{{- if eq (len $serving) 1 -}}{{- $_ := set .box "w" (first $serving) -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* The ports of a workload's containers: box.ports. Takes {t, w, box}. */}}
{{- define "universal.ports" -}}
{{- $w := .w -}}
{{- $ports := list -}}
{{- $boxed := dict -}}
{{- template "universal.containers" (dict "in" $w.e.containers "key" $w.key "box" $boxed) -}}
{{- range $c := $boxed.list -}}
{{- $own := $c.ports -}}
{{- if and (not $own) $c.primary $.t.modern -}}{{- $own = $w.e.ports -}}{{- end -}}
{{- $ports = concat $ports ($own | default list) -}}
{{- end -}}
{{- $_ := set .box "ports" $ports -}}
{{- end -}}

{{/*
Containers as a list with names: a map's keys are names. The primary one has the name of the workload,
else it is the first. Takes {in, key, box}: sets box.list.
*/}}
{{- define "universal.containers" -}}
{{- $out := list -}}
{{- if kindIs "map" .in -}}
{{- range $name, $c := .in -}}
{{- if not (kindIs "invalid" $c) -}}
{{- $copy := dict "name" $name -}}
{{- range $key, $value := $c -}}{{- if not (kindIs "invalid" $value) -}}{{- $_ := set $copy $key $value -}}{{- end -}}{{- end -}}
{{- $out = append $out $copy -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- range $c := .in -}}
{{- $copy := dict -}}
{{- range $key, $value := $c -}}{{- if not (kindIs "invalid" $value) -}}{{- $_ := set $copy $key $value -}}{{- end -}}{{- end -}}
{{- $out = append $out $copy -}}
{{- end -}}
{{- end -}}
{{- $primary := false -}}
{{- range $c := $out -}}{{- if and (eq (toString $c.name) $.key) (not $primary) -}}{{- $_ := set $c "primary" true -}}{{- $primary = true -}}{{- end -}}{{- end -}}
{{- if and $out (not $primary) -}}{{- $_ := set (first $out) "primary" true -}}{{- end -}}
{{- $_ := set .box "list" $out -}}
{{- end -}}
