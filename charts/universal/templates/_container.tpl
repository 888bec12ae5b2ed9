{{/* Containers. */}}

{{/*
Sets box.container. Takes {root, t, w, c, name, init, side, box}: c is what the values say, init tells an
init container, side one that stands beside the workload's own and takes nothing from the entry.
*/}}
{{- define "universal.container" -}}
{{- $t := .t -}}
{{- $w := .w -}}
{{- $e := $w.e -}}
{{- $g := $t.g -}}
{{- $root := .root -}}
{{- $at := printf "%s%s.%s" $w.say (ternary "initContainers" (ternary "sidecars" "containers" .side) .init) .name -}}
{{- if and $w.flat (not (or .init .side)) -}}{{- $at = "" -}}{{- end -}}
{{- $c := dict -}}
{{- template "universal.take" (dict "t" $t "at" $at "in" (omit .c "primary" "envMore") "known" "container" "out" $c) -}}
{{- with .c.envMore -}}{{- $_ := set $c "envMore" . -}}{{- end -}}
{{- $sources := list $w.general $w.raw $c -}}
{{- $mountSources := list $c $w.raw $w.general $g -}}
{{- if or .init .side -}}
{{- $sources = list $c -}}
{{- if $t.modern -}}{{- $mountSources = list $c -}}{{- if .init -}}{{- $mountSources = list $c $w.general $g -}}{{- end -}}{{- end -}}
{{- else -}}
{{- if .c.primary -}}{{- range $key := $t.mainKeys -}}{{- if and (hasKey $e $key) (not (hasKey $c $key)) -}}{{- $_ := set $c $key (index $e $key) -}}{{- end -}}{{- end -}}{{- end -}}
{{- range $key := $t.allKeys -}}{{- if and (hasKey $e $key) (not (hasKey $c $key)) -}}{{- $_ := set $c $key (index $e $key) -}}{{- end -}}{{- end -}}
{{- end -}}
{{- $inherits := or $c.inheritMain (and .init $w.flat (not $c.image)) -}}
{{- if $inherits -}}
{{- if not $t.flat -}}{{- fail (printf "\n\n`%s.inheritMain`: there is no flat workload to inherit from\n" $at) -}}{{- end -}}
{{- $m := $t.mainContainer -}}
{{- range $key := list "image" "imageTag" "imagePullPolicy" "digest" -}}{{- if and (hasKey $m $key) (not (hasKey $c $key)) -}}{{- $_ := set $c $key (index $m $key) -}}{{- end -}}{{- end -}}
{{- $sources = list (pick $m "env" "envFrom" "envConfigmaps" "envSecrets" "envsFromConfigmap" "envsFromSecret" "peersFrom") $c -}}
{{- $mountSources = list $c $m -}}
{{- end -}}
{{- $box := dict -}}
{{- $out := dict "name" .name -}}
{{- template "universal.image" (dict "root" $root "t" $t "c" $c "at" $at "box" $box) -}}
{{- $_ := set $out "image" $box.image -}}
{{- with $box.pullPolicy -}}{{- $_ := set $out "imagePullPolicy" . -}}{{- end -}}
{{- $_ := set $.box "tag" $box.tag -}}
{{- range $key := list "stdin" "tty" "workingDir" "ports" "lifecycle" "startupProbe" "livenessProbe" "readinessProbe" "terminationMessagePath" "terminationMessagePolicy" "restartPolicy" "resizePolicy" "volumeDevices" -}}
{{- with index $c $key -}}{{- $_ := set $out $key . -}}{{- end -}}
{{- end -}}
{{- $diagnostic := $t.in.diagnosticMode | default $t.none -}}
{{- if or $diagnostic.enabled $diagnostic.enbled -}}
{{- $_ := set $out "command" ($diagnostic.command | default (list "sleep")) -}}
{{- $_ := set $out "args" ($diagnostic.args | default (list "infinity")) -}}
{{- else -}}
{{- range $key := list "command" "args" -}}
{{- with index $c $key -}}
{{- if kindIs "string" . -}}{{- $_ := set $out $key (without (splitList " " .) "") -}}{{- else -}}{{- $_ := set $out $key . -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $resources := $c.resources -}}
{{- if not (hasKey $c "resources") -}}{{- $resources = coalesce $w.general.resources $g.resources -}}
{{- else if and (not $resources) (not $t.modern) -}}{{- $resources = coalesce $w.general.resources $g.resources -}}{{- end -}}
{{- with $resources -}}{{- $_ := set $out "resources" . -}}{{- end -}}
{{- template "universal.env" (dict "root" $root "t" $t "w" $w "at" $at "sources" $sources "init" (or .init .side) "box" $box) -}}
{{- with $box.env -}}{{- $_ := set $out "env" . -}}{{- end -}}
{{- template "universal.envFrom" (dict "root" $root "t" $t "w" $w "sources" $sources "box" $box) -}}
{{- with $box.envFrom -}}{{- $_ := set $out "envFrom" . -}}{{- end -}}
{{- template "universal.mounts" (dict "root" $root "t" $t "sources" $mountSources "box" $box) -}}
{{- $mounts := $box.mounts -}}
{{- $own := $c.securityContext | default $c.containerSecurityContext -}}
{{- if and $inherits (not $own) -}}{{- $own = $t.mainContainer.securityContext -}}{{- end -}}
{{- $generic := $g.containerSecurityContext -}}
{{- $_ := unset $box "default" -}}
{{- $_ := unset $box "capabilities" -}}
{{- $profile := coalesce $c.securityProfile $e.securityProfile "hardened" -}}
{{- if and $t.modern (ne $profile "none") -}}
{{- template "universal.security.container" (dict "own" $own "generic" $generic "box" $box) -}}
{{- end -}}
{{- template "universal.security" (dict "own" $own "generic" $generic "default" $box.default "box" $box) -}}
{{- with $box.context -}}
{{- with $box.capabilities -}}{{- $_ := set $box.context "capabilities" . -}}{{- end -}}
{{- $_ := set $out "securityContext" . -}}
{{- end -}}
{{- if $t.modern -}}
{{- if and $t.configMounts (or $inherits (not (or .init .side))) -}}
{{- $mount := index $t.configMounts (ternary "main" $w.at $inherits) -}}
{{- if $mount -}}
{{- $mounts = append $mounts (dict "name" "config" "mountPath" $mount.path "readOnly" true) -}}
{{- if $inherits -}}{{- $_ := set $w "needsMain" true -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if $inherits -}}{{- $_ := set $w "needsMain" true -}}{{- end -}}
{{- $context := $box.context | default $t.none -}}
{{- if and $context.readOnlyRootFilesystem (ne (toString $e.writableTmp) "false") -}}
{{- $there := false -}}
{{- range $mount := $mounts -}}{{- if has (toString $mount.mountPath) (list "/tmp" "/tmp/" "/") -}}{{- $there = true -}}{{- end -}}{{- end -}}
{{- if not $there -}}
{{- $mounts = append $mounts (dict "name" $w.tmp "mountPath" "/tmp") -}}
{{- $_ := set $w "needsTmp" true -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $mounts -}}{{- $_ := set $out "volumeMounts" . -}}{{- end -}}
{{- with $c.containerSpec -}}{{- $out = mergeOverwrite (fromJson (toJson $out)) . -}}{{- end -}}
{{- $_ := set .box "container" $out -}}
{{- end -}}

