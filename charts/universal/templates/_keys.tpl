{{/*
The keys of the chart, level by level; the schema describes the same ones. A level has the keys of
nxs-universal-chart and those that came with profile modern.
*/}}

{{/* Fills tree.keys (what has an effect) and, in profile nxs, tree.later (what would in modern). */}}
{{- define "universal.keys" -}}
{{- $t := .t -}}
{{- $pod := "|hostAliases|priorityClassName|dnsPolicy|dnsConfig|nodeSelector|tolerations|topologySpreadConstraints|automountServiceAccountToken|restartPolicy|terminationGracePeriodSeconds|" -}}
{{- $podMore := "|hostNetwork|hostPID|hostIPC|hostUsers|hostname|subdomain|enableServiceLinks|runtimeClassName|schedulerName|shareProcessNamespace|preemptionPolicy|readinessGates|os|overhead|setHostnameAsFQDN|" -}}
{{- $batch := "|parallelism|completions|activeDeadlineSeconds|backoffLimit|ttlSecondsAfterFinished|" -}}
{{- $batchMore := "|completionMode|podFailurePolicy|podReplacementPolicy|backoffLimitPerIndex|maxFailedIndexes|successPolicy|suspend|" -}}
{{- $cron := "|schedule|timeZone|suspend|singleOnly|startingDeadlineSeconds|successfulJobsHistoryLimit|failedJobsHistoryLimit|commandDurationAlert|commandDurationAlertNamespace|kind|weight|deletePolicy|" -}}
{{- $entry := "|disabled|labels|annotations|podLabels|podAnnotations|extraSelectorLabels|gitops|serviceAccountName|affinity|securityContext|imagePullSecrets|extraImagePullSecrets|initContainers|containers|volumes|extraVolumes|replicas|strategy|progressDeadlineSeconds|revisionHistoryLimit|serviceName|minReadySeconds|volumeClaimTemplates|" -}}
{{- $entryMore := "|enabled|replicaCount|podSecurityContext|updateStrategy|fullnameOverride|selectorLabels|podSpec|config|peers|spread|securityProfile|writableTmp|usePredefinedAffinity|podManagementPolicy|persistentVolumeClaimRetentionPolicy|ordinals|concurrencyPolicy|immutable|sidecars|extraContainers|additionalContainers|analysis|rollbackWindow|paused|" -}}
{{- $main := "|image|imageTag|digest|command|args|workingDir|ports|startupProbe|livenessProbe|readinessProbe|lifecycle|stdin|tty|" -}}
{{- $all := "|imagePullPolicy|resources|terminationMessagePath|terminationMessagePolicy|containerSecurityContext|" -}}
{{- $lists := "|env|envFrom|envConfigmaps|envSecrets|envsFromConfigmap|envsFromSecret|volumeMounts|extraVolumeMounts|peersFrom|" -}}
{{- $container := "|name|image|imageTag|imagePullPolicy|command|args|env|envFrom|envConfigmaps|envSecrets|envsFromConfigmap|envsFromSecret|ports|lifecycle|startupProbe|livenessProbe|readinessProbe|resources|securityContext|volumeMounts|extraVolumeMounts|stdin|tty|" -}}
{{- $containerMore := "|enabled|disabled|digest|workingDir|peersFrom|inheritMain|terminationMessagePath|terminationMessagePolicy|restartPolicy|resizePolicy|volumeDevices|securityProfile|containerSpec|" -}}
{{- $generalList := printf "%s|labels|annotations|podLabels|podAnnotations|extraSelectorLabels|gitops|volumes|extraVolumes|envConfigmaps|envSecrets|envsFromConfigmap|envsFromSecret|env|envFrom|volumeMounts|extraVolumeMounts|resources|affinity|topologySpreadConstraints|usePredefinedAffinity|revisionHistoryLimit|suspend|singleOnly|timeZone|startingDeadlineSeconds|successfulJobsHistoryLimit|failedJobsHistoryLimit|" $batch -}}
{{- $modern := dict
  "workload" (printf "%s%s%s%s%s%s%s%s%s%s" $entry $entryMore $pod $podMore $batch $batchMore $cron $main $all $lists)
  "container" (printf "%s%s" $container $containerMore)
  "volume" "|name|type|originalName|items|defaultMode|sizeLimit|medium|sources|secretProviderClass|optional|readOnly|path|server|hostPathType|spec|driver|attributes|"
  "service" "|disabled|enabled|labels|annotations|gitops|type|clusterIP|clusterIPs|port|targetPort|nodePort|ports|loadBalancerIP|loadBalancerClass|loadBalancerSourceRanges|allocateLoadBalancerNodePorts|externalTrafficPolicy|healthCheckNodePort|externalIPs|extraSelectorLabels|workload|selector|headless|sessionAffinity|sessionAffinityConfig|publishNotReadyAddresses|internalTrafficPolicy|ipFamilies|ipFamilyPolicy|trafficDistribution|externalName|fullnameOverride|"
  "servicePort" "|name|protocol|port|targetPort|nodePort|appProtocol|"
  "ingress" "|disabled|enabled|labels|annotations|gitops|name|ingressClassName|className|certManager|tlsName|extraTls|tls|hosts|defaultBackend|fullnameOverride|"
  "ingressHost" "|hostname|host|paths|"
  "ingressPath" "|path|pathType|serviceName|servicePort|port|backend|"
  "route" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|parentRefs|hostnames|rules|"
  "networkPolicy" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|spec|podSelector|policyTypes|ingress|egress|workload|allow|"
  "configMap" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|data|binaryData|files|immutable|tpl|"
  "secret" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|type|data|stringData|encodedData|files|immutable|tpl|"
  "sealedSecret" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|encryptedData|scope|template|"
  "externalSecret" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|secretStoreRef|refreshInterval|refreshPolicy|target|data|dataFrom|"
  "secretStore" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|spec|provider|controller|retrySettings|refreshInterval|conditions|"
  "secretProviderClass" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|provider|parameters|secretObjects|"
  "pvc" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|accessModes|volumeMode|volumeName|size|storageClassName|selector|retain|dataSource|dataSourceRef|"
  "pv" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|spec|size|accessModes|volumeMode|storageClassName|persistentVolumeReclaimPolicy|mountOptions|claimRef|nodeAffinity|hostPath|local|nfs|csi|"
  "serviceAccount" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|role|clusterRole|imagePullSecrets|automount|"
  "role" "|name|rules|"
  "hpa" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|apiVersion|scaleTargetRef|minReplicas|maxReplicas|targetCPU|targetMemory|targetCPUUtilizationPercentage|targetMemoryUtilizationPercentage|metrics|behavior|workload|"
  "pdb" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|minAvailable|maxUnavailable|extraSelectorLabels|workload|unhealthyPodEvictionPolicy|"
  "monitor" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|endpoints|podMetricsEndpoints|extraSelectorLabels|selector|namespaceSelector|workload|service|jobLabel|targetLabels|podTargetLabels|sampleLimit|spec|"
  "prometheusRule" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|groups|rules|"
  "certificate" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|spec|secretName|issuerRef|dnsNames|commonName|duration|renewBefore|usages|privateKey|secretTemplate|"
  "spec" "|disabled|enabled|labels|annotations|gitops|fullnameOverride|spec|"
  "gitops" "|commonLabels|commonAnnotations|argo|flux|"
  "peers" "|env|separator|port|clusterDomain|format|"
  "config" "|mountPath|files|existing|tpl|defaultMode|"
  "persistence" "|enabled|mountPath|size|accessModes|storageClassName|existingClaim|volumeMode|annotations|retain|subPath|name|"
  "allow" "|ingress|egress|"
  "allowIn" "|ports|from|"
  "allowOut" "|ports|to|dns|"
  "certManager" "|issuerType|issuerName|originalIssuerName|"
  "diagnosticMode" "|enabled|enbled|command|args|"
  "affinityPreset" "|type|key|values|"
  "accountGeneral" "|labels|annotations|gitops|imagePullSecrets|"
  "colorPart" "|image|imageTag|replicas|resources|env|"
  "autoscaling" "|enabled|minReplicas|maxReplicas|targetCPUUtilizationPercentage|targetMemoryUtilizationPercentage|targetCPU|targetMemory|metrics|behavior|annotations|labels|"
  "flatServiceAccount" "|create|name|automount|annotations|labels|rules|clusterRules|imagePullSecrets|"
  "flatMonitor" "|enabled|port|path|interval|scrapeTimeout|scheme|labels|annotations|endpoints|namespaceSelector|"
  "image" "|registry|repository|tag|digest|pullPolicy|"
  "color" "|enabled|active|blue|green|"
  "canary" "|enabled|image|imageTag|replicas|weight|env|resources|"
  "generic" (printf "%s%s%s" $pod $podMore "|labels|annotations|hookAnnotations|fullnameOverride|nameSuffix|deterministicNames|autoRolloutChecksums|extraSelectorLabels|podLabels|podAnnotations|podSecurityContext|containerSecurityContext|helmVersion|kubeVersion|apiVersions|volumes|extraVolumes|volumeMounts|extraVolumeMounts|extraImagePullSecrets|resources|serviceAccountName|usePredefinedAffinity|defaultURL|selectorMode|hookMode|securityProfile|writableTmp|spread|revisionHistoryLimit|")
-}}
{{- $_ := set $modern "general" (printf "%s%s" $generalList (index $modern "workload")) -}}
{{- $_ := set $t "podKeys" (printf "%s%s" $pod (ternary $podMore "" $t.modern)) -}}
{{- $_ := set $t "genericKeys" (printf "%s|serviceAccountName|usePredefinedAffinity|" $t.podKeys) -}}
{{- $_ := set $t "jobKeys" (printf "%s%s" $batch (ternary $batchMore "" $t.modern)) -}}
{{- if $t.modern -}}
{{- $_ := set $t "genericKeys" (printf "%s|serviceAccountName|usePredefinedAffinity|securityProfile|writableTmp|spread|revisionHistoryLimit|" $t.podKeys) -}}
{{- $_ := set $t "mainKeys" (splitList "|" (trimAll "|" $main)) -}}
{{- $_ := set $t "allKeys" (splitList "|" (trimAll "|" $all)) -}}
{{- $_ := set $t "keys" $modern -}}
{{- else -}}
{{- $_ := set $t "mainKeys" list -}}
{{- $_ := set $t "allKeys" list -}}
{{- $_ := set $t "later" $modern -}}
{{- $meta := "|disabled|labels|annotations|gitops|" -}}
{{- $nxs := omit $modern "workload" "container" "general" "service" "servicePort" -}}
{{- $_ := set $nxs "workload" (printf "%s%s%s%s" $entry $pod $batch $cron) -}}
{{- $_ := set $nxs "container" $container -}}
{{- $_ := set $nxs "general" $generalList -}}
{{- $_ := set $nxs "volume" "|name|type|originalName|items|defaultMode|sizeLimit|medium|sources|" -}}
{{- $_ := set $nxs "service" (printf "%s|type|clusterIP|ports|loadBalancerIP|loadBalancerClass|loadBalancerSourceRanges|allocateLoadBalancerNodePorts|externalTrafficPolicy|healthCheckNodePort|externalIPs|extraSelectorLabels|" $meta) -}}
{{- $_ := set $nxs "servicePort" "|name|protocol|port|targetPort|nodePort|" -}}
{{- $_ := set $nxs "ingress" (printf "%s|name|ingressClassName|certManager|tlsName|extraTls|hosts|" $meta) -}}
{{- $_ := set $nxs "ingressHost" "|hostname|paths|" -}}
{{- $_ := set $nxs "ingressPath" "|path|pathType|serviceName|servicePort|" -}}
{{- $_ := set $nxs "networkPolicy" (printf "%s|spec|podSelector|policyTypes|ingress|egress|" $meta) -}}
{{- $_ := set $nxs "configMap" (printf "%s|data|binaryData|" $meta) -}}
{{- $_ := set $nxs "secret" (printf "%s|type|data|" $meta) -}}
{{- $_ := set $nxs "sealedSecret" (printf "%s|encryptedData|" $meta) -}}
{{- $_ := set $nxs "pvc" (printf "%s|accessModes|volumeMode|volumeName|size|storageClassName|selector|" $meta) -}}
{{- $_ := set $nxs "serviceAccount" (printf "%s|role|clusterRole|imagePullSecrets|" $meta) -}}
{{- $_ := set $nxs "hpa" (printf "%s|apiVersion|scaleTargetRef|minReplicas|maxReplicas|targetCPU|targetMemory|metrics|" $meta) -}}
{{- $_ := set $nxs "pdb" (printf "%s|minAvailable|maxUnavailable|extraSelectorLabels|" $meta) -}}
{{- $_ := set $t "keys" $nxs -}}
{{- end -}}
{{- end -}}

