//! What `helm template` prints of a release.

use plimsoll_gotmpl::Compat;

use super::split::split;
use super::{Hook, Rendered, space};
use crate::HelmError;

/// Which parts of a release are printed, and where to.
#[derive(Clone, Debug, Default)]
pub struct PrintOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
    /// `--no-hooks`
    pub no_hooks: bool,
    /// `--skip-tests`
    pub skip_tests: bool,
    /// `--show-only`, in the order given.
    pub show_only: Vec<String>,
    /// `--output-dir`
    pub output_dir: Option<String>,
    /// `--release-name`: the folder under the output folder that the release is written to.
    pub release_dir: Option<String>,
}

/// What printing does outside of the text: files for `--output-dir`, the post-renderer.
pub trait Outside {
    /// Writes a file, its folders too; appends where `append` is set. Gives Go's text on failure.
    fn write(&mut self, path: &str, bytes: &[u8], append: bool) -> Result<(), String>;
    /// Whether there is a file of that path.
    fn exists(&mut self, path: &str) -> bool;
    /// Passes the manifests through Helm 3's post-renderer; `None` where there is none.
    fn post_render(&mut self, manifests: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let _ = manifests;
        Ok(None)
    }
}

/// Appends what `helm template` prints to `out`; with an output folder that is something even if
/// it fails later.
pub fn print(
    rendered: &Rendered,
    options: &PrintOptions,
    outside: &mut dyn Outside,
    out: &mut Vec<u8>,
) -> Result<(), HelmError> {
    let mut printer = Printer { options, outside, out, text: Vec::new(), written: Vec::new() };
    printer.manifests(rendered)?;
    if let Some(text) = printer.outside.post_render(&printer.text)? {
        printer.text = text;
    }
    printer.text.truncate(space::trim_end(&printer.text).len());
    let blank = printer.text.len() - space::trim_start(&printer.text).len();
    printer.text.drain(..blank);
    printer.text.push(b'\n');
    if !options.no_hooks {
        let hooks = rendered.hooks.iter();
        printer.hooks(hooks.filter(|hook| !(options.skip_tests && hook.is_test())))?;
    }
    let text = printer.text;
    let text = if options.show_only.is_empty() { text } else { shown(&text, options)? };
    if out.is_empty() {
        *out = text;
    } else {
        out.extend_from_slice(&text);
    }
    Ok(())
}

struct Printer<'a> {
    options: &'a PrintOptions,
    outside: &'a mut dyn Outside,
    out: &'a mut Vec<u8>,
    text: Vec<u8>,
    /// The files that this run has written.
    written: Vec<String>,
}

impl Printer<'_> {
    fn manifests(&mut self, rendered: &Rendered) -> Result<(), HelmError> {
        let size: usize = rendered.manifests.iter().map(|one| one.range.len() + 64).sum();
        self.text.reserve(size);
        for crd in &rendered.crds {
            // helm: action.go puts definitions beside the release's folder, not into it.
            let folder = self.options.output_dir.clone();
            self.document(folder, &crd.path, &crd.bytes)?;
        }
        for manifest in &rendered.manifests {
            self.document(self.release_folder(), manifest.path(), manifest.bytes())?;
        }
        Ok(())
    }

    fn hooks<'a>(&mut self, hooks: impl Iterator<Item = &'a Hook>) -> Result<(), HelmError> {
        self.written.clear();
        for hook in hooks {
            let path = hook.manifest.path();
            let folder = self.release_folder();
            // helm: template.go appends to what is there, if only from an earlier run.
            if let Some(folder) = &folder
                && self.outside.exists(&format!("{folder}/{path}"))
            {
                self.written.push(path.to_owned());
            }
            self.document(folder, path, hook.manifest.bytes())?;
        }
        Ok(())
    }

    fn release_folder(&self) -> Option<String> {
        let folder = self.options.output_dir.as_ref()?;
        Some(match &self.options.release_dir {
            None => folder.clone(),
            Some(release) => join(folder, release),
        })
    }

    fn document(
        &mut self,
        folder: Option<String>,
        path: &str,
        bytes: &[u8],
    ) -> Result<(), HelmError> {
        let Some(folder) = folder else {
            push_document(&mut self.text, path, bytes);
            return Ok(());
        };
        let target = format!("{folder}/{path}");
        let mut text = Vec::with_capacity(bytes.len() + path.len() + 16);
        push_document(&mut text, path, bytes);
        let append = self.written.iter().any(|one| one == path);
        self.outside.write(&target, &text, append)?;
        self.written.push(path.to_owned());
        self.out.extend_from_slice(format!("wrote {target}\n").as_bytes());
        Ok(())
    }
}

/// Go's `filepath.Join`, as far as two plain paths go.
fn join(folder: &str, name: &str) -> String {
    let folder = folder.strip_prefix("./").unwrap_or(folder).trim_end_matches('/');
    if folder.is_empty() || folder == "." { name.to_owned() } else { format!("{folder}/{name}") }
}

