{{/* Pods: w.pod, w.podMeta and w.meta of every workload. */}}
{{- define "universal.pods" -}}
{{- $t := .t -}}
{{- $root := .root -}}
{{- template "universal.made" (dict "root" $root "t" $t) -}}
{{- range $w := $t.workloads -}}
{{- if and $w.e.peers (eq $w.kind "StatefulSet") -}}
{{- $peers := dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%speers" $w.say) "in" $w.e.peers "known" "peers" "out" $peers) -}}
{{- if $peers.env -}}
{{- $box := dict -}}
{{- template "universal.peers" (dict "root" $root "t" $t "at" $w.at "key" $w.key "box" $box) -}}
{{- $_ := set $w "peers" (dict "name" $peers.env "value" $box.peers) -}}
{{- end -}}
{{- end -}}
{{- template "universal.pod" (dict "root" $root "t" $t "w" $w) -}}
{{- end -}}
{{- end -}}

{{/* Names of the ConfigMaps and Secrets that we make (tree.made), and configs of workloads (tree.configs). */}}
{{- define "universal.made" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $configMaps := dict -}}
{{- $secrets := dict -}}
{{- range $one := $t.families.configMaps -}}
{{- if and $t.modern (eq $one.key "envs") -}}{{- fail "\n\n`configMaps.envs`: that name belongs to `envs` at the top\n" -}}{{- end -}}
{{- $_ := set $configMaps $one.key $one.name -}}
{{- end -}}
{{- range $one := $t.families.secrets -}}
{{- if and $t.modern (eq $one.key "secret-envs") -}}{{- fail "\n\n`secrets.secret-envs`: that name belongs to `secretEnvs` at the top\n" -}}{{- end -}}
{{- $_ := set $secrets $one.key $one.name -}}
{{- end -}}
{{- if or $in.envs $in.envsString -}}{{- $_ := set $configMaps "envs" (printf "%senvs" $t.prefix) -}}{{- end -}}
{{- if or $in.secretEnvs $in.secretEnvsString -}}{{- $_ := set $secrets "secret-envs" (printf "%ssecret-envs" $t.prefix) -}}{{- end -}}
{{- $_ := set $t "made" (dict "configMap" $configMaps "secret" $secrets) -}}
{{- $_ := set $t "configs" list -}}
{{- range $w := $t.workloads -}}
{{- with $w.e.config -}}
{{- $config := dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%sconfig" $w.say) "in" . "known" "config" "out" $config) -}}
{{- $name := printf "%s-config" (trunc 56 (ternary $t.base $w.name $w.flat)) -}}
{{- $object := $name -}}
{{- with $config.existing -}}{{- $object = . -}}{{- end -}}
{{- if not (or $config.files $config.existing) -}}{{- fail (printf "\n\n`%sconfig` needs `files` or `existing`\n" $w.say) -}}{{- end -}}
{{- $one := dict "name" $name "object" $object "key" $w.key "config" $config "path" ($config.mountPath | default "/etc/config") "w" $w "hooked" $w.hooked -}}
{{- if and $config.files (not (hasKey ($t.configNames | default $t.none) $name)) -}}{{- $_ := set $t "configs" (append $t.configs $one) -}}{{- end -}}
{{- $_ := set $t "configNames" (merge (dict $name true) ($t.configNames | default dict)) -}}
{{- $_ := set $t "configMounts" ($t.configMounts | default dict) -}}
{{- $_ := set $t.configMounts $w.at $one -}}
{{- if $w.flat -}}{{- $_ := set $t.configMounts "main" $one -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "universal.pod" -}}
{{- $root := .root -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $e := $w.e -}}
{{- $g := $t.g -}}
{{- $pod := dict -}}
{{- range $key, $value := $e -}}
{{- if contains (printf "|%s|" $key) $t.podKeys -}}
{{- if or $value (kindIs "bool" $value) (and (or (kindIs "float64" $value) (kindIs "int64" $value)) (or $t.modern (ne $w.kind "Job"))) -}}{{- $_ := set $pod $key $value -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $e.activeDeadlineSeconds (not $w.batch) $t.modern -}}{{- $_ := set $pod "activeDeadlineSeconds" $e.activeDeadlineSeconds -}}{{- end -}}
{{- $_ := set $w "tmp" "tmp" -}}
{{- range $volume := $w.raw.volumes -}}{{- if eq (toString $volume.name) "tmp" -}}{{- $_ := set $w "tmp" "writable-tmp" -}}{{- end -}}{{- end -}}
{{- $box := dict "volumes" list -}}
{{- $main := list -}}
{{- $names := dict -}}
{{- template "universal.containers" (dict "in" $e.containers "key" $w.key "box" $box) -}}
{{- range $index, $c := $box.list -}}
{{- if and (not $c.disabled) (ne (toString $c.enabled) "false") -}}
{{- $name := printf "%s-%d" $w.key $index -}}
{{- with $c.name -}}{{- $name = include "universal.text" (list $root .) -}}{{- end -}}
{{- template "universal.container" (dict "root" $root "t" $t "w" $w "c" $c "name" $name "init" false "side" false "box" $box) -}}
{{- $main = append $main $box.container -}}
{{- if eq (len $main) 1 -}}{{- $_ := set $w "tag" $box.tag -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $e.sidecars -}}
{{- template "universal.containers" (dict "in" $e.sidecars "key" "" "box" $box) -}}
{{- range $index, $c := $box.list -}}
{{- if and (not $c.disabled) (ne (toString $c.enabled) "false") -}}
{{- $name := $c.name | default (printf "%s-sidecar-%d" $w.key $index) -}}
{{- template "universal.container" (dict "root" $root "t" $t "w" $w "c" $c "name" $name "init" false "side" true "box" $box) -}}
{{- $main = append $main $box.container -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (not $main) $t.modern -}}{{- fail (printf "\n\n`%s` has no `containers`\n" $w.at) -}}{{- end -}}
{{- with $main -}}{{- $_ := set $pod "containers" . -}}{{- end -}}
{{- if $e.initContainers -}}
{{- $inits := list -}}
{{- template "universal.containers" (dict "in" $e.initContainers "key" "" "box" $box) -}}
{{- range $index, $c := $box.list -}}
{{- if and (not $c.disabled) (ne (toString $c.enabled) "false") -}}
{{- $name := printf "%s-init-%d" $w.key $index -}}
{{- with $c.name -}}{{- $name = include "universal.text" (list $root .) -}}{{- end -}}
{{- template "universal.container" (dict "root" $root "t" $t "w" $w "c" $c "name" $name "init" true "side" false "box" $box) -}}
{{- $inits = append $inits $box.container -}}
{{- end -}}
{{- end -}}
{{- with $inits -}}{{- $_ := set $pod "initContainers" . -}}{{- end -}}
{{- end -}}
{{- template "universal.pod.volumes" (dict "root" $root "t" $t "w" $w "box" $box) -}}
{{- with $box.volumes -}}{{- $_ := set $pod "volumes" . -}}{{- end -}}
{{- template "universal.pod.account" (dict "root" $root "t" $t "w" $w "pod" $pod) -}}
{{- template "universal.pod.placement" (dict "t" $t "w" $w "pod" $pod "root" $root) -}}
{{- template "universal.pod.pullSecrets" (dict "root" $root "t" $t "w" $w "pod" $pod) -}}
{{- $_ := unset $box "default" -}}
{{- $own := $e.securityContext -}}
{{- if and $w.needsMain (not $own) -}}{{- $own = $t.mainEntry.securityContext -}}{{- end -}}
{{- $hardened := and $t.modern (ne ($e.securityProfile | default "hardened") "none") -}}
{{- if $hardened -}}{{- template "universal.security.pod" (dict "own" $own "generic" $g.podSecurityContext "box" $box) -}}{{- end -}}
{{- template "universal.security" (dict "own" $own "generic" $g.podSecurityContext "default" $box.default "box" $box) -}}
{{- with $box.context -}}{{- $_ := set $pod "securityContext" . -}}{{- end -}}
{{- if $t.modern -}}
{{- if not (hasKey $pod "enableServiceLinks") -}}{{- $_ := set $pod "enableServiceLinks" false -}}{{- end -}}
{{- end -}}
{{- if and $w.batch (not $pod.restartPolicy) -}}{{- $_ := set $pod "restartPolicy" "Never" -}}{{- end -}}
{{- with $e.podSpec -}}{{- $pod = mergeOverwrite (fromJson (toJson $pod)) . -}}{{- end -}}
{{- $_ := set $w "pod" $pod -}}
{{- template "universal.checksums" (dict "root" $root "t" $t "w" $w) -}}
{{- $podMeta := dict -}}
{{- if $w.podLabels -}}{{- $_ := set $podMeta "labels" $w.podLabels -}}{{- end -}}
{{- $annotations := $w.checksums -}}
{{- range $part := list $g $w.general $w.raw -}}
{{- range $key, $value := $part.podAnnotations -}}{{- $_ := set $annotations $key (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- if $annotations -}}{{- $_ := set $podMeta "annotations" $annotations -}}{{- end -}}
{{- $_ := set $w "podMeta" $podMeta -}}
{{- $version := "" -}}
{{- if and $t.modern $w.tag -}}{{- if and (lt (len $w.tag) 64) (regexMatch "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$" $w.tag) -}}{{- $version = $w.tag -}}{{- end -}}{{- end -}}
{{- $fixed := dict -}}
{{- if eq $w.kind "Hook" -}}
{{- $fixed = dict "helm.sh/hook" (include "universal.text" (list $root ($e.kind | default "pre-install,pre-upgrade"))) "helm.sh/hook-weight" (include "universal.str" (ternary $e.weight "5" (or (not (empty $e.weight)) (and $t.modern (hasKey $e "weight"))))) "helm.sh/hook-delete-policy" ($e.deletePolicy | default "before-hook-creation") -}}
{{- end -}}
{{- template "universal.meta" (dict "t" $t "out" $w "name" $w.name "key" $w.key "component" $w.component "entry" $w.raw "general" $w.general "version" $version "fixed" $fixed "cluster" (and (eq $w.kind "Hook") (not $t.modern))) -}}
{{- end -}}

{{/* Volumes of the values, then those that the profile needs. Takes {root, t, w, box}. */}}
{{- define "universal.pod.volumes" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $first := list -}}
{{- $config := index ($t.configMounts | default $t.none) $w.at -}}
{{- if and (not $config) $w.needsMain -}}{{- $config = index ($t.configMounts | default $t.none) "main" -}}{{- end -}}
{{- if $config -}}
{{- $name := $config.object -}}
{{- if and $w.hooked $config.config.files -}}
{{- $name = printf "%s-hook" (trunc 58 $name) -}}
{{- $_ := set $config "copied" true -}}
{{- end -}}
{{- $body := dict "name" $name -}}
{{- with $config.config.defaultMode -}}{{- $_ := set $body "defaultMode" . -}}{{- end -}}
{{- $first = append $first (dict "name" "config" "configMap" $body) -}}
{{- end -}}
{{- $_ := set .box "volumes" $first -}}
{{- template "universal.volumes" (dict "root" .root "t" $t "w" $w "box" .box) -}}
{{- if and $w.needsMain (not $w.flat) -}}
{{- $main := dict "raw" $t.mainEntry "general" $t.none "at" "main" "say" "" "refs" $w.refs "hooked" $w.hooked -}}
{{- $box := dict "volumes" .box.volumes -}}
{{- template "universal.volumes" (dict "root" .root "t" $t "w" $main "box" $box) -}}
{{- $_ := set .box "volumes" $box.volumes -}}
{{- end -}}
{{- if $w.needsTmp -}}{{- $_ := set .box "volumes" (append .box.volumes (dict "name" $w.tmp "emptyDir" dict)) -}}{{- end -}}
{{- end -}}

{{/* The ServiceAccount by its key or its name, and its token. Takes {root, t, w, pod}. */}}
{{- define "universal.pod.account" -}}
{{- $t := .t -}}
{{- $e := .w.e -}}
{{- $token := false -}}
{{- if $e.serviceAccountName -}}
{{- $name := include "universal.text" (list .root $e.serviceAccountName) -}}
{{- range $account := $t.families.serviceAccount -}}
{{- if or (eq $account.key $name) (and $account.flat (eq $account.name $name)) -}}
{{- $name = $account.name -}}
{{- if or $account.e.role $account.e.clusterRole -}}{{- $token = true -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .pod "serviceAccountName" $name -}}
{{- end -}}
{{- if and $t.modern (not (hasKey .pod "automountServiceAccountToken")) -}}
{{- $_ := set .pod "automountServiceAccountToken" $token -}}
{{- end -}}
{{- end -}}

{{/* Affinity, from the values or a preset, and spread. Takes {root, t, w, pod}. */}}
{{- define "universal.pod.placement" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $w := .w -}}
{{- $e := $w.e -}}
{{- $pod := .pod -}}
{{- if $e.affinity -}}
{{- $_ := set $pod "affinity" $e.affinity -}}
{{- else if or $e.usePredefinedAffinity (and $t.modern $in.usePredefinedAffinity) -}}
{{- $affinity := dict -}}
{{- $node := $in.nodeAffinityPreset | default $t.none -}}
{{- if $node.type -}}
{{- $expression := dict "key" $node.key "operator" "In" "values" $node.values -}}
{{- if eq $node.type "soft" -}}
{{- $_ := set $affinity "nodeAffinity" (dict "preferredDuringSchedulingIgnoredDuringExecution" (list (dict "weight" 1 "preference" (dict "matchExpressions" (list $expression))))) -}}
{{- else -}}
{{- $_ := set $affinity "nodeAffinity" (dict "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" (list (dict "matchExpressions" (list $expression))))) -}}
{{- end -}}
{{- end -}}
{{- $labels := dict -}}
{{- range $part := list $t.selector (ternary $w.selector ($w.raw.extraSelectorLabels | default $t.none) (and $t.modern (not $w.batch))) -}}
{{- range $key, $value := $part -}}{{- $_ := set $labels $key (include "universal.str" $value) -}}{{- end -}}
{{- end -}}
{{- $term := dict "labelSelector" (dict "matchLabels" $labels) "namespaces" (list $t.namespace) "topologyKey" "kubernetes.io/hostname" -}}
{{- range $field, $preset := dict "podAffinity" $in.podAffinityPreset "podAntiAffinity" (ternary $in.podAntiAffinityPreset "soft" (hasKey $in "podAntiAffinityPreset")) -}}
{{- if eq (toString $preset) "soft" -}}
{{- $_ := set $affinity $field (dict "preferredDuringSchedulingIgnoredDuringExecution" (list (dict "weight" 100 "podAffinityTerm" $term))) -}}
{{- else if eq (toString $preset) "hard" -}}
{{- $_ := set $affinity $field (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term)) -}}
{{- end -}}
{{- end -}}
{{- if $affinity -}}{{- $_ := set $pod "affinity" $affinity -}}{{- end -}}
{{- end -}}
{{- if and $t.modern (not $w.batch) (has $w.kind (list "Deployment" "StatefulSet" "Rollout")) (not (hasKey $e "topologySpreadConstraints")) (not $pod.affinity) (ne ($e.spread | default "soft") "none") -}}
{{- if or $w.scaled (gt (int ($e.replicas | default 1)) 1) -}}
{{- $how := ternary "DoNotSchedule" "ScheduleAnyway" (eq ($e.spread | default "soft") "hard") -}}
{{- $_ := set $pod "topologySpreadConstraints" (list (dict "maxSkew" 1 "topologyKey" "kubernetes.io/hostname" "whenUnsatisfiable" $how "labelSelector" (dict "matchLabels" $w.selector))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Pull secrets: those that we make, the entry's, generic's. Takes {root, t, w, pod}. */}}
{{- define "universal.pod.pullSecrets" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $made := $t.in.imagePullSecrets -}}
{{- $out := list -}}
{{- if kindIs "map" $made -}}
{{- range $name, $_ := $made -}}
{{- if $w.hooked -}}
{{- $_ := set $t.copies.pull $name true -}}
{{- $name = printf "%s-hook" $name -}}
{{- end -}}
{{- $out = append $out (dict "name" $name) -}}
{{- end -}}
{{- else if and $made (not $w.flat) -}}
{{- $out = concat $out $made -}}
{{- end -}}
{{- range $source := list $w.raw.imagePullSecrets $w.raw.extraImagePullSecrets (ternary (concat ($w.general.imagePullSecrets | default list) ($w.general.extraImagePullSecrets | default list)) list $t.modern) $t.g.extraImagePullSecrets -}}
{{- range $one := $source -}}
{{- if kindIs "string" $one -}}{{- $one = dict "name" $one -}}{{- end -}}
{{- if not (and $t.modern (has $one $out)) -}}{{- $out = append $out $one -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- with $out -}}{{- $_ := set $.pod "imagePullSecrets" . -}}{{- end -}}
{{- end -}}
