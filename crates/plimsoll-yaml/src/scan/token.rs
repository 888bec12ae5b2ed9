use std::borrow::Cow;

use crate::error::Mark;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A token and its place.
#[derive(Clone, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind<'a>,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind<'a> {
    StreamEnd,
    VersionDirective(u32, u32),
    TagDirective(&'a [u8], Vec<u8>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a [u8]),
    Anchor(&'a [u8]),
    /// Handle and suffix.
    Tag(Vec<u8>, Vec<u8>),
    Scalar(Cow<'a, [u8]>, Style),
}
