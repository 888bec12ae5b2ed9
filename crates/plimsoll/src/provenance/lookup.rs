use std::ops::Range;

use plimsoll_helm::release::Manifest;
use plimsoll_helm::values::Layer;
use plimsoll_source::{LineColumn, LineIndex, Mark, Origin, Site, Span};

use super::TracedRender;

/// Where a piece of a manifest came from, in the order in which it was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// The actions and literal texts of templates that wrote it.
    pub templates: Vec<TemplatePlace>,
    /// The values that it was made of: perhaps more than it depends on, seldom fewer.
    pub values: Vec<ValuePlace>,
}

/// A place in a template.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplatePlace {
    /// The template's file: `c/templates/a.yaml`.
    pub file: String,
    /// The bytes of the action between its braces, or of the literal text.
    pub span: Range<u32>,
    /// Line and column of the first byte.
    pub start: LineColumn,
}

/// A place where a value was set.
#[derive(Clone, Debug, PartialEq)]
pub struct ValuePlace {
    /// What kind of source set it.
    pub layer: Layer,
    /// The file's name, or the flag's.
    pub file: String,
    /// The bytes in the file (see [`TracedRender::text`]) or in the flag's argument: of a scalar
    /// its own, of a list or map those of its key.
    pub span: Span,
    /// Line and column of the first byte.
    pub start: LineColumn,
    /// What it replaced, the strongest first.
    pub replaced: Vec<ValuePlace>,
}

impl TracedRender {
    /// Where the bytes `range` of a document came from, counted from the document's start.
    pub fn at(&self, manifest: &Manifest, range: Range<usize>) -> Provenance {
        let mut found = Provenance::default();
        let Some(map) = &manifest.file.map else { return found };
        let base = manifest.range.start;
        let end = (base + range.end).min(manifest.range.end) as u32;
        for mark in map.overlapping((base + range.start) as u32, end) {
            found
                .templates
                .extend(self.template(mark.site).filter(|place| !found.templates.contains(place)));
            self.values(mark, &mut found.values);
        }
        found
    }

    /// Where a line of a document, from 1, came from.
    pub fn line(&self, manifest: &Manifest, line: usize) -> Provenance {
        let bytes = manifest.bytes();
        let lines = LineIndex::new(bytes);
        let start = line.checked_sub(1).and_then(|line| lines.line_start(line));
        let Some(start) = start.map(|start| start as usize) else { return Provenance::default() };
        let length = bytes[start..].iter().position(|&byte| byte == b'\n');
        let end = length.map_or(bytes.len(), |length| start + length);
        self.at(manifest, start..end)
    }

    /// The text of the file or flag that a value stands in.
    pub fn text(&self, place: &ValuePlace) -> Option<&[u8]> {
        Some(&self.origins.files.get(place.span.file)?.text)
    }

    fn template(&self, site: Site) -> Option<TemplatePlace> {
        let site = self.trace.site(site)?;
        let start = LineIndex::new(site.source).line_column(site.source, site.range.start);
        Some(TemplatePlace { file: site.file.to_owned(), span: site.range, start })
    }

    fn values(&self, mark: &Mark, found: &mut Vec<ValuePlace>) {
        for origin in self.trace.parts(mark.origin) {
            if let Some(place) = self.value(origin)
                && !found.contains(&place)
            {
                found.push(place);
            }
        }
    }

    fn value(&self, origin: Origin) -> Option<ValuePlace> {
        let mut chain = self.origins.chain(origin).filter_map(|origin| self.place(origin));
        let first = chain.next()?;
        Some(ValuePlace { replaced: chain.collect(), ..first })
    }

    fn place(&self, origin: Origin) -> Option<ValuePlace> {
        let entry = self.origins.get(origin)?;
        let (file, start) = self.origins.files.locate(entry.span)?;
        let (layer, span) = (entry.layer, entry.span);
        Some(ValuePlace { layer, file: file.to_owned(), span, start, replaced: Vec::new() })
    }
}
