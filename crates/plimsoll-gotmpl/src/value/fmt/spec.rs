/// The flags, width and precision of one verb of a format.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spec {
    pub(crate) minus: bool,
    pub(crate) plus: bool,
    pub(crate) sharp: bool,
    pub(crate) space: bool,
    pub(crate) zero: bool,
    /// `%+v`: fields by name.
    pub(crate) plus_v: bool,
    /// `%#v`: Go syntax.
    pub(crate) sharp_v: bool,
    pub(crate) width: Option<usize>,
    pub(crate) precision: Option<usize>,
}

impl Spec {
    /// For `%v` the flags `#` and `+` mean something else than for other verbs.
    pub(crate) fn for_value_verb(mut self) -> Spec {
        self.sharp_v = self.sharp;
        self.plus_v = self.plus;
        self.sharp = false;
        self.plus = false;
        self
    }

    /// Whether the text of `%v` and `%s` passes through as it is.
    pub(crate) fn is_plain(&self) -> bool {
        self.width.is_none() && self.precision.is_none() && !self.sharp_v
    }
}
