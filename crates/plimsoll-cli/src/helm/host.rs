//! The world that templates see from the command line.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::net::ToSocketAddrs;
use std::time::{SystemTime, UNIX_EPOCH};

use plimsoll::gotmpl::{Compat, Host, Templates, Value};
use plimsoll::helm::render::functions;
use sha2::{Digest, Sha256};

use super::pflag::Parsed;
use crate::io::Io;

/// The process's clock, randomness and, with `--enable-dns`, network.
pub(super) struct CommandHost<'a> {
    pub(super) io: &'a mut Io,
    pub(super) compat: Compat,
    pub(super) dns: bool,
    is_lint: bool,
    zone: OnceCell<String>,
    /// The time that `now` always is: seconds since 1970.
    epoch: Option<i64>,
    seeded: Option<Seeded>,
}

impl<'a> CommandHost<'a> {
    pub(super) fn new(io: &'a mut Io, compat: Compat, dns: bool) -> CommandHost<'a> {
        CommandHost {
            io,
            compat,
            dns,
            is_lint: false,
            zone: OnceCell::new(),
            epoch: None,
            seeded: None,
        }
    }

    /// The same with what `--seed` and SOURCE_DATE_EPOCH fix.
    pub(super) fn fixed_by(self, parsed: &Parsed) -> CommandHost<'a> {
        let seed = parsed.text("seed").map(str::to_owned);
        let epoch = parsed.text("source-date-epoch").and_then(|text| text.parse().ok());
        CommandHost { seeded: seed.map(Seeded::new), epoch, ..self }
    }

    /// The same for `helm lint`, where `required` and `fail` only say so.
    pub(super) fn for_lint(self) -> CommandHost<'a> {
        CommandHost { is_lint: true, ..self }
    }
}

/// Bytes that a seed gives: the same for the same call in the same line of the same template, and
/// others each time that it is run again.
#[derive(Default)]
struct Seeded {
    seed: String,
    /// The call that asks, and how often each call has asked.
    site: [u8; 32],
    counts: HashMap<[u8; 32], u64>,
}

impl Seeded {
    fn new(seed: String) -> Seeded {
        Seeded { seed, ..Seeded::default() }
    }

    fn called_from(&mut self, template: &str, line: &[u8], column: usize) {
        let mut hash = Sha256::new();
        for part in [template.as_bytes(), line] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update((column as u64).to_le_bytes());
        self.site = hash.finalize().into();
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        let count = self.counts.entry(self.site).or_default();
        *count += 1;
        for (block, chunk) in bytes.chunks_mut(32).enumerate() {
            let mut hash = Sha256::new();
            hash.update(b"plimsoll");
            hash.update(self.site);
            hash.update(count.to_le_bytes());
            hash.update((block as u64).to_le_bytes());
            hash.update(self.seed.as_bytes());
            let digest = hash.finalize();
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

impl Host for CommandHost<'_> {
    fn now(&mut self) -> (i64, u32) {
        if let Some(epoch) = self.epoch {
            return (epoch, 0);
        }
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => (since.as_secs() as i64, since.subsec_nanos()),
            Err(_) => (0, 0),
        }
    }

    fn local_zone(&self) -> &str {
        self.zone.get_or_init(|| local_zone(self.io))
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        match &mut self.seeded {
            Some(seeded) => seeded.fill(bytes),
            None => getrandom::fill(bytes).expect("the system gives random bytes"),
        }
    }

    fn called_from(&mut self, template: &str, line: &[u8], column: usize) {
        if let Some(seeded) = &mut self.seeded {
            seeded.called_from(template, line, column);
        }
    }

    fn resolve_host(&mut self, name: &str) -> String {
        let found = self.dns.then(|| (name, 0).to_socket_addrs().ok()).flatten();
        found.and_then(|mut found| found.next()).map_or(String::new(), |at| at.ip().to_string())
    }

    fn log(&mut self, line: String) {
        self.io.error(&format!("{line}\n"));
    }

    fn is_lint(&self) -> bool {
        self.is_lint
    }

    fn compat(&self) -> Compat {
        self.compat
    }
}

/// The time, as Go writes it in JSON.
pub(crate) fn now(io: &mut Io, compat: Compat) -> String {
    const LAYOUT: &str = "{{ now | date \"2006-01-02T15:04:05.999999999Z07:00\" }}";
    let mut templates = Templates::new(functions(compat));
    let parsed = templates.parse("now", LAYOUT.as_bytes());
    let mut host = CommandHost::new(io, compat, false);
    let host: &mut dyn Host = &mut host;
    let text = parsed.ok().and_then(|()| templates.execute("now", Value::Nil, host).ok());
    text.map(|text| text.to_str_lossy().into_owned()).unwrap_or_default()
}

/// Go: time/zoneinfo_unix.go looks at `TZ`, else at /etc/localtime.
fn local_zone(io: &Io) -> String {
    let utc = || "UTC".to_owned();
    match io.env("TZ") {
        Some(zone) if zone.is_empty() => utc(),
        Some(zone) => zone.strip_prefix(':').unwrap_or(&zone).to_owned(),
        None => {
            let target = std::fs::read_link("/etc/localtime").ok();
            let target = target.map(|target| target.to_string_lossy().into_owned());
            let zone = target.as_deref().and_then(|target| target.split("zoneinfo/").nth(1));
            zone.map_or_else(utc, str::to_owned)
        }
    }
}
