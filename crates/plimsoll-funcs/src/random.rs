//! Random texts. Where the randomness comes from is the host's business.

use plimsoll_gotmpl::{CallError, Function, Host, Runtime, Text, function};

use crate::limit;
use crate::unicode::runes;
use plimsoll_source::encoding::encode_base64;

pub(crate) const RANDOM: &[Function] = &[
    function!("randAlphaNum", rand_alpha_num),
    function!("randAlpha", rand_alpha),
    function!("randAscii", rand_ascii),
    function!("randNumeric", rand_numeric),
    function!("randBytes", rand_bytes),
    function!("shuffle", shuffle),
];

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LETTERS_AND_DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn rand_alpha_num(runtime: &mut dyn Runtime, count: i64) -> Result<Text, CallError> {
    random("randAlphaNum", runtime, count, |pick| LETTERS_AND_DIGITS[pick(62)])
}

fn rand_alpha(runtime: &mut dyn Runtime, count: i64) -> Result<Text, CallError> {
    random("randAlpha", runtime, count, |pick| LETTERS[pick(52)])
}

/// From space to `~`.
fn rand_ascii(runtime: &mut dyn Runtime, count: i64) -> Result<Text, CallError> {
    random("randAscii", runtime, count, |pick| b' ' + pick(95) as u8)
}

fn rand_numeric(runtime: &mut dyn Runtime, count: i64) -> Result<Text, CallError> {
    random("randNumeric", runtime, count, |pick| DIGITS[pick(10)])
}

/// A negative count gives an empty text: sprig drops the error of goutils.
fn random(
    name: &str,
    runtime: &mut dyn Runtime,
    count: i64,
    byte: impl Fn(&mut dyn FnMut(u8) -> usize) -> u8,
) -> Result<Text, CallError> {
    let count = limit::bytes(name, Some(usize::try_from(count).unwrap_or(0)))?;
    let mut source = Source::new(runtime.host_here());
    let mut pick = |below: u8| usize::from(source.below(below));
    Ok((0..count).map(|_| byte(&mut pick)).collect::<Vec<u8>>().into())
}

/// `randBytes 16` → that many bytes in base64.
fn rand_bytes(runtime: &mut dyn Runtime, count: i64) -> Result<Text, CallError> {
    let count = usize::try_from(count).map_err(|_| crate::lists::MAKE_SLICE)?;
    let mut bytes = vec![0; limit::bytes("randBytes", Some(count))?];
    runtime.host_here().fill_random(&mut bytes);
    Ok(encode_base64(&bytes).into())
}

/// `shuffle "abc"` → its characters in any order.
fn shuffle(runtime: &mut dyn Runtime, text: Text) -> Text {
    let mut runes: Vec<char> = runes(&text).collect();
    let host = runtime.host_here();
    for at in (1..runes.len()).rev() {
        let mut bytes = [0; 8];
        host.fill_random(&mut bytes);
        let other = u64::from_le_bytes(bytes) % (at as u64 + 1);
        runes.swap(at, other as usize);
    }
    runes.into_iter().collect::<String>().into()
}

/// Random bytes, asked of the host by the block.
struct Source<'a> {
    host: &'a mut dyn Host,
    block: [u8; 64],
    used: usize,
}

impl Source<'_> {
    fn new(host: &mut dyn Host) -> Source<'_> {
        Source { host, block: [0; 64], used: 64 }
    }

    /// A number below `limit`, every one as likely.
    fn below(&mut self, limit: u8) -> u8 {
        let fair = u8::MAX - u8::MAX % limit;
        loop {
            let byte = self.next();
            if byte < fair {
                return byte % limit;
            }
        }
    }

    fn next(&mut self) -> u8 {
        if self.used == self.block.len() {
            self.host.fill_random(&mut self.block);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}
