//! The bytes of `schemas/table.bin` and where its sections lie.

static BYTES: &[u8] = include_bytes!("../../schemas/table.bin");

/// The sections in their order; the texts follow the last.
#[derive(Clone, Copy)]
pub(super) enum Section {
    TextEnds = 0,
    Kinds = 1,
    Types = 2,
    Runs = 3,
    Bodies = 4,
    Fields = 5,
    Shapes = 6,
    Extras = 7,
    Lists = 8,
}

/// Where the texts begin: behind the last section.
const TEXTS: usize = 9;

fn u16_at(at: usize) -> u16 {
    u16::from_le_bytes([BYTES[at], BYTES[at + 1]])
}

fn u32_at(at: usize) -> usize {
    u32::from_le_bytes([BYTES[at], BYTES[at + 1], BYTES[at + 2], BYTES[at + 3]]) as usize
}

fn start(section: usize) -> usize {
    u32_at(4 + 4 * section)
}

/// How many records of `width` words a section holds.
pub(super) fn count(section: Section, width: usize) -> usize {
    let section = section as usize;
    (start(section + 1) - start(section)) / (2 * width)
}

/// `N` words of a section, from record `index` of that width.
pub(super) fn record<const N: usize>(section: Section, index: usize) -> [u16; N] {
    let at = start(section as usize) + 2 * N * index;
    std::array::from_fn(|word| u16_at(at + 2 * word))
}

/// A text by its number. The numbers are in byte order of the texts.
pub(super) fn text(number: u16) -> &'static str {
    std::str::from_utf8(bytes(number)).expect("the table is written from texts")
}

/// The bytes of a text, which cost nothing to compare.
pub(super) fn bytes(number: u16) -> &'static [u8] {
    let number = usize::from(number);
    let ends = start(Section::TextEnds as usize);
    let from = if number == 0 { 0 } else { u32_at(ends + 4 * (number - 1)) };
    let base = start(TEXTS);
    &BYTES[base + from..base + u32_at(ends + 4 * number)]
}

/// The items of a list.
pub(super) fn list(at: u16) -> impl Iterator<Item = &'static str> {
    let [length] = record::<1>(Section::Lists, usize::from(at));
    (1..=usize::from(length)).map(move |offset| {
        let [number] = record::<1>(Section::Lists, usize::from(at) + offset);
        text(number)
    })
}

/// The number of the record whose key, as `key` reads it, equals what `compare` looks for.
pub(super) fn search(len: usize, compare: impl Fn(usize) -> std::cmp::Ordering) -> Option<usize> {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = usize::midpoint(low, high);
        match compare(middle) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}
