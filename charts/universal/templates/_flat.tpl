{{/*
The flat form: one workload at the top of the values. It becomes entries of the map form with the key
`main` and the base name: tree.flatWorkloads and tree.flatFamilies.
*/}}
{{- define "universal.flat" -}}
{{- $t := .t -}}
{{- $root := .root -}}
{{- $in := $t.in -}}
{{- $families := dict -}}
{{- $_ := set $t "flatFamilies" $families -}}
{{- $kind := $in.workloadKind | default "Deployment" -}}
{{- $kinds := dict "Deployment" "deployments" "StatefulSet" "statefulSets" "DaemonSet" "daemonSets" "Rollout" "rollouts" "Job" "jobs" "CronJob" "cronJobs" -}}
{{- if not (hasKey $kinds $kind) -}}
{{- fail (printf "\n\n`workloadKind` is one of %s, not `%v`\n" (keys $kinds | sortAlpha | join " ") $kind) -}}
{{- end -}}
{{- $e := dict -}}
{{- $c := dict "name" $t.base "image" $in.image -}}
{{- $ofContainer := include "universal.keys.flatContainer" . -}}
{{- $ofWorkload := include "universal.keys.flatWorkload" . -}}
{{- range $key, $value := $in -}}
{{- if contains (printf "|%s|" $key) $ofContainer -}}{{- $_ := set $c $key $value -}}
{{- else if contains (printf "|%s|" $key) $ofWorkload -}}{{- $_ := set $e $key $value -}}{{- end -}}
{{- end -}}
{{- with $in.imageTag -}}{{- $_ := set $c "imageTag" . -}}{{- end -}}
{{- with $in.securityContext -}}{{- $_ := set $c "securityContext" . -}}{{- end -}}
{{- with $in.podSecurityContext -}}{{- $_ := set $e "securityContext" . -}}{{- end -}}
{{- if and (hasKey $in "replicas") (hasKey $in "replicaCount") -}}
{{- if ne (toString $in.replicas) (toString $in.replicaCount) -}}{{- fail "\n\n`replicas` and `replicaCount` are the same key; keep one\n" -}}{{- end -}}
{{- end -}}
{{- range $key := list "replicas" "replicaCount" -}}
{{- if hasKey $in $key -}}{{- $_ := set $e "replicas" (index $in $key) -}}{{- end -}}
{{- end -}}
{{- if kindIs "slice" $in.imagePullSecrets -}}
{{- $_ := set $e "extraImagePullSecrets" (concat $in.imagePullSecrets ($in.extraImagePullSecrets | default list)) -}}
{{- end -}}
{{- if or $in.envs $in.envsString -}}{{- $_ := set $c "envConfigmaps" (prepend ($in.envConfigmaps | default list) "envs") -}}{{- end -}}
{{- if or $in.secretEnvs $in.secretEnvsString -}}{{- $_ := set $c "envSecrets" (prepend ($in.envSecrets | default list) "secret-envs") -}}{{- end -}}
{{- template "universal.flat.strategy" (dict "t" $t "e" $e "kind" $kind) -}}
{{- if $in.rollout -}}
{{- if ne $kind "Rollout" -}}{{- fail "\n\n`rollout` needs `workloadKind: Rollout`\n" -}}{{- end -}}
{{- $_ := set $e "strategy" $in.rollout -}}
{{- end -}}
{{- template "universal.flat.service" (dict "t" $t "c" $c) -}}
{{- template "universal.flat.account" (dict "root" $root "t" $t "e" $e) -}}
{{- template "universal.flat.persistence" (dict "t" $t "e" $e "c" $c "kind" $kind) -}}
{{- $_ := set $e "containers" (list $c) -}}
{{- $_ := set $t "mainContainer" $c -}}
{{- $_ := set $t "mainEntry" $e -}}
{{- $family := index $kinds $kind -}}
{{- $main := dict "key" "main" "name" $t.base "family" $family "e" $e -}}
{{- $_ := set $t "flatWorkloads" (list $main) -}}
{{- if and $in.blueGreen $in.blueGreen.enabled -}}
{{- template "universal.flat.blueGreen" (dict "t" $t "main" $main) -}}
{{- end -}}
{{- if and $in.canary $in.canary.enabled -}}
{{- template "universal.flat.canary" (dict "t" $t "main" $main) -}}
{{- end -}}
{{- template "universal.flat.traffic" (dict "root" $root "t" $t) -}}
{{- template "universal.flat.guards" (dict "t" $t) -}}
{{- end -}}

