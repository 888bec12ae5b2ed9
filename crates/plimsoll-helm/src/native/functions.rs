//! What native templates can call, and the objects that they see.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use minijinja::value::{Object, Rest, Value};
use minijinja::{Environment, Error, ErrorKind, State, filters, tests};
use plimsoll_gotmpl::Compat;

use super::budget::Budget;
use super::growth::{self, Growth};
use super::joined::{OPERAND, WHOLE};
use super::run::LONGEST;
use super::serve::Request;

/// Functions that take what is not there.
const LENIENT: [&str; 8] =
    ["default", "required", "empty", "coalesce", "ternary", "kindOf", "kindIs", "typeOf"];

/// Go's own functions that mean something beside Jinja's operators.
const BUILTINS: [&str; 5] = ["print", "printf", "println", "index", "len"];

/// Jinja's own filters, which stay; `default` is Helm's, for which an empty value is none too.
const FILTERS: [&str; 46] = [
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "unique",
    "upper",
    "zip",
];

/// Jinja's own functions, which stay.
const GLOBALS: [&str; 4] = ["range", "dict", "debug", "namespace"];

/// Makes every function of Go templates a function and a filter. Jinja's own names stay, apart from
/// `default`; in a filter the value is the last argument, as in a pipe of Go templates.
pub(super) fn add(env: &mut Environment<'_>, calls: &Calls, compat: Compat) {
    let families = plimsoll_funcs::functions(compat);
    let names = families.iter().flat_map(|family| family.iter().map(|function| function.name));
    let own = ["include", "tpl", "required", "fail", "lookup", "getHostByName"];
    for name in names.chain(own).chain(BUILTINS) {
        if !FILTERS.contains(&name) {
            let calls = calls.clone();
            env.add_filter(name, move |value: Value, Rest(mut args): Rest<Value>| {
                args.push(value);
                calls.function(name, args)
            });
        }
        if !GLOBALS.contains(&name) {
            let calls = calls.clone();
            env.add_function(name, move |Rest(args): Rest<Value>| calls.function(name, args));
        }
    }
    env.add_test("divisibleby", divisible_by);
    add_counted(env, &calls.made);
    add_comparisons(env, &calls.made);
}

/// Jinja's test; the engine's own panics where it would divide by zero.
fn divisible_by(value: &Value, by: &Value) -> Result<bool, Error> {
    match (i128::try_from(value.clone()), i128::try_from(by.clone())) {
        (Ok(_), Ok(0)) => Err(Error::new(ErrorKind::InvalidOperation, "division by zero")),
        // The remainder of the least number by -1 would overflow.
        (Ok(value), Ok(by)) => Ok(value.checked_rem(by).is_none_or(|rest| rest == 0)),
        _ => {
            let numbers = f64::try_from(value.clone()).ok().zip(f64::try_from(by.clone()).ok());
            Ok(numbers.is_some_and(|(value, by)| value % by == 0.0))
        }
    }
}

/// The filters that count, and Jinja's own that make much of little, with what they would make
/// counted before.
fn add_counted(env: &mut Environment<'_>, made: &Budget) {
    let budget = made.clone();
    env.add_filter(OPERAND, move |value: Value| budget.operand(value));
    let budget = made.clone();
    env.add_filter(WHOLE, move |value: Value| budget.whole(&value).map(|()| value));
    let growing: [(&str, Value, Growth); 11] = [
        ("format", Value::from_function(filters::format), growth::format),
        ("indent", Value::from_function(filters::indent), growth::indent),
        ("join", Value::from_function(filters::join), growth::join),
        ("pprint", Value::from_function(filters::pprint), growth::whole),
        ("replace", Value::from_function(filters::replace), growth::replace),
        ("string", Value::from_function(filters::string), growth::whole),
        // These compare.
        ("groupby", Value::from_function(filters::groupby), growth::whole),
        ("max", Value::from_function(filters::max), growth::whole),
        ("min", Value::from_function(filters::min), growth::whole),
        ("sort", Value::from_function(filters::sort), growth::whole),
        ("unique", Value::from_function(filters::unique), growth::whole),
    ];
    for (name, filter, growth) in growing {
        let budget = made.clone();
        env.add_filter(name, move |state: &mut State<'_, '_>, Rest(args): Rest<Value>| {
            growth(&budget, &args)?;
            filter.call(state, &args)
        });
    }
}

