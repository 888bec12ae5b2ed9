//! Tokens to a tree of nodes, without recursion: go-yaml accepts nesting of ten thousand.

use std::borrow::Cow;
use std::collections::HashMap;

use plimsoll_source::{FileId, Span};

use crate::error::{Mark, SyntaxError, YamlError};
use crate::scan::{Scanner, Style, TokenKind};

/// The number of a node in its [`Document`].
pub(crate) type NodeId = u32;

/// The number of no node.
pub(crate) const NONE: NodeId = u32::MAX;

/// What a node of the syntax is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Syntax<'a> {
    Scalar(Cow<'a, [u8]>, Style),
    /// Children are the items.
    Sequence,
    /// Children are keys and values by turns.
    Mapping,
    /// The node that the anchor names.
    Alias(Vec<u8>, NodeId),
}

#[derive(Debug)]
pub(crate) struct SyntaxNode<'a> {
    pub(crate) syntax: Syntax<'a>,
    /// The tag in short form (`!!str`, `!`, `!Ref`); empty if there is none.
    pub(crate) tag: Vec<u8>,
    pub(crate) span: Span,
    pub(crate) line: u32,
    pub(crate) first: NodeId,
    last: NodeId,
    pub(crate) next: NodeId,
}

/// The first document of a text: its nodes in the order in which they begin.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(crate) nodes: Vec<SyntaxNode<'a>>,
    /// `None` for a text without a document.
    pub(crate) root: Option<NodeId>,
}

impl<'a> Document<'a> {
    pub(crate) fn node(&self, id: NodeId) -> &SyntaxNode<'a> {
        &self.nodes[id as usize]
    }

    /// The key `next` and its value; `next` becomes the key behind them.
    pub(crate) fn take_pair(&self, next: &mut NodeId) -> Option<(NodeId, NodeId)> {
        let key = *next;
        let value = if key == NONE { NONE } else { self.node(key).next };
        if value == NONE {
            return None;
        }
        *next = self.node(value).next;
        Some((key, value))
    }

    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.node(id).first;
        std::iter::from_fn(move || {
            let current = (next != NONE).then_some(next)?;
            next = self.node(current).next;
            Some(current)
        })
    }
}

/// Where the parser is in a collection.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    BlockSequence,
    IndentlessSequence,
    BlockKey,
    BlockValue,
    FlowSequence { first: bool },
    PairKey,
    PairValue,
    PairEnd,
    FlowKey { first: bool },
    FlowValue,
    FlowEmptyValue,
}

struct Frame {
    state: State,
    node: NodeId,
    start: Mark,
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    file: FileId,
    shift: u32,
    nodes: Vec<SyntaxNode<'a>>,
    frames: Vec<Frame>,
    anchors: HashMap<&'a [u8], NodeId>,
    tags: HashMap<&'a [u8], Vec<u8>>,
}

type Result<T> = std::result::Result<T, SyntaxError>;

/// Parses the first document of a text.
pub(crate) fn parse<'a>(
    text: &'a [u8],
    file: FileId,
    shift: u32,
    bad: Option<(usize, &'static str)>,
) -> std::result::Result<Document<'a>, YamlError> {
    let mut parser = Parser {
        scanner: Scanner::new(text, bad),
        file,
        shift,
        nodes: Vec::with_capacity(text.len() / 24 + 4),
        frames: Vec::new(),
        anchors: HashMap::new(),
        tags: HashMap::new(),
    };
    match parser.document() {
        Ok(root) => Ok(Document { nodes: parser.nodes, root }),
        Err(error) => Err(error.to_yaml_error(file)),
    }
}