{{/*
The update strategy of the kind: where `workloadKind` changes alone, that of the other kind stands aside.
Takes {t, e, kind}.
*/}}
{{- define "universal.flat.strategy" -}}
{{- $ordered := has .kind (list "StatefulSet" "DaemonSet") -}}
{{- if and .e.strategy .e.updateStrategy -}}
{{- $_ := unset .e (ternary "strategy" "updateStrategy" $ordered) -}}
{{- end -}}
{{- $said := coalesce .e.strategy .e.updateStrategy | default dict -}}
{{- $foreign := ternary (or (eq (toString $said.type) "Recreate") (and (eq .kind "StatefulSet") (hasKey ($said.rollingUpdate | default dict) "maxSurge"))) (eq (toString $said.type) "OnDelete") $ordered -}}
{{- if $foreign -}}
{{- $_ := unset .e "strategy" -}}
{{- $_ := unset .e "updateStrategy" -}}
{{- $_ := set .t "warnings" (append .t.warnings (printf "`strategy` has no effect on a %s" .kind)) -}}
{{- end -}}
{{- end -}}

{{/* Whether a part of the flat form is wanted: it is there and not `enabled: false`. Text, empty for no. */}}
{{- define "universal.flat.wanted" -}}
{{- if and . (kindIs "map" .) (ne (toString .enabled) "false") -}}yes{{- end -}}
{{- end -}}

{{/* Adds an entry of key and base name `main` to a family. Takes {t, family, level, at, e, key, name}. */}}
{{- define "universal.flat.add" -}}
{{- $out := dict -}}
{{- template "universal.take" (dict "t" .t "at" .at "in" .e "known" .level "out" $out) -}}
{{- $entry := dict "key" (.key | default "main") "name" (.name | default .t.base) "family" .family "at" .at "e" $out "raw" .e "flat" true -}}
{{- $_ := set .t.flatFamilies .family (append (index .t.flatFamilies .family | default list) $entry) -}}
{{- end -}}

{{/* The Service and, where none are said, the container's ports. Takes {t, c}. */}}
{{- define "universal.flat.service" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $ports := $in.containerPorts | default list -}}
{{- if include "universal.flat.wanted" $in.service -}}
{{- $service := $in.service -}}
{{- $short := dict "name" "http" "port" $service.port -}}
{{- if hasKey $service "targetPort" -}}{{- $_ := set $short "targetPort" $service.targetPort -}}{{- end -}}
{{- if hasKey $service "nodePort" -}}{{- $_ := set $short "nodePort" $service.nodePort -}}{{- end -}}
{{- $wanted := $service.ports | default (ternary (list $short) list (not (empty $service.port))) -}}
{{- $byName := dict -}}
{{- range $port := $ports -}}{{- if $port.name -}}{{- $_ := set $byName $port.name true -}}{{- end -}}{{- end -}}
{{- $out := list -}}
{{- $made := list -}}
{{- $seen := dict -}}
{{- range $port := $wanted -}}
{{- $name := $port.name | default "http" -}}
{{- $one := dict "name" $name -}}
{{- range $key, $value := $port -}}{{- if not (kindIs "invalid" $value) -}}{{- $_ := set $one $key $value -}}{{- end -}}{{- end -}}
{{- if not $ports -}}
{{- $number := ternary $one.targetPort $one.port (or (kindIs "float64" $one.targetPort) (kindIs "int64" $one.targetPort)) -}}
{{- $target := ternary $one.targetPort $name (kindIs "string" $one.targetPort) -}}
{{- if not (hasKey $seen $target) -}}
{{- $container := dict "name" $target "containerPort" $number -}}
{{- with $one.protocol -}}{{- $_ := set $container "protocol" . -}}{{- end -}}
{{- $made = append $made $container -}}
{{- $_ := set $seen $target true -}}
{{- end -}}
{{- $_ := set $one "targetPort" $target -}}
{{- else if not (hasKey $one "targetPort") -}}
{{- if hasKey $byName $name -}}{{- $_ := set $one "targetPort" $name -}}
{{- else if not $service.ports -}}{{- $_ := set $one "targetPort" ((first $ports).name | default (first $ports).containerPort) -}}{{- end -}}
{{- end -}}
{{- $out = append $out $one -}}
{{- end -}}
{{- if and (not $wanted) (not $ports) (ne (toString $service.type) "ExternalName") -}}
{{- fail "\n\n`service` needs `port`, `ports` or `containerPorts`\n" -}}
{{- end -}}
{{- $e := omit $service "port" "targetPort" "nodePort" -}}
{{- if $out -}}{{- $_ := set $e "ports" $out -}}{{- end -}}
{{- if not (or $service.workload $service.selector) -}}{{- $_ := set $e "workload" "main" -}}{{- end -}}
{{- template "universal.flat.add" (dict "t" $t "family" "services" "level" "service" "at" "service" "e" $e) -}}
{{- if not $ports -}}{{- $ports = $made -}}{{- end -}}
{{- end -}}
{{- if $ports -}}{{- $_ := set .c "ports" $ports -}}{{- end -}}
{{- end -}}

