//! What literals are for those who take them.

use super::*;
use crate::engine::ast::Numeral;
use crate::value::complex::Complex;

impl Frame<'_> {
    /// What a string literal says.
    pub(super) fn literal(&self, id: Id) -> Option<Text> {
        let Node::String(index, piece) = self.nodes.get(id) else { return None };
        Some(self.body.file.tree.literal(index, piece, self.nodes.source))
    }

    /// A literal for a parameter of a type, or for whatever it is.
    pub(in crate::engine) fn literal_as(&self, ty: Option<Type>, id: Id) -> Result<Value> {
        let node = self.nodes.get(id);
        let number = self.body.file.tree.number(node);
        let value = match (ty.unwrap_or(Type::Any), node) {
            (Type::Any | Type::Reflect, _) => return self.constant(id),
            (Type::String, Node::String(..)) => self.literal(id).map(Value::text),
            (Type::Bool, Node::Bool(_, value)) => Some(Value::bool(value)),
            (Type::Int(ty), _) => {
                number.and_then(Numeral::int).map(|int| Value::Int(ty, Origin::NONE, int))
            }
            (Type::Uint(ty), _) => {
                number.and_then(Numeral::uint).map(|uint| Value::Uint(ty, Origin::NONE, uint))
            }
            (Type::Float64, _) => number.and_then(Numeral::float).map(Value::float),
            _ => None,
        };
        match value {
            Some(value) => Ok(value),
            None => self.unfit(ty.unwrap_or(Type::Any), id),
        }
    }

    #[cold]
    fn unfit<T>(&self, ty: Type, id: Id) -> Result<T> {
        let expected = match ty {
            Type::Bool => "bool",
            Type::String => "string",
            Type::Int(_) => "integer",
            Type::Uint(_) => "unsigned integer",
            Type::Float64 => "float",
            _ => {
                let shown = self.shown(id);
                return self.error(format!("can't handle {shown} for arg of type {ty}"));
            }
        };
        self.error(format!("expected {expected}; found {}", self.shown(id)))
    }

    /// A literal as it is where nothing says what it should be.
    pub(super) fn constant(&self, id: Id) -> Result<Value> {
        let number = match self.nodes.get(id) {
            Node::Bool(_, value) => return Ok(Value::bool(value)),
            Node::Int(_, value) => return Ok(Value::int(value.into())),
            Node::Number(_, index) => &self.body.file.tree.numbers[index as usize],
            _ => return Ok(self.literal(id).map(Value::text).unwrap_or_default()),
        };
        let hex = number.text.len() > 2
            && number.text.starts_with('0')
            && matches!(number.text.as_bytes()[1], b'x' | b'X')
            && !number.text.contains(['p', 'P']);
        if let Some((re, im)) = number.complex {
            return Ok(Value::object(Complex { re, im }));
        }
        if let Some(float) = number.float
            && !hex
            && !number.is_char
            && number.text.contains(['.', 'e', 'E', 'p', 'P'])
        {
            return Ok(Value::float(float));
        }
        match number.int {
            Some(int) => Ok(Value::int(int)),
            None => self.error(format!("{} overflows int", number.text)),
        }
    }
}

/// The zero value of a type.
pub(in crate::engine) fn zero_of(ty: Type) -> Value {
    match ty {
        Type::Bool => Value::bool(false),
        Type::Int(ty) => Value::Int(ty, Origin::NONE, 0),
        Type::Uint(ty) => Value::Uint(ty, Origin::NONE, 0),
        Type::Float64 => Value::float(0.0),
        Type::String => Value::text(""),
        Type::Slice(elem) => Value::List(Origin::NONE, List::nil(elem)),
        Type::Map(ty) => Value::map(Map::nil(ty)),
        Type::Any | Type::Named(..) | Type::Reflect => Value::Nil,
    }
}