{{/* The keys at the top; words with a bar stand between, families first. */}}
{{- define "universal.keys.families" -}}
|deployments|statefulSets|daemonSets|pods|rollouts|jobs|cronJobs|hooks|services|ingresses|networkPolicies|configMaps|secrets|sealedSecrets|externalSecrets|secretStores|clusterSecretStores|secretProviderClasses|pvcs|pvs|serviceAccount|hpas|vpas|pdbs|httpRoutes|grpcRoutes|tcpRoutes|tlsRoutes|udpRoutes|serviceMonitors|podMonitors|prometheusRules|certificates|issuers|analysisTemplates|
{{- end -}}

{{- define "universal.keys.generals" -}}
|deploymentsGeneral|statefulSetsGeneral|daemonSetsGeneral|podsGeneral|rolloutsGeneral|jobsGeneral|cronJobsGeneral|hooksGeneral|servicesGeneral|serviceAccountGeneral|
{{- end -}}

{{- define "universal.keys.shared" -}}
|profile|unknownKeys|unbundled|partOf|namespaceOverride|nameOverride|fullnameOverride|releasePrefix|kubeVersion|workloadMode|gitops|gitOps|generic|global|tags|enabled|defaultURL|envs|envsString|secretEnvs|secretEnvsString|imagePullSecrets|serviceAccountDefaultImagePullSecretName|diagnosticMode|defaultImage|defaultImageTag|defaultImagePullPolicy|podAffinityPreset|podAntiAffinityPreset|nodeAffinityPreset|usePredefinedAffinity|extraDeploy|universalTree|
{{- end -}}

