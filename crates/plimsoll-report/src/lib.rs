//! Writes findings, errors and changes: for people, for CI, for programs.
