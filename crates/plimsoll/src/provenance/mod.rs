//! Where the bytes of a rendered manifest came from: the template that wrote them and the values
//! that they were made of.

mod lookup;

use std::sync::Arc;

use plimsoll_gotmpl::{Host, Trace};
use plimsoll_helm::chart::Chart;
use plimsoll_helm::release::{self, Rendered, TemplateError, TemplateOptions};
use plimsoll_helm::values::{self, Origins, ReadFile, ValueFlags};

pub use lookup::{Provenance, TemplatePlace, ValuePlace};

/// A rendered chart that can say where each byte of it came from. Its bytes are those of a plain
/// rendering.
#[derive(Debug)]
pub struct TracedRender {
    /// The documents in Helm's order; their places are asked of the methods.
    pub rendered: Rendered,
    origins: Origins,
    trace: Trace,
}

/// What a run notes on its way, to be told later where each byte came from.
#[derive(Debug)]
pub struct Tracing {
    origins: Origins,
    trace: Trace,
}

impl Default for Tracing {
    fn default() -> Tracing {
        // The values of the charts get their numbers while it renders, all before the first
        // template.
        Tracing { origins: Origins::tracing(), trace: Trace::new(FIRST_JOINED) }
    }
}

impl Tracing {
    /// What the values' layers and [`release::template`] write to.
    pub fn parts(&mut self) -> (&mut Origins, &mut Trace) {
        (&mut self.origins, &mut self.trace)
    }

    /// The release that was rendered with these parts.
    pub fn finish(self, rendered: Rendered) -> TracedRender {
        TracedRender { rendered, origins: self.origins, trace: self.trace }
    }
}

/// Renders a chart and notes where everything comes from. Errors are those of a plain rendering.
/// Wants a large stack: call it within [`release::on_large_stack`].
pub fn render_traced(
    chart: &Arc<Chart>,
    flags: &ValueFlags,
    reader: &mut dyn ReadFile,
    options: &TemplateOptions,
    host: &mut dyn Host,
) -> Result<TracedRender, TemplateError> {
    let mut tracing = Tracing::default();
    let (origins, trace) = tracing.parts();
    let user = values::merge_flags(flags, reader, options.compat, origins)?;
    let rendered = release::template(chart, &user, options, origins, host, Some(trace))?;
    Ok(tracing.finish(rendered))
}

/// Origins from here on are joined of others: no chart has so many values.
const FIRST_JOINED: u32 = 1 << 31;

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<TracedRender>();
};

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

    use super::*;
    use plimsoll_gotmpl::{Compat, FixedHost};
    use plimsoll_helm::chart::{LoadOptions, load};
    use plimsoll_helm::render::KubeVersion;
    use std::path::{Path, PathBuf};

    struct Folder(PathBuf);

    impl ReadFile for Folder {
        fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
            std::fs::read(self.0.join(path)).map_err(|_| format!("open {path}: no such file"))
        }
    }

    /// What a case of a fixture chart is rendered with.
    fn case(folder: &Path) -> (ValueFlags, TemplateOptions) {
        let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
        let words: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
        let (mut flags, mut options) = (ValueFlags::default(), TemplateOptions::new(Compat::Helm4));
        for pair in words.windows(2) {
            match pair[0] {
                "-f" | "--values" => flags.files.push(pair[1].to_owned()),
                "--set" => flags.set.push(pair[1].to_owned()),
                "--kube-version" => {
                    options.kube_version = KubeVersion::parse(pair[1], Compat::Helm4).ok();
                }
                _ => {}
            }
        }
        (flags, options)
    }

    fn fixtures() -> Vec<(PathBuf, PathBuf)> {
        let charts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/charts");
        let list = |folder: &Path| -> Vec<PathBuf> {
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
        };
        let charts = list(Path::new(charts)).into_iter();
        // What is asked of Helm's other commands has no one chart.
        let charts = charts.filter(|chart| chart.join("chart").is_dir());
        charts
            .flat_map(|chart| {
                let cases = list(&chart.join("cases")).into_iter();
                cases.map(|case| (chart.clone(), case)).collect::<Vec<_>>()
            })
            .collect()
    }

    fn texts(rendered: Result<Rendered, TemplateError>) -> Vec<(String, Vec<u8>)> {
        match rendered {
            Ok(done) => {
                done.files.iter().map(|file| (file.path.to_string(), file.bytes.to_vec())).collect()
            }
            Err(failed) => vec![(failed.error.message, Vec::new())],
        }
    }

    fn plain(
        chart: &Arc<Chart>,
        flags: &ValueFlags,
        folder: &mut Folder,
        options: &TemplateOptions,
    ) -> Result<Rendered, TemplateError> {
        let mut origins = Origins::off();
        let user = values::merge_flags(flags, folder, options.compat, &mut origins)?;
        let host = &mut FixedHost::new(Compat::Helm4);
        release::template(chart, &user, options, &mut origins, host, None)
    }

    #[test]
    fn traced_bytes_are_the_plain_ones() {
        let mut rendered = 0;
        for (folder, case_folder) in fixtures() {
            let (flags, options) = case(&case_folder);
            let load_options = LoadOptions { compat: Compat::Helm4 };
            let chart = load(&folder.join("chart"), &load_options, &mut |_| {}).unwrap();
            let mut reader = Folder(folder);
            let (plain, traced) = release::on_large_stack(|| {
                let host = &mut FixedHost::new(Compat::Helm4);
                let traced = render_traced(&chart, &flags, &mut reader, &options, host);
                let traced = traced.map(|traced| traced.rendered);
                (texts(plain(&chart, &flags, &mut reader, &options)), texts(traced))
            });
            assert_eq!(plain, traced, "{}", case_folder.display());
            rendered += usize::from(plain.len() > 1);
        }
        assert!(rendered > 5, "most cases render");
    }
}
