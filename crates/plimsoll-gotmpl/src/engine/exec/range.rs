//! `range`.

use super::*;

/// What a range does in each turn.
#[derive(Clone, Copy)]
struct Turns {
    /// The first of the variables that it sets, and how many there are.
    first: Id,
    count: usize,
    /// What it runs.
    list: Id,
}

impl Frame<'_> {
    pub(super) fn range<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (id, list, next): (Id, Id, Id),
        out: &mut TextBuf,
    ) -> Result<Ended> {
        let mark = run.variables.len();
        let value = self.pipeline(run, dot, id, (id + 1, list))?;
        let variable = |id: &Id| matches!(self.nodes.get(*id), Node::Variable { .. });
        let count = (id + 1..list).take_while(variable).count();
        let ran = self.iterate(run, value, Turns { first: id + 1, count, list }, out)?;
        let otherwise = self.nodes.next(list);
        let mut ended = Ended::Done;
        if !ran && otherwise < next {
            ended = self.list(run, dot, otherwise, out)?;
        }
        run.variables.truncate(mark);
        // Go: exec.go walkRange is what a break ends, also where it stands behind the else.
        Ok(if ended == Ended::Break { Ended::Done } else { ended })
    }

    /// Runs the body for each item; whether there was one.
    fn iterate<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        value: Reflect,
        turns: Turns,
        out: &mut TextBuf,
    ) -> Result<bool> {
        match &value {
            None | Some(Value::Nil) => Ok(false),
            Some(Value::List(_, list)) => {
                let held = list.elem().element_type() == Type::Any;
                for (index, item) in list.iter().enumerate() {
                    let index = Some(Value::int(index as i64));
                    if !self.once(run, index, (item.clone(), held), turns, out)? {
                        break;
                    }
                }
                Ok(!list.is_empty())
            }
            Some(Value::Map(_, map)) => self.entries(run, map, turns, out),
            Some(Value::Int(ty, origin, count)) => {
                let items = (0..*count).map(|at| Value::Int(*ty, *origin, at));
                self.numbers(run, count, items, turns, out)
            }
            Some(Value::Uint(ty, origin, count)) => {
                let items = (0..*count).map(|at| Value::Uint(*ty, *origin, at));
                self.numbers(run, count, items, turns, out)
            }
            Some(other) => match other {
                Value::Object(_, object) if object.as_map().is_some() => {
                    let map = object.as_map().unwrap_or_default();
                    self.entries(run, &map, turns, out)
                }
                _ => {
                    let shown = crate::sprint_pointed(other);
                    self.error(format!("range can't iterate over {}", shown.to_str_lossy()))
                }
            },
        }
    }

    fn numbers<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        count: &dyn std::fmt::Display,
        items: impl Iterator<Item = Value>,
        turns: Turns,
        out: &mut TextBuf,
    ) -> Result<bool> {
        if turns.count > 1 {
            let message = format!("can't use {count} to iterate over more than one variable");
            return self.error(message);
        }
        let mut any = false;
        for item in items {
            any = true;
            if !self.once(run, None, (item, false), turns, out)? {
                break;
            }
        }
        Ok(any)
    }

    fn entries<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        map: &Map,
        turns: Turns,
        out: &mut TextBuf,
    ) -> Result<bool> {
        let entries = map.snapshot();
        let any = !entries.is_empty();
        let held = map.map_type().elem == Type::Any;
        for (key, item) in entries {
            let origin = if T::ON { traced::origin_of_key(&item) } else { Origin::NONE };
            let key = Some(Value::Text(origin, key));
            if !self.once(run, key, (item, held), turns, out)? {
                break;
            }
        }
        Ok(any)
    }

    /// One turn of a range; whether there is to be another.
    fn once<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        index: Reflect,
        (item, held): (Value, bool),
        turns: Turns,
        out: &mut TextBuf,
    ) -> Result<bool> {
        self.step(run)?;
        let mark = run.variables.len();
        let (item, index) = (Dot { value: Some(item), held }, Dot::plain(index));
        self.set_turn(run, (index, item.clone()), turns)?;
        let ended = self.list(run, &item, turns.list, out)?;
        run.variables.truncate(mark);
        Ok(ended != Ended::Break)
    }

    /// Sets the variables of a turn.
    fn set_turn<T>(
        &self,
        run: &mut Run<'_, T>,
        (index, item): (Dot, Dot),
        turns: Turns,
    ) -> Result<()> {
        let Turns { first, count, .. } = turns;
        let Node::Variable { assign, name } = self.nodes.get(first) else { return Ok(()) };
        let mark = run.variables.len();
        match (count, assign, self.nodes.get(first + 1)) {
            (1, true, _) => self.set(run, name, item)?,
            (_, true, Node::Variable { name: second, .. }) => {
                self.set(run, name, index)?;
                self.set(run, second, item)?;
            }
            (1, false, _) => run.variables[mark - 1].1 = item,
            _ => {
                run.variables[mark - 1].1 = item;
                run.variables[mark - 2].1 = index;
            }
        }
        Ok(())
    }
}