{{/*
The image of a container: box.image, box.tag, box.pullPolicy. A tag or digest inside the name stands; a
digest wins over a tag. Takes {root, t, c, at, box}.
*/}}
{{- define "universal.image" -}}
{{- $t := .t -}}
{{- $in := $t.in -}}
{{- $c := .c -}}
{{- $image := $c.image -}}
{{- $tag := $c.imageTag -}}
{{- $digest := $c.digest -}}
{{- $policy := $c.imagePullPolicy -}}
{{- if kindIs "map" $image -}}
{{- $of := dict -}}
{{- template "universal.take" (dict "t" $t "at" (trimPrefix "." (printf "%s.image" .at)) "in" $image "known" "image" "out" $of) -}}
{{- $tag = coalesce $tag $of.tag -}}
{{- $digest = coalesce $digest $of.digest -}}
{{- $policy = coalesce $policy $of.pullPolicy -}}
{{- $image = $of.repository -}}
{{- with $of.registry -}}{{- $image = printf "%s/%s" . $image -}}{{- end -}}
{{- end -}}
{{- if not $image -}}
{{- $image = $in.defaultImage -}}
{{- if not $image -}}
{{- if $t.modern -}}{{- fail (printf "\n\n`%s` has no `image`\n" (.at | default "the flat workload")) -}}{{- end -}}
{{- $image = "nginx" -}}
{{- end -}}
{{- end -}}
{{- $image = include "universal.text" (list .root $image) -}}
{{- $tag = include "universal.text" (list .root ($tag | default "")) -}}
{{- $last := last (splitList "/" $image) -}}
{{- if $digest -}}
{{- $image = printf "%s@%s" (ternary (first (splitList "@" $image)) $image (contains "@" $image)) (include "universal.text" (list .root $digest)) -}}
{{- else if contains "@" $image -}}
{{- else if contains ":" $last -}}
{{- $tag = last (splitList ":" $last) -}}
{{- else -}}
{{- if not $tag -}}{{- $tag = include "universal.text" (list .root ($in.defaultImageTag | default (ternary (.root.Chart.AppVersion | default "") "latest" $t.modern))) -}}{{- end -}}
{{- if $tag -}}{{- $image = printf "%s:%s" $image $tag -}}{{- end -}}
{{- end -}}
{{- $_ := set .box "image" $image -}}
{{- $_ := set .box "tag" $tag -}}
{{- $policy = $policy | default $in.defaultImagePullPolicy -}}
{{- if not (or $policy $t.modern) -}}{{- $policy = "IfNotPresent" -}}{{- end -}}
{{- $_ := set .box "pullPolicy" $policy -}}
{{- end -}}
