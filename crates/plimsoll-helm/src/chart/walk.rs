use std::collections::VecDeque;
use std::path::{Component, Path, PathBuf};

use plimsoll_gotmpl::Compat;
use walkdir::{DirEntry, WalkDir};

use super::disk;
use crate::go_errors::errno;
use crate::log::{Level, Log, slog};

/// A file or folder that the walk comes to.
pub(super) struct Visited<'a> {
    /// The path on the disk; links in it stand as they are.
    pub(super) path: &'a Path,
    /// What it is, a link followed.
    pub(super) kind: std::fs::FileType,
    /// The resolved path, if it is a link.
    pub(super) target: Option<&'a Path>,
}

/// Go on with what is in a folder, or leave it out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Enter,
    Skip,
}

/// Walks a folder in byte order of the names, folder by folder, and follows links, each with a
/// line in the log. helm: sympath/walk.go.
pub(super) fn walk(
    root: &Path,
    compat: Compat,
    log: Log<'_>,
    visit: &mut dyn FnMut(Visited<'_>) -> Result<Next, String>,
) -> Result<(), String> {
    let mut open = vec![folder(root)];
    while let Some(walk) = open.last_mut() {
        let Some(entry) = walk.next() else {
            open.pop();
            continue;
        };
        let entry = entry.map_err(|why| walk_error(&why))?;
        if !entry.path_is_symlink() {
            let (path, kind) = (entry.path(), entry.file_type());
            if visit(Visited { path, kind, target: None })? == Next::Skip && kind.is_dir() {
                walk.skip_current_dir();
            }
        } else if let Some(linked) = link(&entry, compat, &mut *log, visit)? {
            open.push(linked);
        }
    }
    Ok(())
}

/// What is in a folder, but not the folder itself.
fn folder(path: &Path) -> walkdir::IntoIter {
    WalkDir::new(path).min_depth(1).sort_by_file_name().into_iter()
}

/// Follows a link; gives the walk of the folder that it leads to, if it does.
fn link(
    entry: &DirEntry,
    compat: Compat,
    log: Log<'_>,
    visit: &mut dyn FnMut(Visited<'_>) -> Result<Next, String>,
) -> Result<Option<walkdir::IntoIter>, String> {
    let path = entry.path();
    let shown = path.display().to_string();
    let resolved =
        eval_symlinks(path).map_err(|why| format!("error evaluating symlink {shown}: {why}"))?;
    log(link_line(compat, &shown, &resolved.display().to_string()));
    let kind = disk::lstat(&resolved)?.file_type();
    let next = visit(Visited { path, kind, target: Some(&resolved) })?;
    Ok((kind.is_dir() && next == Next::Enter).then(|| folder(path)))
}

fn link_line(compat: Compat, path: &str, resolved: &str) -> String {
    match compat {
        Compat::Helm3 => format!(
            "walk.go:75: found symbolic link in path: {path} resolves to {resolved}. \
             Contents of linked file included and used"
        ),
        Compat::Helm4 => slog(
            Level::Info,
            "found symbolic link in path. Contents of linked file included and used",
            &[("path", path), ("resolved", resolved)],
        ),
    }
}

/// Go's `filepath.EvalSymlinks`: it tells which part of the way is missing.
fn eval_symlinks(path: &Path) -> Result<PathBuf, String> {
    let mut todo: VecDeque<PathBuf> = parts(path).collect();
    let mut resolved = PathBuf::new();
    let mut links = 0;
    while let Some(part) = todo.pop_front() {
        if part == Path::new("..") {
            resolved.pop();
            continue;
        }
        let next = resolved.join(&part);
        if !disk::lstat(&next)?.is_symlink() {
            resolved = next;
            continue;
        }
        links += 1;
        if links > 255 {
            return Err("EvalSymlinks: too many links".to_owned());
        }
        let target = disk::read_link(&next)?;
        for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
            todo.push_front(part);
        }
    }
    Ok(resolved)
}

/// The parts of a path; a root among them starts anew when it is joined.
fn parts(path: &Path) -> impl Iterator<Item = PathBuf> {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.map(|part| PathBuf::from(part.as_os_str()))
}

fn walk_error(why: &walkdir::Error) -> String {
    let path = why.path().map(|path| path.display().to_string()).unwrap_or_default();
    let reason = why.io_error().map_or_else(|| why.to_string(), errno);
    format!("open {path}: {reason}")
}