{{/* The ServiceAccount, made unless `create: false`. Takes {root, t, e}. */}}
{{- define "universal.flat.account" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $account := $in.serviceAccount | default dict -}}
{{- $own := true -}}
{{- range $key, $value := $account -}}
{{- if kindIs "map" $value -}}
{{- if not (has $key (list "annotations" "labels" "imagePullSecrets")) -}}{{- $own = false -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $own -}}
{{- $_ := unset $in "serviceAccount" -}}
{{- $out := dict -}}
{{- template "universal.take" (dict "t" $t "at" "serviceAccount" "in" $account "known" "flatServiceAccount" "out" $out) -}}
{{- $create := ne (toString $out.create) "false" -}}
{{- $name := include "universal.text" (list .root ($out.name | default (ternary $t.base "default" $create))) -}}
{{- if not (hasKey .e "serviceAccountName") -}}
{{- if $create -}}
{{- $e := dict -}}
{{- range $key := list "annotations" "labels" "imagePullSecrets" "automount" -}}
{{- if hasKey $out $key -}}{{- $_ := set $e $key (index $out $key) -}}{{- end -}}
{{- end -}}
{{- if not (hasKey $e "automount") -}}{{- $_ := set $e "automount" false -}}{{- end -}}
{{- with $out.rules -}}{{- $_ := set $e "role" (dict "name" "" "rules" .) -}}{{- end -}}
{{- with $out.clusterRules -}}{{- $_ := set $e "clusterRole" (dict "name" "" "rules" .) -}}{{- end -}}
{{- template "universal.flat.add" (dict "t" $t "family" "serviceAccount" "level" "serviceAccount" "at" "serviceAccount" "e" $e "name" $name) -}}
{{- end -}}
{{- $_ := set .e "serviceAccountName" $name -}}
{{- end -}}
{{- if and (not (hasKey .e "automountServiceAccountToken")) (or $out.automount $out.rules $out.clusterRules) -}}
{{- $_ := set .e "automountServiceAccountToken" true -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A claim with its volume and mount. Takes {t, e, c, kind}. */}}
{{- define "universal.flat.persistence" -}}
{{- $t := .t -}}
{{- if include "universal.flat.wanted" $t.in.persistence -}}
{{- $p := dict -}}
{{- template "universal.take" (dict "t" $t "at" "persistence" "in" $t.in.persistence "known" "persistence" "out" $p) -}}
{{- $volume := $p.name | default "data" -}}
{{- $mount := dict "name" $volume "mountPath" ($p.mountPath | default "/data") -}}
{{- with $p.subPath -}}{{- $_ := set $mount "subPath" . -}}{{- end -}}
{{- $_ := set .c "volumeMounts" (append (.c.volumeMounts | default list) $mount) -}}
{{- $claim := pick $p "accessModes" "size" "storageClassName" "volumeMode" "annotations" "retain" -}}
{{- if not $claim.accessModes -}}{{- $_ := set $claim "accessModes" (list "ReadWriteOnce") -}}{{- end -}}
{{- if not $claim.storageClassName -}}{{- $claim = omit $claim "storageClassName" -}}{{- end -}}
{{- if and (eq .kind "StatefulSet") (not $p.existingClaim) -}}
{{- $spec := dict "accessModes" $claim.accessModes "resources" (dict "requests" (dict "storage" ($claim.size | default "1Gi"))) -}}
{{- range $key := list "storageClassName" "volumeMode" -}}{{- with index $claim $key -}}{{- $_ := set $spec $key . -}}{{- end -}}{{- end -}}
{{- $_ := set .e "volumeClaimTemplates" (append (.e.volumeClaimTemplates | default list) (dict "metadata" (dict "name" $volume) "spec" $spec)) -}}
{{- else -}}
{{- $name := $p.existingClaim | default $t.base -}}
{{- $_ := set .e "volumes" (append (.e.volumes | default list) (dict "name" $volume "persistentVolumeClaim" (dict "claimName" $name))) -}}
{{- if not $p.existingClaim -}}
{{- template "universal.flat.add" (dict "t" $t "family" "pvcs" "level" "pvc" "at" "persistence" "e" $claim) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A copy of the flat workload with an image of its own. Takes {t, main, part, box}: sets box.e. */}}
{{- define "universal.flat.copy" -}}
{{- $c := dict -}}
{{- range $key, $value := .t.mainContainer -}}{{- $_ := set $c $key $value -}}{{- end -}}
{{- $part := .part | default dict -}}
{{- $image := $c.image -}}
{{- with $part.image -}}
{{- if kindIs "string" . -}}{{- $image = . -}}
{{- else -}}
{{- $of := ternary $image (dict "repository" $image) (kindIs "map" $image) -}}
{{- $image = dict -}}
{{- range $source := list $of . -}}{{- range $key, $value := $source -}}{{- if $value -}}{{- $_ := set $image $key $value -}}{{- end -}}{{- end -}}{{- end -}}
{{- if and .tag (not .digest) -}}{{- $_ := unset $image "digest" -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $c "image" $image -}}
{{- with $part.imageTag -}}{{- $_ := set $c "imageTag" . -}}{{- end -}}
{{- with $part.resources -}}{{- $_ := set $c "resources" . -}}{{- end -}}
{{- with $part.env -}}{{- $_ := set $c "envMore" . -}}{{- end -}}
{{- $e := dict -}}
{{- range $key, $value := .main.e -}}{{- $_ := set $e $key $value -}}{{- end -}}
{{- $_ := set $e "containers" (list $c) -}}
{{- if hasKey $part "replicas" -}}{{- $_ := set $e "replicas" $part.replicas -}}{{- end -}}
{{- $_ := set .box "e" $e -}}
{{- end -}}

