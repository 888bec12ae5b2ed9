//! The universal chart, which the library carries.

use std::sync::{Arc, OnceLock};

use plimsoll_gotmpl::Compat;
use plimsoll_helm::chart::{Chart, ChartFile, LoadOptions, from_files};

/// The files of the universal chart: its path in the chart and its bytes, in order of the paths.
pub const UNIVERSAL_FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/universal.rs"));

/// The universal chart as it would be loaded from its folder, shared by all who ask.
pub fn universal_chart(compat: Compat) -> Arc<Chart> {
    static LOADED: [OnceLock<Arc<Chart>>; 2] = [OnceLock::new(), OnceLock::new()];
    let cell = &LOADED[usize::from(compat == Compat::Helm4)];
    let chart = cell.get_or_init(|| {
        let kept = UNIVERSAL_FILES.iter().filter(|(name, _)| *name != ".helmignore");
        let files = kept.map(|(name, bytes)| ChartFile::new(*name, *bytes)).collect();
        let loaded = from_files(files, &LoadOptions { compat }, &mut |_| {});
        loaded.expect("the chart that is built in can be loaded")
    });
    Arc::clone(chart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_loads_in_both_modes_and_has_its_files() {
        for compat in [Compat::Helm3, Compat::Helm4] {
            let chart = universal_chart(compat);
            assert_eq!(chart.name(), "universal");
            assert!(chart.templates.len() > 10 && chart.values.is_some());
            assert!(Arc::ptr_eq(&chart, &universal_chart(compat)));
        }
    }
}