{{/* Keys of the flat form: those of its container, of its workload, and those with a shape of their own. */}}
{{- define "universal.keys.flatContainer" -}}
|command|args|workingDir|env|envFrom|envConfigmaps|envSecrets|envsFromConfigmap|envsFromSecret|lifecycle|startupProbe|livenessProbe|readinessProbe|resources|volumeMounts|extraVolumeMounts|stdin|tty|peersFrom|terminationMessagePath|terminationMessagePolicy|volumeDevices|resizePolicy|containerSpec|
{{- end -}}

{{- define "universal.keys.flatWorkload" -}}
|labels|annotations|podLabels|podAnnotations|extraSelectorLabels|serviceAccountName|affinity|extraImagePullSecrets|initContainers|sidecars|extraContainers|additionalContainers|volumes|extraVolumes|strategy|updateStrategy|progressDeadlineSeconds|revisionHistoryLimit|serviceName|minReadySeconds|volumeClaimTemplates|selectorLabels|podSpec|config|peers|spread|securityProfile|writableTmp|podManagementPolicy|persistentVolumeClaimRetentionPolicy|ordinals|hostAliases|priorityClassName|dnsPolicy|dnsConfig|nodeSelector|tolerations|topologySpreadConstraints|automountServiceAccountToken|restartPolicy|terminationGracePeriodSeconds|hostNetwork|hostPID|hostIPC|hostUsers|hostname|subdomain|enableServiceLinks|runtimeClassName|schedulerName|shareProcessNamespace|preemptionPolicy|readinessGates|os|overhead|setHostnameAsFQDN|parallelism|completions|activeDeadlineSeconds|backoffLimit|ttlSecondsAfterFinished|completionMode|podFailurePolicy|podReplacementPolicy|backoffLimitPerIndex|maxFailedIndexes|successPolicy|suspend|schedule|timeZone|singleOnly|concurrencyPolicy|startingDeadlineSeconds|successfulJobsHistoryLimit|failedJobsHistoryLimit|commandDurationAlert|commandDurationAlertNamespace|immutable|paused|analysis|rollbackWindow|
{{- end -}}

