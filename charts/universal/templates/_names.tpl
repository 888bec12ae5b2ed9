{{/* Names: the base name of a release, and the names that values files of nxs-universal-chart call. */}}

{{/* The base name: a string. Takes the root. */}}
{{- define "universal.base" -}}
{{- $generic := .Values.generic | default dict -}}
{{- $name := .Values.nameOverride | default .Release.Name -}}
{{- with coalesce $generic.fullnameOverride .Values.fullnameOverride -}}
{{- $name = tpl (toString .) $ -}}
{{- end -}}
{{- with $generic.nameSuffix -}}
{{- $name = printf "%s-%s" $name (tpl (toString .) $) -}}
{{- end -}}
{{- $name | toString | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The name of the object `name` of this release; no name is the base. Takes {name, context}. */}}
{{- define "universal.fullname" -}}
{{- if .name -}}
{{- with .context.Values.releasePrefix -}}
{{- if eq . "-" -}}
{{- $.name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" . $.name | trunc 63 | trimAll "-" -}}
{{- end -}}
{{- else -}}
{{- printf "%s-%s" (include "universal.base" .context) .name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- else -}}
{{- include "universal.base" .context -}}
{{- end -}}
{{- end -}}

{{/* A value as text: strings as they are, all else as JSON writes it, null as nothing. */}}
{{- define "universal.str" -}}
{{- if kindIs "string" . -}}{{- . -}}{{- else if not (kindIs "invalid" .) -}}{{- toJson . -}}{{- end -}}
{{- end -}}

{{/* A value as rendered text. Takes [root, value]. */}}
{{- define "universal.text" -}}
{{- $text := include "universal.str" (index . 1) -}}
{{- if contains "{{" $text -}}{{- tpl $text (index . 0) -}}{{- else -}}{{- $text -}}{{- end -}}
{{- end -}}

{{- define "helpers.app.name" -}}
{{- include "universal.base" . -}}
{{- end -}}

{{- define "helpers.app.fullname" -}}
{{- include "universal.fullname" . -}}
{{- end -}}

{{- define "helpers.app.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "helpers.app.selectorLabels" -}}
{{- template "universal.tree" . -}}
{{- toYaml .Values.universalTree.selector -}}
{{- end -}}

{{- define "helpers.app.labels" -}}
{{- template "universal.tree" . -}}
{{- toYaml .Values.universalTree.labels -}}
{{- end -}}

{{- define "helpers.app.defaultURL" -}}
{{- with coalesce (.Values.generic | default dict).defaultURL .Values.defaultURL -}}
{{- tpl (toString .) $ -}}
{{- end -}}
{{- end -}}

{{- define "helpers.tplvalues.render" -}}
{{- if kindIs "string" .value -}}
{{- tpl .value .context -}}
{{- else if not (kindIs "invalid" .value) -}}
{{- tpl (toYaml .value) .context -}}
{{- end -}}
{{- end -}}

{{- define "helpers.workload.checksum" -}}
{{- toString . | sha256sum -}}
{{- end -}}
