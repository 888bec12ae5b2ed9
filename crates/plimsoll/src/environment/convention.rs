//! Environments without configuration: files whose names say what they are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Disk, EnvironmentError, check_name};

const EXTENSIONS: [&str; 2] = ["yaml", "yml"];

/// The values of an environment, found by their name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentFile {
    /// `values-prod.yaml` and the like.
    pub file: PathBuf,
    /// The `values.yaml` beside it that it is laid over, if there is one.
    pub base: Option<PathBuf>,
}

/// Looks for an environment's file in folders: `values-NAME.yaml`, `values.NAME.yaml`,
/// `values/NAME.yaml`, `envs/NAME/values.yaml`, `environments/NAME.yaml`, each also as `.yml`.
///
/// The same file reached twice is found once. No file is [`EnvironmentError::Unknown`], two
/// different ones are [`EnvironmentError::Ambiguous`].
pub fn find(
    name: &str,
    folders: &[PathBuf],
    disk: &dyn Disk,
) -> Result<EnvironmentFile, EnvironmentError> {
    check_name(name)?;
    let mut found: Option<(PathBuf, EnvironmentFile)> = None;
    for folder in folders {
        for file in candidates(name, folder).filter(|file| disk.is_file(file)) {
            let identity = disk.identity(&file);
            match &found {
                Some((known, _)) if *known == identity => {}
                Some((_, first)) => {
                    let (name, first) = (name.to_owned(), first.file.clone());
                    return Err(EnvironmentError::Ambiguous { name, first, second: file });
                }
                None => {
                    let base = base(folder, disk);
                    found = Some((identity, EnvironmentFile { file, base }));
                }
            }
        }
    }
    match found {
        Some((_, file)) => Ok(file),
        None => Err(EnvironmentError::Unknown {
            name: name.to_owned(),
            known: names(folders, disk).into_iter().collect(),
        }),
    }
}

fn candidates(name: &str, folder: &Path) -> impl Iterator<Item = PathBuf> {
    EXTENSIONS.into_iter().flat_map(move |extension| {
        [
            format!("values-{name}.{extension}"),
            format!("values.{name}.{extension}"),
            format!("values/{name}.{extension}"),
            format!("envs/{name}/values.{extension}"),
            format!("environments/{name}.{extension}"),
        ]
        .map(|file| join(folder, &file))
    })
}

/// A folder that is the working directory is not written: `values.yaml`, not `./values.yaml`.
fn join(folder: &Path, file: &str) -> PathBuf {
    if folder == Path::new(".") { PathBuf::from(file) } else { folder.join(file) }
}

fn base(folder: &Path, disk: &dyn Disk) -> Option<PathBuf> {
    let files =
        EXTENSIONS.into_iter().map(|extension| join(folder, &format!("values.{extension}")));
    files.into_iter().find(|file| disk.is_file(file))
}

/// The environments that [`find`] would find in the folders.
pub fn names(folders: &[PathBuf], disk: &dyn Disk) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for folder in folders {
        for name in disk.names(folder) {
            let between = stem(&name).and_then(|stem| stem.strip_prefix("values"));
            known.extend(between.and_then(|rest| rest.strip_prefix(['-', '.'])).map(str::to_owned));
        }
        for inner in ["values", "environments"] {
            let files = disk.names(&folder.join(inner));
            known.extend(files.iter().filter_map(|name| stem(name)).map(str::to_owned));
        }
        let envs = folder.join("envs");
        known.extend(disk.names(&envs).into_iter().filter(|name| {
            let file = |extension| envs.join(name).join(format!("values.{extension}"));
            EXTENSIONS.into_iter().any(|extension| disk.is_file(&file(extension)))
        }));
    }
    known.retain(|name| check_name(name).is_ok());
    known
}

fn stem(name: &str) -> Option<&str> {
    EXTENSIONS.into_iter().find_map(|extension| name.strip_suffix(extension)?.strip_suffix('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree(&'static [&'static str]);

    impl Disk for Tree {
        fn is_file(&self, path: &Path) -> bool {
            self.0.iter().any(|file| Path::new(file) == path)
        }

        fn names(&self, folder: &Path) -> Vec<String> {
            let inside = |file: &&str| {
                let rest = Path::new(file).strip_prefix(folder).ok()?;
                Some(rest.iter().next()?.to_string_lossy().into_owned())
            };
            self.0.iter().filter_map(inside).collect()
        }

        fn identity(&self, path: &Path) -> PathBuf {
            path.strip_prefix("link").unwrap_or(path).to_owned()
        }
    }

    fn check(tree: &'static [&'static str], folders: &[&str], expected: &str) {
        let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
        let got = match find("prod", &folders, &Tree(tree)) {
            Ok(EnvironmentFile { file, base }) => {
                let base = base.map(|base| format!("{} + ", base.display()));
                format!("{}{}", base.unwrap_or_default(), file.display())
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn every_convention_is_found_with_its_base() {
        check(&["s/values-prod.yaml"], &["s"], "s/values-prod.yaml");
        check(&["s/values.prod.yml", "s/values.yaml"], &["s"], "s/values.yaml + s/values.prod.yml");
        check(&["s/values/prod.yaml", "s/values.yml"], &["s"], "s/values.yml + s/values/prod.yaml");
        check(&["s/envs/prod/values.yaml"], &["t", "s"], "s/envs/prod/values.yaml");
        check(&["s/environments/prod.yaml"], &["s"], "s/environments/prod.yaml");
    }

    #[test]
    fn one_file_reached_twice_is_one() {
        check(
            &["a/values-prod.yaml", "link/a/values-prod.yaml"],
            &["a", "link/a"],
            "a/values-prod.yaml",
        );
    }

    #[test]
    fn two_files_are_an_error_that_names_both() {
        check(
            &["a/values-prod.yaml", "a/values/prod.yaml"],
            &["a"],
            "two files are the environment `prod`: a/values-prod.yaml and a/values/prod.yaml; \
             remove one, or declare the environment in `.plimsoll.yaml`",
        );
    }

    #[test]
    fn an_unknown_environment_lists_those_there_are() {
        check(
            &["a/values-prd.yaml", "a/values.dev.yaml", "a/envs/x/values.yml", "a/values.yaml"],
            &["a"],
            "there is no environment `prod`; did you mean `prd`? there are: dev, prd, x",
        );
        check(
            &["a/values.yaml"],
            &["a"],
            "there is no environment `prod`, nor any other: write `values-prod.yaml` beside \
             `values.yaml`, or declare it in `.plimsoll.yaml`",
        );
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["", "..", "a/b", "a b", "a\\b"] {
            assert!(
                matches!(find(name, &[], &Tree(&[])), Err(EnvironmentError::Name(_))),
                "{name}"
            );
        }
    }
}