/// Jinja's tests that compare, each with its other names, and with what it looks at counted.
fn add_comparisons(env: &mut Environment<'_>, made: &Budget) {
    let comparisons: [(&[&str], Value); 7] = [
        (&["eq", "equalto", "=="], Value::from_function(tests::is_eq)),
        (&["ne", "!="], Value::from_function(tests::is_ne)),
        (&["lt", "lessthan", "<"], Value::from_function(tests::is_lt)),
        (&["le", "<="], Value::from_function(tests::is_le)),
        (&["gt", "greaterthan", ">"], Value::from_function(tests::is_gt)),
        (&["ge", ">="], Value::from_function(tests::is_ge)),
        (&["in"], Value::from_function(tests::is_in)),
    ];
    for (names, test) in comparisons {
        for name in names {
            let (budget, test) = (made.clone(), test.clone());
            env.add_test(*name, move |state: &mut State<'_, '_>, Rest(args): Rest<Value>| {
                growth::whole(&budget, &args)?;
                test.call(state, &args).map(|answer| answer.is_true())
            });
        }
    }
}

/// The way to the functions of Go templates, which any thread may take.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    pub(super) sender: Sender<Request>,
    /// What may still be made of their answers.
    pub(super) made: Budget,
}

impl Calls {
    fn function(&self, name: &str, mut args: Vec<Value>) -> Result<Value, Error> {
        if !LENIENT.contains(&name) && args.iter().any(Value::is_undefined) {
            let message = format!("`{name}` is given what is not there");
            return Err(Error::new(ErrorKind::UndefinedError, message));
        }
        // The data of `include` and `tpl` is what the template itself sees, unless it is given.
        if matches!((name, args.len()), ("include" | "tpl", 1)) {
            args.push(Value::from_object(Root::default()));
        }
        self.call(name, args)
    }

    fn call(&self, callee: &str, args: Vec<Value>) -> Result<Value, Error> {
        args.iter().try_for_each(|arg| Budget::new(LONGEST).whole(arg))?;
        let (reply, answer) = channel();
        let request = Request { callee: callee.to_owned(), args, reply };
        let gone = |_| Error::new(ErrorKind::InvalidOperation, "the run has ended");
        self.sender
            .send(request)
            .map_err(|_| Error::new(ErrorKind::InvalidOperation, "the run has ended"))?;
        let answer = answer.recv().map_err(gone)?;
        let answer = answer.map_err(|message| Error::new(ErrorKind::InvalidOperation, message))?;
        self.made.whole(&answer)?;
        Ok(answer)
    }
}

/// `root`: what Go templates see as `.`.
#[derive(Debug, Default)]
pub(super) struct Root(pub(super) BTreeMap<&'static str, Value>);

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }
}

/// `Files`: `Get`, `GetBytes`, `Lines`, `Glob`, `AsConfig`, `AsSecrets`.
#[derive(Debug)]
pub(super) struct FilesOfChart(pub(super) Calls);

impl Object for FilesOfChart {
    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        const METHODS: [&str; 6] = ["Get", "GetBytes", "Lines", "Glob", "AsConfig", "AsSecrets"];
        if !METHODS.contains(&method) {
            let message = format!("`Files` has {}, not `{method}`", METHODS.join(", "));
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
        self.0.call(&format!(".dot.Files.{method}"), args.to_vec())
    }
}

/// `Capabilities.APIVersions`, with its method `Has`.
#[derive(Debug)]
pub(super) struct ApiVersions(pub(super) Calls);

impl Object for ApiVersions {
    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if method != "Has" {
            let message = format!("`Capabilities.APIVersions` has `Has`, not `{method}`");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
        self.0.call(".dot.Capabilities.APIVersions.Has", args.to_vec())
    }
}
