//! `helm package`: a chart as an archive.

mod tar;
mod time;

use plimsoll_source::go_path;
use std::io::Write;
use std::sync::Arc;

use flate2::{Compression, GzBuilder};
use plimsoll_funcs::semver::Version;
use plimsoll_gotmpl::Compat;

use self::tar::Archive;
use crate::HelmError;
use crate::chart::{Chart, ChartFile, Metadata, Moment};
use crate::show::{chart_yaml, lock_yaml};

pub use time::Time;

/// What `package` is told beside the chart.
#[derive(Clone, Debug)]
pub struct PackageOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
    /// `--version`
    pub version: Option<String>,
    /// `--app-version`
    pub app_version: Option<String>,
    /// The time that all files get, in seconds since 1970: `SOURCE_DATE_EPOCH`.
    pub epoch: Option<i64>,
    /// The time that files get where none is known; in Helm 3 all of them.
    pub now: Moment,
}

/// A packed chart.
#[derive(Clone, Debug)]
pub struct Package {
    /// `c-0.1.0.tgz`
    pub name: String,
    /// The archive.
    pub bytes: Vec<u8>,
}

/// Packs a chart as it was loaded. Fails with Helm's text, behind which nothing was written.
pub fn package(chart: &Arc<Chart>, options: &PackageOptions) -> Result<Package, HelmError> {
    let mut metadata = chart.metadata.clone();
    if let Some(version) = options.version.clone().filter(|version| !version.is_empty()) {
        metadata.version = version;
    }
    Version::parse(&metadata.version).map_err(|error| error.to_string())?;
    if let Some(version) = options.app_version.clone().filter(|version| !version.is_empty()) {
        metadata.app_version = version;
    }
    if metadata.dependencies.as_ref().is_some_and(|all| !all.is_empty()) {
        // Without the advice that `helm template` puts before it.
        crate::values::check_dependencies(chart, options.compat).map_err(|error| {
            let at = error.message.find("found in Chart.yaml").unwrap_or_default();
            HelmError::new(&error.message[at..])
        })?;
    }
    save(chart, metadata, options).map_err(|error| error.wrap("failed to save"))
}

/// helm: chartutil/save.go Save.
pub fn save(
    chart: &Arc<Chart>,
    mut metadata: Metadata,
    options: &PackageOptions,
) -> Result<Package, HelmError> {
    metadata.validate().map_err(|why| format!("chart validation: {why}"))?;
    let name = format!("{}-{}.tgz", metadata.name, metadata.version);
    let archive = Packing { options, archive: Archive::default() }.pack(chart, &metadata)?;
    Ok(Package { name, bytes: zipped(&archive, options.compat) })
}

/// A comment and a field of the header that say who packed it.
fn zipped(archive: &[u8], compat: Compat) -> Vec<u8> {
    const MARK: &[u8] = b"aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=";
    let before: &[u8] = if compat == Compat::Helm3 { b"+" } else { b"rr\x28\x00" };
    let mut gzip = GzBuilder::new()
        .extra([before, MARK].concat())
        .comment("Helm")
        .operating_system(255)
        .write(Vec::new(), Compression::default());
    gzip.write_all(archive).and_then(|()| gzip.finish()).expect("memory takes everything")
}

struct Packing<'a> {
    options: &'a PackageOptions,
    archive: Archive,
}

