//! Benchmarks beside the real rivals; none stands here yet.
