//! A certificate authority that was made up for a test, by the chart functions that make them.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::home::Home;

/// An authority, and two certificates of its.
pub struct Authority {
    /// The authority's certificate, as `--ca-file` takes it.
    pub pem: String,
    /// For a server at `127.0.0.1`.
    pub server: Pair,
    /// For somebody who asks.
    pub client: Pair,
}

/// A certificate and its key, as files hold them.
pub struct Pair {
    /// `--cert-file`
    pub certificate: String,
    /// `--key-file`
    pub key: String,
}

const TEMPLATE: &str = r#"
{{- $ca := genCAWithKey "test" 365 (genPrivateKey "ecdsa") }}
{{- $server := genSignedCertWithKey "server" (list "127.0.0.1") (list) 365 $ca (genPrivateKey "ecdsa") }}
{{- $client := genSignedCertWithKey "client" (list) (list "client.test") 365 $ca (genPrivateKey "ecdsa") }}
{{- range list $ca.Cert $server.Cert $server.Key $client.Cert $client.Key }}
pem: {{ . | replace "\n" "|" | quote }}
{{- end }}
"#;

impl Authority {
    /// A new one; its chart lies in a home.
    #[track_caller]
    pub fn new(home: &Home) -> Authority {
        home.write("authority/Chart.yaml", "apiVersion: v2\nname: authority\nversion: 1.0.0\n");
        home.write("authority/templates/NOTES.yaml", TEMPLATE.replace("pem:", "# pem:"));
        let made = home.ok(&["template", &home.path("authority").display().to_string()]);
        let texts = made.lines().filter_map(|line| line.strip_prefix("# pem: "));
        let mut texts = texts.map(|text| text.trim_matches('"').replace('|', "\n"));
        let mut next = || texts.next().expect("five texts were made");
        let pem = next();
        let mut pair = || Pair { certificate: next(), key: next() };
        Authority { pem, server: pair(), client: pair() }
    }

    /// The server's TLS; clients have to show a certificate of this authority, or need none.
    pub fn config(&self, clients_too: bool) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("there are versions");
        let builder = if clients_too {
            let mut roots = RootCertStore::empty();
            roots.add(certificate(&self.pem)).expect("it can be trusted");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().expect("it has a root"))
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::from_pem_slice(self.server.key.as_bytes());
        let key = key.expect("it is a key");
        let chain = vec![certificate(&self.server.certificate)];
        Arc::new(builder.with_single_cert(chain, key).expect("the key fits"))
    }
}

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("it is a certificate")
}
