//! The certificate authorities of the system, where Go looks for them.

#[cfg(not(any(windows, target_os = "macos")))]
use std::path::{Path, PathBuf};

/// Where the environment says that certificate authorities are.
#[derive(Clone, Debug, Default)]
pub(crate) struct RootPlaces {
    /// `SSL_CERT_FILE`
    pub(crate) file: Option<String>,
    /// `SSL_CERT_DIR`, folders with colons between.
    pub(crate) folders: Option<String>,
}

/// Go: crypto/x509/root_linux.go; the first that is there.
#[cfg(not(any(windows, target_os = "macos")))]
const FILES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// All of them.
#[cfg(not(any(windows, target_os = "macos")))]
const FOLDERS: &[&str] = &["/etc/ssl/certs", "/etc/pki/tls/certs"];

#[cfg(not(any(windows, target_os = "macos")))]
impl RootPlaces {
    /// The texts that hold certificates; what cannot be read is passed over, as in Go.
    pub(crate) fn texts(&self) -> Vec<Vec<u8>> {
        let read = |path: &Path| std::fs::read(path).ok();
        let mut texts: Vec<Vec<u8>> = match given(self.file.as_ref()) {
            Some(file) => read(Path::new(file)).into_iter().collect(),
            None => FILES.iter().find_map(|file| read(Path::new(file))).into_iter().collect(),
        };
        for folder in self.folders() {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            files.sort();
            texts.extend(files.iter().filter(|file| file.is_file()).filter_map(|file| read(file)));
        }
        texts
    }

    fn folders(&self) -> Vec<&str> {
        match given(self.folders.as_ref()) {
            Some(folders) => folders.split(':').filter(|folder| !folder.is_empty()).collect(),
            None => FOLDERS.to_vec(),
        }
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
fn given(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}
