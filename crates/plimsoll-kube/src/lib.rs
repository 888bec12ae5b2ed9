//! Kubernetes objects and what the API server makes of them.
