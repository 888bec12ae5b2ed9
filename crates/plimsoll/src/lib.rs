//! Renders Helm charts as Helm does, lints, validates and compares what comes out.
