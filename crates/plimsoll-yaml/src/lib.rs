//! YAML in with spans and YAML out, with the rules of go-yaml as Helm uses it, byte for byte.
