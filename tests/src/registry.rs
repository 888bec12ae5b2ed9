//! A small OCI registry: manifests, blobs and tags, and faults where a test wants them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::server::{Answer, Seen};

/// What a registry holds.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// By repository and tag or digest.
    manifests: BTreeMap<(String, String), Vec<u8>>,
    blobs: BTreeMap<String, Vec<u8>>,
    /// How many tags a page has; 0 for all of them.
    pub page: usize,
}

/// `sha256:…`
pub fn digest(bytes: &[u8]) -> String {
    let digits: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

impl Registry {
    /// Puts a chart under a tag; gives the manifest's digest.
    pub fn push(&mut self, repository: &str, tag: &str, archive: &[u8]) -> String {
        let config = br#"{"name":"c","version":"1.0.0"}"#.to_vec();
        let descriptor = |kind: &str, bytes: &[u8]| {
            let (digest, size) = (digest(bytes), bytes.len());
            format!(r#"{{"mediaType":"{kind}","digest":"{digest}","size":{size}}}"#)
        };
        let config_of = descriptor("application/vnd.cncf.helm.config.v1+json", &config);
        let chart = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
        let layer = descriptor(chart, archive);
        let manifest = format!(r#"{{"schemaVersion":2,"config":{config_of},"layers":[{layer}]}}"#)
            .into_bytes();
        let found = digest(&manifest);
        self.blobs.insert(digest(&config), config);
        self.blobs.insert(digest(archive), archive.to_vec());
        self.manifests.insert((repository.to_owned(), tag.to_owned()), manifest.clone());
        self.manifests.insert((repository.to_owned(), found.clone()), manifest);
        found
    }

    /// Answers a request; 404 for what is no part of the API.
    pub fn answer(&self, seen: &Seen) -> Answer {
        let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
        let Some(path) = path.strip_prefix("/v2/") else { return Answer::status(404) };
        if path.is_empty() {
            return Answer::ok("{}");
        }
        if let Some((repository, reference)) = path.split_once("/manifests/") {
            let key = (repository.to_owned(), reference.to_owned());
            return match self.manifests.get(&key) {
                Some(manifest) => Answer::ok(manifest.clone())
                    .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                    .header("Docker-Content-Digest", digest(manifest)),
                None => Registry::unknown("MANIFEST_UNKNOWN"),
            };
        }
        if let Some((_, wanted)) = path.split_once("/blobs/") {
            let blob = self.blobs.get(wanted).cloned();
            return blob.map_or_else(|| Registry::unknown("BLOB_UNKNOWN"), Answer::ok);
        }
        match path.strip_suffix("/tags/list") {
            Some(repository) => self.tags(repository, query),
            None => Answer::status(404),
        }
    }

    fn tags(&self, repository: &str, query: &str) -> Answer {
        let start: usize = query.strip_prefix("from=").and_then(|it| it.parse().ok()).unwrap_or(0);
        let named = self.manifests.keys().filter(|(known, _)| known == repository);
        let tags: Vec<&str> =
            named.map(|(_, tag)| tag.as_str()).filter(|tag| !tag.contains(':')).collect();
        if tags.is_empty() {
            return Registry::unknown("NAME_UNKNOWN");
        }
        let end = if self.page == 0 { tags.len() } else { tags.len().min(start + self.page) };
        let quoted: Vec<String> = tags[start..end].iter().map(|tag| format!("\"{tag}\"")).collect();
        let page = format!(r#"{{"name":"{repository}","tags":[{}]}}"#, quoted.join(","));
        let answer = Answer::ok(page);
        if end == tags.len() {
            return answer;
        }
        answer.header("Link", format!("</v2/{repository}/tags/list?from={end}>; rel=\"next\""))
    }

    /// 404 with a registry's own words.
    fn unknown(code: &str) -> Answer {
        let body = format!(r#"{{"errors":[{{"code":"{code}","message":"it is not here"}}]}}"#);
        Answer::Full(404, Vec::new(), body.into_bytes())
    }
}
