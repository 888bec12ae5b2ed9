//! Charts out of a registry: manifests, tags and blobs, each checked against its digest.

use plimsoll::gotmpl::Compat;
use serde_json::Value as Json;

use plimsoll::helm::funcs::semver::{Constraint, Version};

use super::client::{MOST_METADATA, RegistryClient, tell_error};
use super::reference::{Reference, is_sha256};
use crate::fetch::settings::MOST_CHART;
use crate::fetch::{Request, Response, Url, quote, sha256};

const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const LEGACY_CHART: &str = "application/tar+gzip";
const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
const IMAGE_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const IMAGE_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// oras: what manifests may be.
const MANIFESTS: &str = "application/vnd.docker.distribution.manifest.v2+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
    application/vnd.oci.artifact.manifest.v1+json";

/// Lists of tags go over pages; a registry that never ends is left.
const MOST_PAGES: usize = 1000;

const UNDERSCORE: &str = "
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.
";

/// What was pulled.
#[derive(Debug)]
pub(crate) struct Pulled {
    /// The archive, or the signature where that was asked for.
    pub(crate) data: Vec<u8>,
    /// What Helm prints of it.
    pub(crate) said: String,
}

/// Which part of a chart is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Chart,
    Provenance,
}

/// What a manifest says of a blob.
#[derive(Clone, Debug)]
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
}

impl Descriptor {
    fn of(json: &Json) -> Option<Descriptor> {
        let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
        Some(Descriptor {
            media_type: text("mediaType")?,
            digest: text("digest")?,
            size: json.get("size").and_then(Json::as_u64)?,
        })
    }
}

impl RegistryClient {
    /// Pulls a chart or its signature; the error is Helm's text where Helm has one.
    pub(crate) fn pull(&self, reference: &Reference, part: Part) -> Result<Pulled, String> {
        let (manifest, digest) = self
            .manifest(reference, reference.wanted())
            .map_err(|why| format!("failed to perform \"FetchReference\" on source: {why}"))?;
        let manifest = self.image_manifest(reference, manifest)?;
        let found = descriptors(&manifest, part);
        let wanted = if part == Part::Chart { CHART } else { PROVENANCE };
        // The manifest counts too.
        if found.is_empty() {
            return Err(
                "manifest does not contain minimum number of descriptors (2), descriptors \
                        found: 1"
                    .to_owned(),
            );
        }
        if !found.iter().any(|one| one.media_type == CONFIG) {
            return Err(format!("could not load config with mediatype {CONFIG}"));
        }
        let is_wanted = |one: &&Descriptor| {
            one.media_type == wanted || (part == Part::Chart && one.media_type == LEGACY_CHART)
        };
        let blob = found
            .iter()
            .rfind(is_wanted)
            .ok_or_else(|| format!("manifest does not contain a layer with mediatype {wanted}"))?;
        let data = self.blob(reference, blob)?;
        Ok(Pulled { data, said: said(reference, &digest, &blob.media_type) })
    }

    /// The manifest that a reference names, and its digest.
    fn manifest(&self, reference: &Reference, wanted: &str) -> Result<(Json, String), String> {
        let response = self.manifest_response(reference, wanted, "GET")?;
        let shown = shown(&response);
        let claimed = response.header("docker-content-digest").map(str::to_owned);
        let bytes = response.body(MOST_METADATA)?;
        let digest = format!("sha256:{}", sha256(&bytes));
        let expected = if wanted.contains(':') { Some(wanted.to_owned()) } else { claimed };
        if let Some(expected) = expected.filter(|expected| *expected != digest) {
            return Err(format!(
                "{shown}: invalid response; digest mismatch: received {} when expecting {}",
                quote(&digest),
                quote(&expected)
            ));
        }
        let manifest = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{shown}: failed to decode manifest: {error}"))?;
        Ok((manifest, digest))
    }

    /// A manifest of charts: the one that was given, or of an index the first with a chart's
    /// configuration.
    fn image_manifest(&self, reference: &Reference, manifest: Json) -> Result<Json, String> {
        let is_index = manifest.get("mediaType").and_then(Json::as_str) == Some(IMAGE_INDEX)
            || manifest.get("manifests").is_some();
        if !is_index {
            return Ok(manifest);
        }
        let list = manifest.get("manifests").and_then(Json::as_array);
        let inner = list.into_iter().flatten().filter_map(Descriptor::of);
        for descriptor in inner.filter(|one| one.media_type == IMAGE_MANIFEST).take(32) {
            let (found, _) = self.manifest(reference, &descriptor.digest)?;
            let config = found.get("config").and_then(Descriptor::of);
            if config.is_some_and(|config| config.media_type == CONFIG) {
                return Ok(found);
            }
        }
        Ok(manifest)
    }

