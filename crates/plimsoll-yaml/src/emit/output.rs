/// Where an emitter writes.
pub trait Output {
    /// Where a scalar came from.
    type Source<'s>: Copy;

    /// The bytes so far. Only append.
    fn bytes(&mut self) -> &mut Vec<u8>;

    /// Appends a string as it is.
    fn verbatim(&mut self, text: &[u8], source: Self::Source<'_>);

    /// Notes that everything from byte `start` on was made of a scalar.
    fn came_from(&mut self, start: usize, source: Self::Source<'_>);
}

/// Bytes alone.
impl Output for Vec<u8> {
    type Source<'s> = ();

    fn bytes(&mut self) -> &mut Vec<u8> {
        self
    }

    fn verbatim(&mut self, text: &[u8], (): ()) {
        self.extend_from_slice(text);
    }

    fn came_from(&mut self, _: usize, (): ()) {}
}