fn parser_error(problem: &str, at: Mark, context: Mark) -> SyntaxError {
    SyntaxError { problem: problem.to_owned(), at, context, from_scanner: false }
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Result<Option<NodeId>> {
        let first = self.scanner.peek()?;
        if first.kind == TokenKind::StreamEnd {
            return Ok(None);
        }
        let directives = matches!(
            first.kind,
            TokenKind::VersionDirective(..)
                | TokenKind::TagDirective(..)
                | TokenKind::DocumentStart
        );
        if directives {
            self.directives()?;
        }
        let empty = matches!(
            self.scanner.peek()?.kind,
            TokenKind::VersionDirective(..)
                | TokenKind::TagDirective(..)
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::StreamEnd
        );
        if empty && directives {
            let mark = self.scanner.peek()?.start;
            self.empty_scalar(mark);
        } else {
            self.node(true, false)?;
            while let Some(frame) = self.frames.last() {
                let (state, start) = (frame.state, frame.start);
                self.step(state, start)?;
            }
        }
        // go-yaml looks one token beyond the document.
        self.scanner.peek()?;
        Ok(Some(0))
    }

    fn directives(&mut self) -> Result<()> {
        let mut version = false;
        loop {
            let token = self.scanner.peek()?.clone();
            match token.kind {
                TokenKind::VersionDirective(..) if version => {
                    return Err(parser_error(
                        "found duplicate %YAML directive",
                        token.start,
                        Mark::default(),
                    ));
                }
                TokenKind::VersionDirective(1, 1) => version = true,
                TokenKind::VersionDirective(..) => {
                    return Err(parser_error(
                        "found incompatible YAML document",
                        token.start,
                        Mark::default(),
                    ));
                }
                TokenKind::TagDirective(handle, prefix) => {
                    if self.tags.contains_key(handle) {
                        return Err(parser_error(
                            "found duplicate %TAG directive",
                            token.start,
                            Mark::default(),
                        ));
                    }
                    self.tags.insert(handle, prefix);
                }
                TokenKind::DocumentStart => {
                    self.scanner.take()?;
                    return Ok(());
                }
                _ => {
                    return Err(parser_error(
                        "did not find expected <document start>",
                        token.start,
                        Mark::default(),
                    ));
                }
            }
            self.scanner.take()?;
        }
    }

    fn add(&mut self, syntax: Syntax<'a>, tag: Vec<u8>, start: Mark, end: Mark) -> NodeId {
        let id = self.nodes.len() as NodeId;
        let shift = self.shift;
        let span = Span::new(self.file, start.offset as u32 + shift, end.offset as u32 + shift);
        let line = start.line as u32;
        self.nodes.push(SyntaxNode {
            syntax,
            tag,
            span,
            line,
            first: NONE,
            last: NONE,
            next: NONE,
        });
        if let Some(frame) = self.frames.last() {
            let parent = frame.node as usize;
            match self.nodes[parent].last {
                NONE => self.nodes[parent].first = id,
                last => self.nodes[last as usize].next = id,
            }
            self.nodes[parent].last = id;
        }
        id
    }

    fn empty_scalar(&mut self, mark: Mark) {
        self.add(Syntax::Scalar(Cow::Borrowed(b""), Style::Plain), Vec::new(), mark, mark);
    }

    fn resolve_tag(
        &self,
        handle: &[u8],
        suffix: Vec<u8>,
        at: Mark,
        context: Mark,
    ) -> Result<Vec<u8>> {
        let prefix: &[u8] = match self.tags.get(handle) {
            Some(prefix) => prefix,
            None => match handle {
                b"" => b"",
                b"!" => b"!",
                b"!!" => b"tag:yaml.org,2002:",
                _ => return Err(parser_error("found undefined tag handle", at, context)),
            },
        };
        let long = [prefix, &suffix].concat();
        Ok(match long.strip_prefix(b"tag:yaml.org,2002:") {
            Some(short) => [b"!!", short].concat(),
            None => long,
        })
    }

    /// Reads a node: a scalar or alias whole, of a collection the beginning.
    fn node(&mut self, block: bool, indentless: bool) -> Result<()> {
        let start = self.scanner.peek()?.start;
        if let TokenKind::Alias(name) = self.scanner.peek()?.kind {
            return self.alias(name);
        }
        let mut anchor: Option<&'a [u8]> = None;
        let mut written_tag = None;
        let mut properties = start;
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::Anchor(name) if anchor.is_none() => {
                    anchor = Some(name);
                    properties = token.end;
                    self.scanner.take()?;
                }
                TokenKind::Tag(..) if written_tag.is_none() => {
                    let token = self.scanner.take()?;
                    if let TokenKind::Tag(handle, suffix) = token.kind {
                        written_tag = Some((handle, suffix, token.start));
                    }
                    properties = token.end;
                }
                _ => break,
            }
        }
        let has_tag = written_tag.is_some();
        let tag = match written_tag {
            Some((handle, suffix, at)) => self.resolve_tag(&handle, suffix, at, start)?,
            None => Vec::new(),
        };
        let id = self.nodes.len() as NodeId;
        let token = self.scanner.peek()?;
        let at = token.start;
        let state = match token.kind {
            TokenKind::BlockEntry if indentless => State::IndentlessSequence,
            TokenKind::Scalar(..) => return self.scalar(anchor, tag, start),
            TokenKind::FlowSequenceStart => State::FlowSequence { first: true },
            TokenKind::FlowMappingStart => State::FlowKey { first: true },
            TokenKind::BlockSequenceStart if block => State::BlockSequence,
            TokenKind::BlockMappingStart if block => State::BlockKey,
            _ if anchor.is_some() || has_tag => {
                self.add(Syntax::Scalar(Cow::Borrowed(b""), Style::Plain), tag, start, properties);
                self.name(anchor, id);
                return Ok(());
            }
            _ => return Err(parser_error("did not find expected node content", at, start)),
        };
        if state != State::IndentlessSequence {
            self.scanner.take()?;
        }
        let mapping = matches!(state, State::FlowKey { .. } | State::BlockKey);
        let syntax = if mapping { Syntax::Mapping } else { Syntax::Sequence };
        self.add(syntax, tag, start, at);
        self.name(anchor, id);
        self.frames.push(Frame { state, node: id, start: at });
        Ok(())
    }

    fn scalar(&mut self, anchor: Option<&'a [u8]>, tag: Vec<u8>, properties: Mark) -> Result<()> {
        let token = self.scanner.take()?;
        if let TokenKind::Scalar(text, style) = token.kind {
            let id = self.add(Syntax::Scalar(text, style), tag, token.start, token.end);
            self.nodes[id as usize].line = properties.line as u32;
            self.name(anchor, id);
        }
        Ok(())
    }

    fn name(&mut self, anchor: Option<&'a [u8]>, id: NodeId) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
    }

    fn alias(&mut self, name: &'a [u8]) -> Result<()> {
        let token = self.scanner.take()?;
        let Some(&target) = self.anchors.get(name) else {
            let name = String::from_utf8_lossy(name);
            let problem = format!("unknown anchor '{name}' referenced");
            let at = Mark { line: 0, ..token.start };
            return Err(parser_error(&problem, at, Mark::default()));
        };
        self.add(Syntax::Alias(name.to_vec(), target), Vec::new(), token.start, token.end);
        Ok(())
    }

    fn set(&mut self, state: State) {
        self.frames.last_mut().expect("a step has a frame").state = state;
    }

    fn finish(&mut self, end: Mark) {
        let frame = self.frames.pop().expect("a step has a frame");
        let span = &mut self.nodes[frame.node as usize].span;
        span.end = span.end.max(end.offset as u32 + self.shift);
    }

    fn step(&mut self, state: State, start: Mark) -> Result<()> {
        match state {
            State::BlockSequence => self.block_sequence(start),
            State::IndentlessSequence => self.indentless_sequence(),
            State::BlockKey => self.block_key(start),
            State::BlockValue => self.block_value(),
            State::FlowSequence { first } => self.flow_sequence(first, start),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                let end = self.scanner.peek()?.start;
                self.finish(end);
                Ok(())
            }
            State::FlowKey { first } => self.flow_key(first, start),
            State::FlowValue => self.flow_value(),
            State::FlowEmptyValue => {
                let mark = self.scanner.peek()?.start;
                self.empty_scalar(mark);
                self.set(State::FlowKey { first: false });
                Ok(())
            }
        }
    }

    fn block_sequence(&mut self, start: Mark) -> Result<()> {
        let token = self.scanner.take()?;
        match token.kind {
            TokenKind::BlockEntry => {
                let next = &self.scanner.peek()?.kind;
                if matches!(next, TokenKind::BlockEntry | TokenKind::BlockEnd) {
                    self.empty_scalar(token.end);
                    return Ok(());
                }
                self.node(true, false)
            }
            TokenKind::BlockEnd => {
                self.finish(token.end);
                Ok(())
            }
            _ => Err(parser_error("did not find expected '-' indicator", token.start, start)),
        }
    }

    fn indentless_sequence(&mut self) -> Result<()> {
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::BlockEntry {
            let end = token.start;
            self.finish(end);
            return Ok(());
        }
        let end = self.scanner.take()?.end;
        let next = &self.scanner.peek()?.kind;
        if matches!(
            next,
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
        ) {
            self.empty_scalar(end);
            return Ok(());
        }
        self.node(true, false)
    }

    fn block_key(&mut self, start: Mark) -> Result<()> {
        let token = self.scanner.take()?;
        match token.kind {
            TokenKind::Key => {
                self.set(State::BlockValue);
                self.block_node_or_empty(token.end)
            }
            TokenKind::BlockEnd => {
                self.finish(token.end);
                Ok(())
            }
            _ => Err(parser_error("did not find expected key", token.start, start)),
        }
    }

    fn block_value(&mut self) -> Result<()> {
        self.set(State::BlockKey);
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::Value {
            let mark = token.start;
            self.empty_scalar(mark);
            return Ok(());
        }
        let end = self.scanner.take()?.end;
        self.block_node_or_empty(end)
    }

    fn block_node_or_empty(&mut self, end: Mark) -> Result<()> {
        let next = &self.scanner.peek()?.kind;
        if matches!(next, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            self.empty_scalar(end);
            return Ok(());
        }
        self.node(true, true)
    }

    fn flow_sequence(&mut self, first: bool, start: Mark) -> Result<()> {
        if self.scanner.peek()?.kind != TokenKind::FlowSequenceEnd {
            if !first {
                let token = self.scanner.peek()?;
                if token.kind != TokenKind::FlowEntry {
                    let problem = "did not find expected ',' or ']'";
                    return Err(parser_error(problem, token.start, start));
                }
                self.scanner.take()?;
            }
            self.set(State::FlowSequence { first: false });
            let token = self.scanner.peek()?;
            let at = token.start;
            if token.kind == TokenKind::Key {
                self.scanner.take()?;
                let id = self.add(Syntax::Mapping, Vec::new(), at, at);
                self.frames.push(Frame { state: State::PairKey, node: id, start: at });
                return Ok(());
            }
            if token.kind != TokenKind::FlowSequenceEnd {
                return self.node(false, false);
            }
        }
        let end = self.scanner.take()?.end;
        self.finish(end);
        Ok(())
    }

    fn pair_key(&mut self) -> Result<()> {
        self.set(State::PairValue);
        let token = self.scanner.peek()?;
        let at = token.start;
        if matches!(
            token.kind,
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd
        ) {
            // go-yaml passes the token too, so that `[?]` never ends.
            self.scanner.take()?;
            self.empty_scalar(at);
            return Ok(());
        }
        self.node(false, false)
    }

    fn pair_value(&mut self) -> Result<()> {
        self.set(State::PairEnd);
        if self.scanner.peek()?.kind == TokenKind::Value {
            self.scanner.take()?;
            let next = &self.scanner.peek()?.kind;
            if !matches!(next, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                return self.node(false, false);
            }
        }
        let mark = self.scanner.peek()?.start;
        self.empty_scalar(mark);
        Ok(())
    }

    fn flow_key(&mut self, first: bool, start: Mark) -> Result<()> {
        if self.scanner.peek()?.kind != TokenKind::FlowMappingEnd {
            if !first {
                let token = self.scanner.peek()?;
                if token.kind != TokenKind::FlowEntry {
                    let problem = "did not find expected ',' or '}'";
                    return Err(parser_error(problem, token.start, start));
                }
                self.scanner.take()?;
            }
            let token = self.scanner.peek()?;
            if token.kind == TokenKind::Key {
                self.scanner.take()?;
                self.set(State::FlowValue);
                let token = self.scanner.peek()?;
                let at = token.start;
                if matches!(
                    token.kind,
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd
                ) {
                    self.empty_scalar(at);
                    return Ok(());
                }
                return self.node(false, false);
            }
            if token.kind != TokenKind::FlowMappingEnd {
                self.set(State::FlowEmptyValue);
                return self.node(false, false);
            }
        }
        let end = self.scanner.take()?.end;
        self.finish(end);
        Ok(())
    }

    fn flow_value(&mut self) -> Result<()> {
        self.set(State::FlowKey { first: false });
        if self.scanner.peek()?.kind == TokenKind::Value {
            self.scanner.take()?;
            let next = &self.scanner.peek()?.kind;
            if !matches!(next, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                return self.node(false, false);
            }
        }
        let mark = self.scanner.peek()?.start;
        self.empty_scalar(mark);
        Ok(())
    }
}
