// Command pss asks Kubernetes' own k8s.io/pod-security-admission about pods that are made by chance,
// for versions of the policy from 1.0 on.
//
// Usage: in a module that requires k8s.io/pod-security-admission v0.37.1,
// go run main.go > fixtures/lint/pss.jsonl
//
// Each line is a Pod with a further key `verdict`: {"minor": …, "baseline": …, "restricted": …}.
package main

import (
	"encoding/json"
	"math/rand"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type object = map[string]any

const pods = 1100

var minors = []int{0, 7, 8, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37}

var random = rand.New(rand.NewSource(7))

func pick[T any](choices ...T) T {
	return choices[random.Intn(len(choices))]
}

// within gives the object at a chain of keys, made where it is missing.
func within(parent object, keys ...string) object {
	for _, key := range keys {
		child, ok := parent[key].(object)
		if !ok {
			child = object{}
			parent[key] = child
		}
		parent = child
	}
	return parent
}

func container(name string, safe bool) object {
	c := object{"name": name, "image": "registry.example/api:1.4.2"}
	if safe {
		c["securityContext"] = object{
			"allowPrivilegeEscalation": false,
			"capabilities":             object{"drop": []any{"ALL"}},
		}
	}
	return c
}

// strict is a pod that the restricted level takes, or nearly.
func strict() object {
	safe := random.Intn(8) > 0
	spec := object{"containers": []any{container("a", safe)}}
	for _, list := range []string{"containers", "initContainers", "ephemeralContainers"} {
		if random.Intn(4) == 0 {
			items, _ := spec[list].([]any)
			spec[list] = append(items, container(list[:1]+"2", safe))
		}
	}
	if random.Intn(8) > 0 {
		within(spec, "securityContext")["runAsNonRoot"] = true
	}
	if random.Intn(8) > 0 {
		within(spec, "securityContext", "seccompProfile")["type"] = pick("RuntimeDefault", "Localhost")
	}
	return object{"kind": "Pod", "apiVersion": "v1", "metadata": object{"name": "p"}, "spec": spec}
}

// containers gives one of the containers.
func anyContainer(spec object) object {
	var all []object
	for _, list := range []string{"containers", "initContainers", "ephemeralContainers"} {
		items, _ := spec[list].([]any)
		for _, item := range items {
			all = append(all, item.(object))
		}
	}
	return pick(all...)
}

// context gives the securityContext of the pod or of a container.
func context(spec object) object {
	if random.Intn(2) == 0 {
		return within(spec, "securityContext")
	}
	return within(anyContainer(spec), "securityContext")
}

func volume(spec object, source object) {
	source["name"] = "v"
	items, _ := spec["volumes"].([]any)
	spec["volumes"] = append(items, source)
}

var changes = []func(metadata, spec object){
	func(_, s object) { within(anyContainer(s), "securityContext")["privileged"] = pick(true, false) },
	func(_, s object) {
		within(anyContainer(s), "securityContext")["allowPrivilegeEscalation"] = pick(true, false)
	},
	func(_, s object) {
		within(anyContainer(s), "securityContext", "capabilities")["add"] = []any{
			pick("CHOWN", "SYS_ADMIN", "CAP_CHOWN", "NET_BIND_SERVICE", "net_bind_service", "ALL")}
	},
	func(_, s object) {
		within(anyContainer(s), "securityContext", "capabilities")["drop"] = []any{
			pick("ALL", "all", "NET_RAW")}
	},
	func(_, s object) { s[pick("hostNetwork", "hostPID", "hostIPC")] = pick(true, false) },
	func(_, s object) {
		anyContainer(s)["ports"] = []any{object{"containerPort": 80, "hostPort": pick(0, 80)}}
	},
	func(_, s object) {
		path := pick("/", "/etc/x", "/var/run/docker.sock", "/srv/data")
		volume(s, object{"hostPath": object{"path": path}})
	},
	func(_, s object) { volume(s, object{"emptyDir": object{}}) },
	func(_, s object) { volume(s, object{"nfs": object{"server": "a", "path": "/"}}) },
	func(_, s object) { volume(s, object{"image": object{"reference": "a"}}) },
	func(_, s object) { volume(s, object{"secret": object{}}) },
	func(_, s object) { volume(s, object{}) },
	func(_, s object) {
		within(context(s), "seccompProfile")["type"] = pick("Unconfined", "RuntimeDefault", "Localhost")
	},
	func(_, s object) { delete(within(s, "securityContext"), "seccompProfile") },
	func(_, s object) {
		within(context(s), "appArmorProfile")["type"] = pick("Unconfined", "RuntimeDefault", "Localhost", "")
	},
	func(m, _ object) {
		key := "container.apparmor.security.beta.kubernetes.io/" + pick("a", "z")
		within(m, "annotations")[key] = pick("unconfined", "runtime/default", "localhost/x", "")
	},
	func(m, _ object) {
		key := pick("seccomp.security.alpha.kubernetes.io/pod",
			"container.seccomp.security.alpha.kubernetes.io/a",
			"container.seccomp.security.alpha.kubernetes.io/z")
		within(m, "annotations")[key] = pick("unconfined", "runtime/default", "docker/default", "localhost/x")
	},
	func(_, s object) {
		within(context(s), "seLinuxOptions")[pick("type", "user", "role", "level")] = pick(
			"", "container_t", "container_engine_t", "spc_t")
	},
	func(_, s object) {
		within(anyContainer(s), "securityContext")["procMount"] = pick("Default", "Unmasked")
	},
	func(_, s object) {
		name := pick("kernel.shm_rmid_forced", "net.ipv4.ip_local_reserved_ports",
			"net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_notsent_lowat", "kernel.msgmax")
		within(s, "securityContext")["sysctls"] = []any{object{"name": name, "value": "1"}}
	},
	func(_, s object) {
		probe := pick("livenessProbe", "readinessProbe", "startupProbe")
		within(anyContainer(s), probe, pick("httpGet", "tcpSocket"))["host"] = pick("", "h")
	},
	func(_, s object) {
		hook := pick("postStart", "preStop")
		within(anyContainer(s), "lifecycle", hook, pick("httpGet", "tcpSocket"))["host"] = pick("", "h")
	},
	func(_, s object) { within(context(s), "windowsOptions")["hostProcess"] = pick(true, false) },
	func(_, s object) { context(s)["runAsNonRoot"] = pick(true, false) },
	func(_, s object) { delete(within(s, "securityContext"), "runAsNonRoot") },
	func(_, s object) { context(s)["runAsUser"] = pick(0, 1000) },
	func(_, s object) { s["hostUsers"] = pick(true, false) },
	func(_, s object) { s["os"] = object{"name": pick("linux", "windows")} },
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	check(err)
	out := json.NewEncoder(os.Stdout)
	for range pods {
		made := strict()
		for range random.Intn(4) {
			pick(changes...)(made["metadata"].(object), made["spec"].(object))
		}
		text, err := json.Marshal(made)
		check(err)
		var pod corev1.Pod
		check(json.Unmarshal(text, &pod))
		minor := pick(minors...)
		allowed := func(level api.Level) bool {
			version := api.LevelVersion{Level: level, Version: api.MajorMinorVersion(1, minor)}
			results := evaluator.EvaluatePod(version, &pod.ObjectMeta, &pod.Spec)
			return policy.AggregateCheckResults(results).Allowed
		}
		made["verdict"] = object{
			"minor":      minor,
			"baseline":   allowed(api.LevelBaseline),
			"restricted": allowed(api.LevelRestricted),
		}
		check(out.Encode(made))
	}
}