fn push_document(text: &mut Vec<u8>, path: &str, bytes: &[u8]) {
    text.extend_from_slice(b"---\n# Source: ");
    text.extend_from_slice(path.as_bytes());
    text.push(b'\n');
    text.extend_from_slice(bytes);
    text.push(b'\n');
}

/// The documents whose path within the chart matches a pattern, in the order of the patterns.
/// helm: template.go cuts its own output apart again, so that a document is shown by the first
/// `# Source:` that it holds.
fn shown(text: &[u8], options: &PrintOptions) -> Result<Vec<u8>, HelmError> {
    let documents: Vec<&[u8]> =
        split(text, options.compat).into_iter().map(|range| &text[range]).collect();
    let sources: Vec<Option<&str>> = documents.iter().map(|document| source(document)).collect();
    let mut out = Vec::new();
    for pattern in &options.show_only {
        let before = out.len();
        for (document, source) in documents.iter().zip(&sources) {
            if source.is_some_and(|source| crate::chart::path_match(pattern, source)) {
                out.extend_from_slice(b"---\n");
                out.extend_from_slice(document);
                out.push(b'\n');
            }
        }
        if out.len() == before {
            return Err(HelmError::new(format!("could not find template {pattern} in chart")));
        }
    }
    Ok(out)
}

/// What `# Source: [^/]+/(.+)` finds first.
fn source(document: &[u8]) -> Option<&str> {
    const MARK: &[u8] = b"# Source: ";
    memchr::memmem::find_iter(document, MARK).find_map(|at| {
        let rest = &document[at + MARK.len()..];
        // The chart's name may not be empty, and may even hold newlines; the path may not.
        let slash = memchr::memchr(b'/', rest).filter(|&slash| slash > 0)?;
        let path = rest[slash + 1..].split(|&byte| byte == b'\n').next()?;
        std::str::from_utf8(path).ok().filter(|path| !path.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::release::{HookEvent, Manifest, RenderedText};

    #[derive(Default)]
    struct Disk(Vec<(String, Vec<u8>)>);

    impl Outside for Disk {
        fn write(&mut self, path: &str, bytes: &[u8], append: bool) -> Result<(), String> {
            match self.0.iter_mut().find(|file| file.0 == path) {
                Some(file) if append => file.1.extend_from_slice(bytes),
                _ => self.0.push((path.to_owned(), bytes.to_vec())),
            }
            Ok(())
        }

        fn exists(&mut self, path: &str) -> bool {
            self.0.iter().any(|file| file.0 == path)
        }
    }

    fn manifest(path: &str, text: &str) -> Manifest {
        let file =
            RenderedText { path: Arc::from(path), bytes: Arc::from(text.as_bytes()), map: None };
        let range = 0..text.len();
        let [api_version, kind, name] = Default::default();
        Manifest { file, range, api_version, kind, name }
    }

    fn rendered() -> Rendered {
        let hook = manifest("c/templates/t.yaml", "t: 1\n");
        Rendered {
            manifests: vec![
                manifest("c/templates/a.yaml", "a: 1\n"),
                manifest("c/templates/b.yaml", "b: 1\n\n"),
            ],
            hooks: vec![Hook { manifest: hook, events: vec![HookEvent::Test], weight: 0 }],
            ..Rendered::default()
        }
    }

    fn check(options: &PrintOptions, printed: &str) -> Disk {
        let (mut disk, mut out) = (Disk::default(), Vec::new());
        let result = print(&rendered(), options, &mut disk, &mut out);
        let out = String::from_utf8(out).expect("it is UTF-8");
        assert_eq!(result.map_or_else(|error| error.message, |()| out), printed);
        disk
    }

    #[test]
    fn manifests_are_trimmed_and_hooks_are_not() {
        let a = "---\n# Source: c/templates/a.yaml\na: 1\n\n";
        let b = "---\n# Source: c/templates/b.yaml\nb: 1\n";
        let t = "---\n# Source: c/templates/t.yaml\nt: 1\n\n";
        check(&PrintOptions::default(), &format!("{a}{b}{t}"));
        let no_tests = PrintOptions { skip_tests: true, ..PrintOptions::default() };
        check(&no_tests, &format!("{a}{b}"));
    }

    #[test]
    fn show_only_follows_the_patterns() {
        let show = |patterns: &[&str]| PrintOptions {
            show_only: patterns.iter().map(|&one| one.to_owned()).collect(),
            ..PrintOptions::default()
        };
        check(
            &show(&["templates/b.yaml", "templates/a*"]),
            "---\n# Source: c/templates/b.yaml\nb: 1\n\n---\n# Source: c/templates/a.yaml\na: 1\n\n\n",
        );
        check(&show(&["x"]), "could not find template x in chart");
    }

    #[test]
    fn files_are_written_and_said() {
        let options =
            PrintOptions { output_dir: Some("out".to_owned()), ..PrintOptions::default() };
        let wrote = ["a", "b", "t"].map(|name| format!("wrote out/c/templates/{name}.yaml\n"));
        let disk = check(&options, &format!("{}\n", wrote.concat()));
        assert_eq!(disk.0.len(), 3);
    }
}
