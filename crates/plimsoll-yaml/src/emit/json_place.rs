/// What go-yaml says of a key that it cannot read.
pub(super) const BAD_KEY: &str = "yaml: did not find expected ',' or '}'";

/// Where the emitter is in the JSON that go-yaml reads, whose keys stand in byte order: decides
/// which of several keys go-yaml stumbles over, and on which line.
#[derive(Default)]
pub(super) struct JsonPlace {
    /// Keys and item numbers from the root on, so written that bytewise order is JSON's.
    path: Vec<u8>,
    starts: Vec<usize>,
    breaks: Vec<(Vec<u8>, usize)>,
    failure: Option<(Vec<u8>, usize)>,
}

impl JsonPlace {
    pub(super) fn open(&mut self) {
        self.starts.push(self.path.len());
    }

    pub(super) fn close(&mut self) {
        self.path.truncate(self.starts.pop().unwrap_or(0));
    }

    pub(super) fn key(&mut self, key: &[u8]) {
        self.path.truncate(self.starts.last().copied().unwrap_or(0));
        for part in key.split_inclusive(|&byte| byte == 0) {
            self.path.extend_from_slice(part);
            if part.ends_with(&[0]) {
                self.path.push(1);
            }
        }
        self.path.extend([0, 0]);
    }

    pub(super) fn item(&mut self) {
        let start = self.starts.last().copied().unwrap_or(0);
        let number = match self.path[start..].first_chunk() {
            Some(number) => u64::from_be_bytes(*number) + 1,
            None => 0,
        };
        self.path.truncate(start);
        self.path.extend(number.to_be_bytes());
    }

    /// A string with NELs, which go-yaml counts as lines.
    pub(super) fn breaks(&mut self, text: &[u8]) {
        if !text.is_ascii() {
            match next_lines(text) {
                0 => {}
                count => self.breaks.push((self.path.clone(), count)),
            }
        }
    }

    /// A key that go-yaml cannot read.
    pub(super) fn fail(&mut self, key: &[u8]) {
        if self.failure.as_ref().is_none_or(|(place, _)| self.path < *place) {
            self.failure = Some((self.path.clone(), next_lines(key)));
        }
    }

    /// go-yaml's error on the first such key.
    pub(super) fn error(&self) -> Option<String> {
        let (place, own) = self.failure.as_ref()?;
        let before = self.breaks.iter().filter(|(path, _)| path < place);
        let line = own + before.map(|(_, count)| count).sum::<usize>();
        let at = if line == 0 { String::new() } else { format!("line {line}: ") };
        Some(format!("yaml: {at}did not find expected ',' or '}}'"))
    }
}

fn next_lines(text: &[u8]) -> usize {
    text.windows(2).filter(|pair| pair == b"\xc2\x85").count()
}
