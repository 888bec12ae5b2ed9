//! Renders a mutant as `helm template` does, without a disk.

use std::panic::{AssertUnwindSafe, catch_unwind};

use plimsoll_gotmpl::{Compat, FixedHost, Trace};
use plimsoll_helm::chart::{self, ChartFile, LoadOptions};
use plimsoll_helm::release::{self, Outside, PrintOptions, TemplateOptions, on_large_stack};
use plimsoll_helm::values::{self, Origins, ReadFile, ValueFlags};

use super::change::{Flag, Mutant};

/// Whether it rendered; the text of a panic if there was one.
pub(super) fn render(mutant: &Mutant) -> Result<bool, String> {
    let run = || on_large_stack(|| template(mutant).is_ok());
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default()
    })
}

fn template(mutant: &Mutant) -> Result<Vec<u8>, String> {
    let compat = if mutant.is_helm_3 { Compat::Helm3 } else { Compat::Helm4 };
    let mut origins = if mutant.is_traced { Origins::tracing() } else { Origins::off() };
    let mut outside = Nothing(mutant);
    let flags = flags(mutant);
    let user = values::merge_flags(&flags, &mut outside, compat, &mut origins)
        .map_err(|error| error.message)?;
    let files = mutant.files.iter();
    let files =
        files.map(|(name, bytes)| ChartFile::new(name.as_str(), bytes.as_slice())).collect();
    let chart = chart::from_files(files, &LoadOptions { compat }, &mut |_| {})
        .map_err(|error| error.message)?;
    values::check_installable(&chart).map_err(|error| error.message)?;
    values::check_dependencies(&chart, compat).map_err(|error| error.message)?;
    let options = TemplateOptions { include_crds: true, ..TemplateOptions::new(compat) };
    let mut trace = Trace::new(origins.next_free());
    let trace = mutant.is_traced.then_some(&mut trace);
    let mut host = FixedHost::new(compat);
    let rendered = release::template(&chart, &user, &options, &mut origins, &mut host, trace)
        .map_err(|error| error.error.message)?;
    let mut out = Vec::new();
    let options = PrintOptions {
        compat,
        no_hooks: false,
        skip_tests: false,
        show_only: Vec::new(),
        output_dir: None,
        release_dir: None,
    };
    release::print(&rendered, &options, &mut outside, &mut out).map_err(|error| error.message)?;
    Ok(out)
}

fn flags(mutant: &Mutant) -> ValueFlags {
    let of = |wanted: Flag| {
        let sets = mutant.sets.iter().filter(|(flag, _)| *flag == wanted);
        sets.map(|(_, text)| text.clone()).collect()
    };
    ValueFlags {
        files: mutant.values.iter().map(|_| "values.yaml".to_owned()).collect(),
        set_json: of(Flag::Json),
        set: of(Flag::Set),
        set_string: of(Flag::String),
        set_file: of(Flag::File),
        set_literal: of(Flag::Literal),
    }
}

/// A world without files but the values file.
struct Nothing<'a>(&'a Mutant);

impl ReadFile for Nothing<'_> {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let values = self.0.values.clone().filter(|_| path == "values.yaml");
        values.ok_or_else(|| format!("open {path}: no such file or directory"))
    }
}

impl Outside for Nothing<'_> {
    fn write(&mut self, _: &str, _: &[u8], _: bool) -> Result<(), String> {
        Ok(())
    }

    fn exists(&mut self, _: &str) -> bool {
        false
    }
}