{{/* Two workloads, blue and green; the Service selects the active one. Takes {t, main}. */}}
{{- define "universal.flat.blueGreen" -}}
{{- $t := .t -}}
{{- $part := dict -}}
{{- template "universal.take" (dict "t" $t "at" "blueGreen" "in" $t.in.blueGreen "known" "color" "out" $part) -}}
{{- $active := $part.active | default "blue" -}}
{{- if not (has $active (list "blue" "green")) -}}{{- fail (printf "\n\n`blueGreen.active` is blue or green, not `%v`\n" $active) -}}{{- end -}}
{{- if not (has .main.family (list "deployments" "statefulSets")) -}}{{- fail "\n\n`blueGreen` is for a Deployment or a StatefulSet; a Rollout has `rollout.blueGreen`\n" -}}{{- end -}}
{{- $out := list -}}
{{- range $color := list "blue" "green" -}}
{{- $box := dict -}}
{{- with index $part $color -}}{{- template "universal.take" (dict "t" $t "at" (printf "blueGreen.%s" $color) "in" . "known" "colorPart" "out" dict) -}}{{- end -}}
{{- template "universal.flat.copy" (dict "t" $t "main" $.main "part" (index $part $color) "box" $box) -}}
{{- $out = append $out (dict "key" $color "name" (printf "%s-%s" (trunc 57 $t.base) $color) "family" $.main.family "e" $box.e "component" "main" "more" (dict "universal/color" $color)) -}}
{{- end -}}
{{- $_ := set $t "flatWorkloads" $out -}}
{{- $_ := set $t "activeKey" $active -}}
{{- $services := $t.flatFamilies.services | default list -}}
{{- range $service := $services -}}
{{- $_ := set $service.e "workload" $active -}}
{{- $preview := dict -}}
{{- range $key, $value := $service.e -}}{{- $_ := set $preview $key $value -}}{{- end -}}
{{- $_ := set $preview "workload" (ternary "green" "blue" (eq $active "blue")) -}}
{{- template "universal.flat.add" (dict "t" $t "family" "services" "level" "service" "at" "service" "e" $preview "key" "preview" "name" (printf "%s-preview" (trunc 55 $t.base))) -}}
{{- end -}}
{{- end -}}