impl Packing<'_> {
    /// A chart, then those in it, each under the one above.
    fn pack(mut self, chart: &Arc<Chart>, metadata: &Metadata) -> Result<Vec<u8>, HelmError> {
        let mut todo = vec![(chart.clone(), Some(metadata), String::new())];
        while let Some((chart, metadata, above)) = todo.pop() {
            let base = self.chart(&chart, metadata.unwrap_or(&chart.metadata), &above)?;
            let below = format!("{base}/charts");
            let children = chart.dependencies.iter().rev();
            todo.extend(children.map(|child| (child.clone(), None, below.clone())));
        }
        Ok(self.archive.finish())
    }

    fn chart(
        &mut self,
        chart: &Chart,
        metadata: &Metadata,
        above: &str,
    ) -> Result<String, HelmError> {
        let base = go_path::join(&[above, &metadata.name]);
        let named = |name: &str| chart.raw.iter().find(|file| &*file.name == name);
        let chart_yaml_time = named("Chart.yaml").and_then(|file| file.modified);
        let mut written = metadata.clone();
        if metadata.api_version == "v1" {
            written.dependencies = None;
        }
        self.add(&format!("{base}/Chart.yaml"), &chart_yaml(&written), chart_yaml_time);
        if let Some(lock) = chart.lock.as_ref().filter(|_| metadata.api_version == "v2") {
            let time = match self.options.epoch {
                Some(epoch) => Time::from_unix(epoch),
                None => Time::parse(&lock.generated),
            };
            let yaml = lock_yaml(lock, &time.to_string());
            self.add(&format!("{base}/Chart.lock"), &yaml, time.moment());
        }
        for file in chart.raw.iter().filter(|file| &*file.name == "values.yaml") {
            self.file(&base, file)?;
        }
        if let Some(schema) = &chart.schema {
            check_schema(schema, self.options.compat)?;
            self.file(&base, schema)?;
        }
        for file in chart.templates.iter().chain(&chart.files) {
            self.file(&base, file)?;
        }
        Ok(base)
    }

    fn file(&mut self, base: &str, file: &ChartFile) -> Result<(), HelmError> {
        self.add(&go_path::join(&[base, &file.name]), &file.bytes()?, file.modified);
        Ok(())
    }

    fn add(&mut self, name: &str, bytes: &[u8], modified: Option<Moment>) {
        let known = modified.filter(|_| self.options.compat == Compat::Helm4);
        let epoch = self.options.epoch.map(|seconds| (seconds, 0));
        self.archive.add(name, bytes, epoch.or(known).unwrap_or(self.options.now));
    }
}

fn check_schema(schema: &ChartFile, compat: Compat) -> Result<(), HelmError> {
    use plimsoll_funcs::json::{Target, decode};
    if decode(&schema.bytes()?, Target::Any).is_ok() {
        return Ok(());
    }
    let invalid = if compat == Compat::Helm3 { "Invalid" } else { "invalid" };
    Err(format!("{invalid} JSON in values.schema.json").into())
}

/// The files of a chart that is made from another: its name in place of `<CHARTNAME>` in the
/// templates and values, Helm's own words in `Chart.yaml`, its subcharts packed. helm: create.go
/// `CreateFrom`, save.go `SaveDir`.
pub fn save_folder(
    starter: &Arc<Chart>,
    name: &str,
    options: &PackageOptions,
) -> Result<Vec<(String, Vec<u8>)>, HelmError> {
    let named = |bytes: &[u8]| -> Vec<u8> {
        let text = String::from_utf8_lossy(bytes);
        if text.contains("<CHARTNAME>") {
            text.replace("<CHARTNAME>", name).into_bytes()
        } else {
            bytes.to_vec()
        }
    };
    let metadata = Metadata {
        name: name.to_owned(),
        description: "A Helm chart for Kubernetes".to_owned(),
        kind: "application".to_owned(),
        version: "0.1.0".to_owned(),
        app_version: "0.1.0".to_owned(),
        api_version: "v2".to_owned(),
        ..Metadata::default()
    };
    if name != go_path::base(name) {
        return Err(format!("{} is not a valid chart name", crate::text::quote(name)).into());
    }
    let mut files = vec![("Chart.yaml".to_owned(), chart_yaml(&metadata))];
    for file in starter.raw.iter().filter(|file| &*file.name == "values.yaml") {
        files.push((file.name.to_string(), named(&file.bytes()?)));
    }
    if let Some(schema) = &starter.schema {
        files.push((schema.name.to_string(), schema.bytes()?.to_vec()));
    }
    for file in &starter.templates {
        files.push((file.name.to_string(), named(&file.bytes()?)));
    }
    for file in &starter.files {
        files.push((file.name.to_string(), file.bytes()?.to_vec()));
    }
    for child in &starter.dependencies {
        let package = save(child, child.metadata.clone(), options)?;
        files.push((format!("charts/{}", package.name), package.bytes));
    }
    Ok(files)
}