{{- define "universal.keys.flatOwn" -}}
|image|imageTag|workloadKind|replicaCount|replicas|containerPorts|service|ingress|httpRoute|grpcRoute|autoscaling|podDisruptionBudget|networkPolicy|serviceMonitor|podMonitor|prometheusRule|persistence|podSecurityContext|securityContext|blueGreen|canary|rollout|
{{- end -}}

{{- define "universal.keys.aliases" -}}
|hpa|pdb|pvc|pv|cronjobs|statefulsets|daemonsets|servicemonitors|configmaps|
{{- end -}}

{{/* Families of other charts that nxs-universal-chart renders through charts of its own. */}}
{{- define "universal.keys.unbundled" -}}
|ingressroutes|ingressroutesTCP|ingressroutesUDP|middlewares|middlewaresTCP|traefikservices|TLSOptions|TLSStores|ServersTransport|ServersTransportTCP|istiogateways|istiovirtualservices|istiodestinationrules|
{{- end -}}

{{/* Copies the keys that have an effect from `in` to `out`, null ones apart. Takes {t, at, in, known, out}. */}}
{{- define "universal.take" -}}
{{- $known := index .t.keys .known -}}
{{- $out := .out -}}
{{- range $key, $value := .in -}}
{{- if contains (printf "|%s|" $key) $known -}}
{{- if not (kindIs "invalid" $value) -}}{{- $_ := set $out $key $value -}}{{- end -}}
{{- else -}}
{{- template "universal.unknown" (dict "t" $.t "at" $.at "key" $key "known" $.known) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Says that a key is not one of ours: refused, or noted in profile nxs. Takes {t, at, key, known}. */}}
{{- define "universal.unknown" -}}
{{- $path := ternary .key (printf "%s.%s" .at .key) (eq .at "") -}}
{{- $later := index (.t.later | default dict) .known | default "" -}}
{{- if contains (printf "|%s|" .key) $later -}}
{{- $_ := set .t "warnings" (append .t.warnings (printf "`%s` has no effect in profile nxs; set `profile: modern` for it" $path)) -}}
{{- else -}}
{{- $known := .list | default (printf "%s%s" (index .t.keys .known) $later) -}}
{{- $near := include "universal.near" (dict "word" .key "known" $known) -}}
{{- $text := printf "`%s` is not a key of this chart" $path -}}
{{- if $near -}}{{- $text = printf "%s; did you mean `%s`?" $text $near -}}
{{- else -}}{{- $text = printf "%s; its keys there: %s" $text (trimAll "|" $known | splitList "|" | uniq | sortAlpha | join " " | trim) -}}{{- end -}}
{{- if or (eq .t.unknown "fail") (and (eq .t.unknown "near") $near) -}}
{{- fail (printf "\n\n%s\n" $text) -}}
{{- else -}}
{{- $_ := set .t "warnings" (append .t.warnings $text) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The keys of a workload's level that mean nothing to a kind. Takes the kind. */}}
{{- define "universal.keys.without" -}}
{{- $cron := "|schedule|timeZone|singleOnly|concurrencyPolicy|startingDeadlineSeconds|successfulJobsHistoryLimit|failedJobsHistoryLimit|" -}}
{{- $jobs := "|parallelism|completions|backoffLimit|ttlSecondsAfterFinished|completionMode|podFailurePolicy|podReplacementPolicy|backoffLimitPerIndex|maxFailedIndexes|successPolicy|suspend|" -}}
{{- $hook := "|kind|weight|deletePolicy|" -}}
{{- $set := "|serviceName|volumeClaimTemplates|podManagementPolicy|persistentVolumeClaimRetentionPolicy|ordinals|peers|" -}}
{{- $rollout := "|analysis|rollbackWindow|" -}}
{{- $controller := "|replicas|strategy|progressDeadlineSeconds|revisionHistoryLimit|minReadySeconds|paused|" -}}
{{- $alert := "|commandDurationAlert|commandDurationAlertNamespace|" -}}
{{- if eq . "Job" -}}{{- $cron }}{{ $hook }}{{ $set }}{{ $rollout }}{{ $controller -}}
{{- else if eq . "CronJob" -}}{{- $hook }}{{ $set }}{{ $rollout }}{{ $controller }}|immutable|
{{- else if eq . "Hook" -}}{{- $cron }}{{ $set }}{{ $rollout }}{{ $controller }}{{ $alert }}|immutable|
{{- else -}}
{{- $cron }}{{ $jobs }}{{ $hook }}{{ $alert }}|immutable|
{{- if ne . "StatefulSet" }}{{ $set }}{{ end -}}
{{- if ne . "Rollout" }}{{ $rollout }}{{ end -}}
{{- if eq . "Pod" }}{{ $controller }}{{ end -}}
{{- if eq . "DaemonSet" }}|replicas|progressDeadlineSeconds|paused|{{ end -}}
{{- if eq . "StatefulSet" }}|progressDeadlineSeconds|paused|{{ end -}}
{{- end -}}
{{- end -}}

{{/* Says which keys mean nothing to a kind of workload. Takes {t, at, kind, in, flat}. */}}
{{- define "universal.without" -}}
{{- if .in -}}
{{- $without := include "universal.keys.without" .kind -}}
{{- range $key, $_ := .in -}}
{{- if contains (printf "|%s|" $key) $without -}}
{{- $text := printf "`%s%s` has no effect on a %s" $.at $key $.kind -}}
{{- if and $.t.modern (not $.flat) (eq $.t.unknown "fail") -}}{{- fail (printf "\n\n%s\n" $text) -}}{{- end -}}
{{- $_ := set $.t "warnings" (append $.t.warnings $text) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The known key nearest to a word: text, empty if none is near. Takes {word, known}. */}}
{{- define "universal.near" -}}
{{- $word := lower .word -}}
{{- $length := len $word -}}
{{- $most := min 3 (max 1 (div (add $length 1) 3)) -}}
{{- $best := dict "name" "" "far" (add $most 1) -}}
{{- range $name := splitList "|" .known -}}
{{- $other := lower $name -}}
{{- $apart := sub (len $other) $length -}}
{{- if and $name (le $apart 3) (ge $apart -3) -}}
{{- $row := untilStep 0 (int (add (len $other) 1)) 1 -}}
{{- range $i := until $length -}}
{{- $letter := substr $i (int (add $i 1)) $word -}}
{{- $next := list (add $i 1) -}}
{{- range $j := until (len $other) -}}
{{- $cost := ternary 0 1 (eq $letter (substr $j (int (add $j 1)) $other)) -}}
{{- $next = append $next (min (add (index $row $j) $cost) (add (index $row (int (add $j 1))) 1) (add (last $next) 1)) -}}
{{- end -}}
{{- $row = $next -}}
{{- end -}}
{{- if lt (last $row | int) ($best.far | int) -}}
{{- $_ := set $best "name" $name -}}
{{- $_ := set $best "far" (last $row) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $best.name -}}
{{- end -}}