{{/* A second workload that takes a part of the traffic. Takes {t, main}. */}}
{{- define "universal.flat.canary" -}}
{{- $t := .t -}}
{{- $part := dict -}}
{{- template "universal.take" (dict "t" $t "at" "canary" "in" $t.in.canary "known" "canary" "out" $part) -}}
{{- if and $t.in.blueGreen $t.in.blueGreen.enabled -}}{{- fail "\n\n`blueGreen` and `canary` exclude each other\n" -}}{{- end -}}
{{- if ne .main.family "deployments" -}}{{- fail "\n\n`canary` is for a Deployment; a Rollout has `rollout.canary`\n" -}}{{- end -}}
{{- $box := dict -}}
{{- template "universal.flat.copy" (dict "t" $t "main" .main "part" $part "box" $box) -}}
{{- if not (hasKey $part "replicas") -}}{{- $_ := set $box.e "replicas" 1 -}}{{- end -}}
{{- $name := printf "%s-canary" (trunc 56 $t.base) -}}
{{- $_ := set $t "flatWorkloads" (append $t.flatWorkloads (dict "key" "canary" "name" $name "family" "deployments" "e" $box.e)) -}}
{{- range $service := $t.flatFamilies.services | default list -}}
{{- $copy := dict -}}
{{- range $key, $value := $service.e -}}{{- if ne $key "nodePort" -}}{{- $_ := set $copy $key $value -}}{{- end -}}{{- end -}}
{{- $_ := set $copy "workload" "canary" -}}
{{- template "universal.flat.add" (dict "t" $t "family" "services" "level" "service" "at" "service" "e" $copy "key" "canary" "name" $name) -}}
{{- end -}}
{{- $_ := set $t "canaryWeight" (int ($part.weight | default 10)) -}}
{{- $_ := set $t "canaryName" $name -}}
{{- end -}}

