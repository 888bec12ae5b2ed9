//! Runs the example.

#[path = "../examples/render.rs"]
#[expect(dead_code, reason = "its `main` is for the command line")]
mod render;

#[test]
fn the_example_tells_what_the_chart_makes() {
    let chart = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/charts/shop/chart");
    let text = render::contents(chart).unwrap();
    let wanted = [
        "125 lines",
        "ServiceAccount shop of shop/templates/serviceaccount.yaml",
        "ConfigMap shop of shop/templates/configmap.yaml",
        "Service shop of shop/templates/service.yaml",
        "Deployment shop of shop/templates/deployment.yaml",
        "Pod shop-test of shop/templates/tests/connection.yaml",
        "Job shop-migrate of shop/templates/migrate.yaml",
        "shop: 3 replicas",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), wanted);
}
