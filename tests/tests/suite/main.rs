//! One binary for all tests of the whole, so that the workspace links once.

mod tidy;
