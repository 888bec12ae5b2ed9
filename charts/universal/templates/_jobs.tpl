{{/* The spec of a Job: box.spec. Takes {t, w, box}. */}}
{{- define "universal.job" -}}
{{- $spec := dict "template" (dict "metadata" .w.podMeta "spec" .w.pod) -}}
{{- range $key, $value := .w.e -}}
{{- if contains (printf "|%s|" $key) $.t.jobKeys -}}
{{- if and (eq $key "suspend") (eq $.w.kind "CronJob") -}}{{- else -}}{{- $_ := set $spec $key $value -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .box "spec" $spec -}}
{{- end -}}

{{/* An alert on a job that takes too long: box.rule. Takes {root, t, w, box}. */}}
{{- define "universal.job.alert" -}}
{{- $name := .w.name -}}
{{- $word := lower .w.kind -}}
{{- $most := include "universal.text" (list .root .w.e.commandDurationAlert) -}}
{{- $namespace := .root.Release.Namespace -}}
{{- $jobs := printf "{namespace=\"%s\", job_name=~\"%s-.*\"}" $namespace $name -}}
{{- $rule := dict
  "alert" (printf "%s-%s-too-long-execution" $word $name)
  "expr" (printf "((time() - kube_job_status_start_time%s) and kube_job_status_active%s == 1) > %s" $jobs $jobs $most)
  "for" "3m"
  "labels" (dict "severity" "warning")
  "annotations" (dict "message" (printf "%s %s/%s is taking more than %s to complete" .w.kind $namespace $name $most)) -}}
{{- $meta := dict "name" (printf "%s-%s" $word $name) "namespace" (.w.e.commandDurationAlertNamespace | default .t.namespace) "labels" (dict "prometheus" "k8s" "role" "alert-rules") -}}
{{- $group := dict "name" (ternary "cronJobs_rules" "jobs_rules" (eq .w.kind "CronJob")) "interval" "1m" "rules" (list $rule) -}}
{{- $_ := set .box "rule" (dict "apiVersion" "monitoring.coreos.com/v1" "kind" "PrometheusRule" "metadata" $meta "spec" (dict "groups" (list $group))) -}}
{{- end -}}