{{/* Ingress and routes. Takes {root, t}. */}}
{{- define "universal.flat.traffic" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- if include "universal.flat.wanted" $in.ingress -}}
{{- if not $t.flatFamilies.services -}}{{- fail "\n\n`ingress` needs `service`\n" -}}{{- end -}}
{{- template "universal.flat.add" (dict "t" $t "family" "ingresses" "level" "ingress" "at" "ingress" "e" $in.ingress) -}}
{{- if $t.canaryName -}}
{{- $ingress := dict -}}
{{- range $key, $value := $in.ingress -}}{{- $_ := set $ingress $key $value -}}{{- end -}}
{{- $annotations := dict -}}
{{- range $key, $value := $ingress.annotations -}}{{- if not (hasPrefix "cert-manager.io/" $key) -}}{{- $_ := set $annotations $key $value -}}{{- end -}}{{- end -}}
{{- $_ := set $annotations "nginx.ingress.kubernetes.io/canary" "true" -}}
{{- $_ := set $annotations "nginx.ingress.kubernetes.io/canary-weight" (toString $t.canaryWeight) -}}
{{- $_ := set $ingress "annotations" $annotations -}}
{{- $_ := set $ingress "certManager" nil -}}
{{- template "universal.flat.add" (dict "t" $t "family" "ingresses" "level" "ingress" "at" "ingress" "e" $ingress "key" "canary" "name" $t.canaryName) -}}
{{- end -}}
{{- end -}}
{{- range $key, $family := dict "httpRoute" "httpRoutes" "grpcRoute" "grpcRoutes" -}}
{{- if include "universal.flat.wanted" (index $in $key) -}}
{{- if not $t.flatFamilies.services -}}{{- fail (printf "\n\n`%s` needs `service`\n" $key) -}}{{- end -}}
{{- template "universal.flat.add" (dict "t" $t "family" $family "level" "route" "at" $key "e" (index $in $key)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Autoscaler, budget, network policy, monitors. Takes {t}. */}}
{{- define "universal.flat.guards" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $workload := $t.activeKey | default "main" -}}
{{- $of := dict "workload" $workload -}}
{{- if include "universal.flat.wanted" $in.autoscaling -}}
{{- $e := dict "workload" $workload "minReplicas" 2 "maxReplicas" 10 -}}
{{- template "universal.take" (dict "t" $t "at" "autoscaling" "in" (omit $in.autoscaling "enabled") "known" "autoscaling" "out" $e) -}}
{{- if not (or $e.targetCPU $e.targetMemory $e.targetCPUUtilizationPercentage $e.targetMemoryUtilizationPercentage $e.metrics) -}}{{- $_ := set $e "targetCPU" 80 -}}{{- end -}}
{{- template "universal.flat.add" (dict "t" $t "family" "hpas" "level" "hpa" "at" "autoscaling" "e" $e) -}}
{{- end -}}
{{- if include "universal.flat.wanted" $in.podDisruptionBudget -}}
{{- template "universal.flat.add" (dict "t" $t "family" "pdbs" "level" "pdb" "at" "podDisruptionBudget" "e" (merge (dict "workload" $workload) $in.podDisruptionBudget)) -}}
{{- end -}}
{{- if include "universal.flat.wanted" $in.networkPolicy -}}
{{- $allow := pick $in.networkPolicy "ingress" "egress" -}}
{{- $e := merge (dict "workload" $workload) (omit $in.networkPolicy "ingress" "egress") -}}
{{- if not (hasKey $e "spec") -}}{{- $_ := set $e "allow" $allow -}}{{- end -}}
{{- template "universal.flat.add" (dict "t" $t "family" "networkPolicies" "level" "networkPolicy" "at" "networkPolicy" "e" $e) -}}
{{- end -}}
{{- range $key, $family := dict "serviceMonitor" "serviceMonitors" "podMonitor" "podMonitors" -}}
{{- if include "universal.flat.wanted" (index $in $key) -}}
{{- $out := dict -}}
{{- template "universal.take" (dict "t" $t "at" $key "in" (index $in $key) "known" "flatMonitor" "out" $out) -}}
{{- $endpoint := dict -}}
{{- range $part, $value := pick $out "port" "path" "interval" "scrapeTimeout" "scheme" -}}{{- $_ := set $endpoint $part $value -}}{{- end -}}
{{- if not $endpoint.port -}}{{- $_ := set $endpoint "port" "http" -}}{{- end -}}
{{- $e := pick $out "labels" "annotations" "namespaceSelector" -}}
{{- $_ := set $e "endpoints" ($out.endpoints | default (list $endpoint)) -}}
{{- if eq $key "podMonitor" -}}{{- $_ := set $e "workload" $workload -}}{{- else -}}{{- $_ := set $e "service" "main" -}}{{- end -}}
{{- template "universal.flat.add" (dict "t" $t "family" $family "level" "monitor" "at" $key "e" $e) -}}
{{- end -}}
{{- end -}}
{{- if include "universal.flat.wanted" $in.prometheusRule -}}
{{- template "universal.flat.add" (dict "t" $t "family" "prometheusRules" "level" "prometheusRule" "at" "prometheusRule" "e" $in.prometheusRule) -}}
{{- end -}}
{{- end -}}
