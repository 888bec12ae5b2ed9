{{/* The short form of a NetworkPolicy: fills spec. Takes {t, at, allow, w, spec}. */}}
{{- define "universal.allow" -}}
{{- $t := .t -}}
{{- $spec := .spec -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%s.allow" .at) "in" .allow "known" "allow" "out" dict) -}}
{{- $box := dict -}}
{{- template "universal.ports" (dict "t" $t "w" .w "box" $box) -}}
{{- $types := $spec.policyTypes | default list -}}
{{- if hasKey .allow "ingress" -}}
{{- $side := .allow.ingress | default dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%s.allow.ingress" .at) "in" $side "known" "allowIn" "out" dict) -}}
{{- $rule := dict -}}
{{- $ports := list -}}
{{- if hasKey $side "ports" -}}
{{- range $port := $side.ports -}}
{{- if kindIs "map" $port -}}{{- $ports = append $ports $port -}}
{{- else -}}
{{- $protocol := "TCP" -}}
{{- $found := not (kindIs "string" $port) -}}
{{- range $one := $box.ports -}}
{{- if eq (toString $one.name) (toString $port) -}}{{- $protocol = $one.protocol | default "TCP" -}}{{- $found = true -}}{{- end -}}
{{- end -}}
{{- if not $found -}}
{{- $known := list -}}
{{- range $one := $box.ports -}}{{- with $one.name -}}{{- $known = append $known . -}}{{- end -}}{{- end -}}
{{- fail (printf "\n\n`%s.allow.ingress`: there is no container port `%v`; there are: %s\n" $.at $port (join ", " $known)) -}}
{{- end -}}
{{- $ports = append $ports (dict "port" $port "protocol" $protocol) -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- range $one := $box.ports -}}{{- $ports = append $ports (dict "port" ($one.name | default $one.containerPort) "protocol" ($one.protocol | default "TCP")) -}}{{- end -}}
{{- end -}}
{{- with $ports -}}{{- $_ := set $rule "ports" . -}}{{- end -}}
{{- with $side.from -}}{{- $_ := set $rule "from" . -}}{{- end -}}
{{- $_ := set $spec "ingress" (list $rule) -}}
{{- if not (has "Ingress" $types) -}}{{- $types = append $types "Ingress" -}}{{- end -}}
{{- end -}}
{{- if hasKey .allow "egress" -}}
{{- $side := .allow.egress | default dict -}}
{{- template "universal.take" (dict "t" $t "at" (printf "%s.allow.egress" .at) "in" $side "known" "allowOut" "out" dict) -}}
{{- $rules := list -}}
{{- if or (hasKey $side "ports") (hasKey $side "to") -}}
{{- $rule := dict -}}
{{- $ports := list -}}
{{- range $port := $side.ports -}}
{{- if kindIs "map" $port -}}{{- $ports = append $ports $port -}}{{- else -}}{{- $ports = append $ports (dict "port" $port "protocol" "TCP") -}}{{- end -}}
{{- end -}}
{{- with $ports -}}{{- $_ := set $rule "ports" . -}}{{- end -}}
{{- with $side.to -}}{{- $_ := set $rule "to" . -}}{{- end -}}
{{- if $rule -}}{{- $rules = append $rules $rule -}}{{- end -}}
{{- end -}}
{{- if ne (toString $side.dns) "false" -}}
{{- $rules = append $rules (dict "ports" (list (dict "port" 53 "protocol" "UDP") (dict "port" 53 "protocol" "TCP"))) -}}
{{- end -}}
{{- $_ := set $spec "egress" $rules -}}
{{- if not (has "Egress" $types) -}}{{- $types = append $types "Egress" -}}{{- end -}}
{{- end -}}
{{- with $types -}}{{- $_ := set $spec "policyTypes" . -}}{{- end -}}
{{- end -}}