    fn manifest_response(
        &self,
        reference: &Reference,
        wanted: &str,
        method: &'static str,
    ) -> Result<Response, String> {
        let path = format!("{}/manifests/{wanted}", reference.repository);
        let url = self.url(reference.host(), &path)?;
        let request = Request { method, ..Request::get(url) }.header("Accept", MANIFESTS);
        let response = self.send(request, &scope(reference))?;
        match response.status() {
            200 => Ok(response),
            404 => {
                let separator = if wanted.contains(':') { '@' } else { ':' };
                let Reference { registry, repository, .. } = reference;
                Err(format!("{registry}/{repository}{separator}{wanted}: not found"))
            }
            _ => Err(tell_error(response)),
        }
    }

    /// The digest of what a reference names.
    pub(crate) fn resolve(&self, reference: &Reference) -> Result<String, String> {
        let response = self.manifest_response(reference, reference.wanted(), "HEAD")?;
        let digest = response.header("docker-content-digest").map(str::to_owned);
        digest.ok_or_else(|| {
            "HTTP HEAD request missing required header \"Docker-Content-Digest\"".to_owned()
        })
    }

    fn blob(&self, reference: &Reference, blob: &Descriptor) -> Result<Vec<u8>, String> {
        if !is_sha256(&blob.digest) {
            return Err(format!("`{}` is not a sha256 digest", blob.digest));
        }
        if blob.size > MOST_CHART {
            return Err(format!(
                "the chart is {} MiB large, and the most that is read are {} MiB",
                blob.size >> 20,
                MOST_CHART >> 20
            ));
        }
        let path = format!("{}/blobs/{}", reference.repository, blob.digest);
        let url = self.url(reference.host(), &path)?;
        let response = self.send(Request::get(url), &scope(reference))?;
        match response.status() {
            200 => {}
            404 => return Err(format!("{}: not found", blob.digest)),
            _ => return Err(tell_error(response)),
        }
        let shown = shown(&response);
        let bytes = response.body(blob.size)?;
        if (bytes.len() as u64) < blob.size {
            return Err(format!("{shown}: unexpected EOF"));
        }
        let digest = format!("sha256:{}", sha256(&bytes));
        if digest == blob.digest {
            return Ok(bytes);
        }
        let (got, expected) = (quote(&digest), quote(&blob.digest));
        Err(format!("{shown}: mismatch digest: received {got} when expecting {expected}"))
    }

    /// The tags that are versions, the newest first, with `+` where a tag has `_`.
    /// helm: registry/client.go `Tags`.
    pub(crate) fn tags(&self, reference: &str) -> Result<Vec<String>, String> {
        let reference = Reference::parse_plain(reference)?;
        let mut url = self.url(reference.host(), &format!("{}/tags/list", reference.repository))?;
        let mut versions: Vec<Version> = Vec::new();
        for _ in 0..MOST_PAGES {
            let response = self.send(Request::get(url.clone()), &scope(&reference))?;
            if response.status() != 200 {
                return Err(tell_error(response));
            }
            let shown = shown(&response);
            let next = next_page(&response)?;
            let page: Json = serde_json::from_slice(&response.body(MOST_METADATA)?)
                .map_err(|error| format!("{shown}: failed to decode response: {error}"))?;
            let tags = page.get("tags").and_then(Json::as_array).into_iter().flatten();
            let named = tags.filter_map(Json::as_str).map(|tag| tag.replace('_', "+"));
            versions.extend(named.filter_map(|tag| Version::parse_strict(tag).ok()));
            let Some(next) = next else {
                versions.sort_by(|a, b| b.compare(a));
                return Ok(versions.iter().map(Version::to_string).collect());
            };
            url = next;
        }
        Err(format!("the list of tags of `{}` does not end", reference.repository))
    }
}

