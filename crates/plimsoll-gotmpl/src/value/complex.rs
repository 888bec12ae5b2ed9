use super::{Kind, Object};

/// A `complex128`, what literals such as `1i` are. Templates can print and compare it, no more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}

impl Object for Complex {
    fn type_name(&self) -> &'static str {
        "complex128"
    }

    fn kind(&self) -> Kind {
        Kind::Complex128
    }

    fn is_true(&self) -> bool {
        self.re != 0.0 || self.im != 0.0
    }

    fn equals(&self, other: &dyn Object) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Complex>() == Some(self)
    }
}
