//! What the templates of `fixtures/gotmpl` see, and what we make of them.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context, Result};
use plimsoll_gotmpl::{Compat, FixedHost, FunctionTable, Map, Templates, Value};
use plimsoll_helm::chart::{Chart, ChartFile, Maintainer, Metadata};
use plimsoll_helm::render::{self, Capabilities, KubeVersion, Release, RenderOptions};
use plimsoll_helm::values::{ChartInstance, values_type};
use serde_json::Value as Json;

use crate::vectors::value_of;

/// What a template gave.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Out(Vec<u8>),
    /// Go's text, and Helm's where it could be told.
    Err(Vec<u8>, Option<String>),
}

/// The name of every template.
const NAME: &str = "c/templates/t.txt";

/// The same for every template, and made anew for each: templates may change their values.
pub(crate) struct World {
    json: Json,
    functions: Rc<FunctionTable>,
}

impl World {
    pub(crate) fn read(path: &Path) -> Result<World> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Ok(World {
            json: serde_json::from_str(&text)?,
            functions: render::functions(Compat::Helm4),
        })
    }

    /// What we make of a template; a panic is told in place of an answer.
    pub(crate) fn answer(&self, source: &[u8]) -> Result<Answer, String> {
        catch_unwind(AssertUnwindSafe(|| self.run(source))).map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default()
        })
    }

    fn run(&self, source: &[u8]) -> Answer {
        let mut templates = Templates::new(self.functions.clone());
        if let Err(error) = templates.parse(NAME, source) {
            let error = error.to_string();
            let helm = render::parse_failure(NAME, &error);
            return Answer::Err(error.into_bytes(), Some(helm));
        }
        match templates.execute(NAME, self.dot(), &mut FixedHost::new(Compat::Helm4)) {
            Ok(text) => Answer::Out(text.to_vec()),
            Err(error) => {
                let helm = render::exec_failure(&error, Compat::Helm4);
                Answer::Err(error.to_string().into_bytes(), Some(helm))
            }
        }
    }

    fn dot(&self) -> Value {
        let (chart, root) = self.chart();
        let instance = ChartInstance {
            metadata: chart.metadata.clone(),
            chart: Arc::new(chart),
            name: "c".into(),
            full_path: "c".into(),
            is_root: true,
            imports: Vec::new(),
            values: root,
            children: Vec::new(),
        };
        let mut capabilities = Capabilities::default_of(Compat::Helm4);
        capabilities.kube_version =
            KubeVersion::parse("v1.33.4", Compat::Helm4).expect("it is a version");
        let options = RenderOptions {
            compat: Compat::Helm4,
            release: Release {
                name: "r".into(),
                namespace: "ns".into(),
                revision: 1,
                is_install: true,
                is_upgrade: false,
            },
            capabilities,
            limits: plimsoll_gotmpl::Limits::default(),
        };
        render::root_dot(&instance, NAME, &options)
    }

    fn chart(&self) -> (Chart, Map) {
        let about = &self.json["Chart"];
        let word = |key: &str| about[key].as_str().unwrap_or_default().to_owned();
        let words = about["keywords"].as_array().into_iter().flatten();
        let mut maintainer = Maintainer::default();
        (maintainer.name, maintainer.email) = ("n".into(), "e@x".into());
        let metadata = Metadata {
            name: word("name"),
            version: word("version"),
            api_version: word("apiVersion"),
            app_version: word("appVersion"),
            description: word("description"),
            keywords: Some(words.filter_map(Json::as_str).map(str::to_owned).collect()),
            maintainers: Some(vec![maintainer]),
            annotations: Some(vec![("a/b".into(), "x".into())]),
            ..Metadata::default()
        };
        let files: BTreeMap<String, String> =
            serde_json::from_value(self.json["Files"].clone()).unwrap_or_default();
        let chart = Chart {
            metadata,
            lock: None,
            values: None,
            schema: None,
            templates: vec![ChartFile::new("templates/t.txt", &b""[..])],
            files: files
                .iter()
                .map(|(name, text)| ChartFile::new(name.as_str(), text.as_bytes()))
                .collect(),
            raw: Vec::new(),
            dependencies: Vec::new(),
        };
        let values = value_of(&self.json["Values"]);
        let values = values.as_map().expect("values are a map").retyped(values_type(Compat::Helm4));
        for (key, number) in self.json["Int64"].as_object().into_iter().flatten() {
            values.insert(key.as_str().into(), Value::int64(number.as_i64().unwrap_or_default()));
        }
        (chart, values)
    }
}