/// Which of a registry's tags is meant. helm: registry/tag.go.
pub(crate) fn matching_tag(
    tags: &[String],
    wanted: &str,
    compat: Compat,
) -> Result<String, String> {
    if let Some(exact) = tags.iter().find(|tag| *tag == wanted) {
        return Ok(exact.clone());
    }
    let constraint = if wanted.is_empty() { "*" } else { wanted };
    let constraint = Constraint::parse(constraint).map_err(|error| error.to_string())?;
    let fits = |tag: &&String| Version::parse(tag).is_ok_and(|it| constraint.check(&it));
    tags.iter().find(fits).cloned().ok_or_else(|| {
        let start = if compat == Compat::Helm3 { "Could" } else { "could" };
        format!("{start} not locate a version matching provided version string {wanted}")
    })
}

/// What a manifest names of a chart, its own kind counted.
fn descriptors(manifest: &Json, part: Part) -> Vec<Descriptor> {
    let wanted = |media_type: &str| match part {
        Part::Chart => matches!(media_type, CONFIG | CHART | LEGACY_CHART),
        Part::Provenance => matches!(media_type, CONFIG | PROVENANCE),
    };
    let layers = manifest.get("layers").and_then(Json::as_array);
    let all = manifest.get("config").into_iter().chain(layers.into_iter().flatten());
    all.filter_map(Descriptor::of).filter(|one| wanted(&one.media_type)).collect()
}

fn scope(reference: &Reference) -> String {
    format!("repository:{}:pull", reference.repository)
}

fn shown(response: &Response) -> String {
    format!("{} {}", response.method, quote(&response.url.to_string()))
}

/// helm: registry/client.go processChartPull.
fn said(reference: &Reference, digest: &str, media_type: &str) -> String {
    let mut text = String::new();
    if media_type == LEGACY_CHART {
        text.push_str(&format!("Warning: chart media type {LEGACY_CHART} is deprecated\n"));
    }
    text.push_str(&format!("Pulled: {reference}\nDigest: {digest}\n"));
    if reference.to_string().contains('_') {
        text.push_str(&format!("{reference} contains an underscore.\n{UNDERSCORE}"));
    }
    text
}

/// Where a list goes on: only at the same server. oras: parseLink.
fn next_page(response: &Response) -> Result<Option<Url>, String> {
    let Some(link) = response.header("link").filter(|link| !link.is_empty()) else {
        return Ok(None);
    };
    let wrong = |why: &str| Err(format!("invalid next link {}: {why}", quote(link)));
    let Some(inner) = link.strip_prefix('<') else { return wrong("missing '<'") };
    let Some((inner, _)) = inner.split_once('>') else { return wrong("missing '>'") };
    let next = response.url.resolve(&Url::parse(inner)?);
    if !next.same_origin(&response.url) {
        return wrong(&format!("not the same origin as {}", quote(&response.url.to_string())));
    }
    Ok(Some(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_chosen_by_versions() {
        let tags = ["2.0.0-rc.1", "1.2.0+b", "1.1.0"].map(str::to_owned);
        let check = |wanted: &str, expected: &str| {
            assert_eq!(
                matching_tag(&tags, wanted, Compat::Helm4).unwrap_or_else(|error| error),
                expected
            );
        };
        check("", "1.2.0+b");
        check("~1.1", "1.1.0");
        check(">0.0.0-0", "2.0.0-rc.1");
        check("3", "could not locate a version matching provided version string 3");
    }

    #[test]
    fn only_a_charts_own_parts_are_pulled() {
        let manifest = serde_json::json!({
            "config": {"mediaType": CONFIG, "digest": "a", "size": 1},
            "layers": [
                {"mediaType": "other", "digest": "b", "size": 1},
                {"mediaType": CHART, "digest": "c", "size": 1},
                {"mediaType": PROVENANCE, "digest": "d", "size": 1},
            ],
        });
        let check = |part: Part, expected: &[&str]| {
            let found = descriptors(&manifest, part);
            let digests: Vec<&str> = found.iter().map(|one| one.digest.as_str()).collect();
            assert_eq!(digests, expected);
        };
        check(Part::Chart, &["a", "c"]);
        check(Part::Provenance, &["a", "d"]);
    }

    #[test]
    fn versions_with_a_plus_are_explained() {
        let reference = Reference::parse("h/a:1.0.0+x").expect("it is a reference");
        let text = said(&reference, "sha256:1", CHART);
        assert!(text.starts_with("Pulled: h/a:1.0.0_x\nDigest: sha256:1\nh/a:1.0.0_x contains an"));
        assert!(text.ends_with("when pulling from a registry.\n"));
    }
}
