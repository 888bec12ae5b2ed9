//! What templates print as certificates, keys and passwords, read by packages that did not write
//! it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring::{default_provider, sign};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use serde_json::Value;
use x509_parser::der_parser::ber::BerObject;
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

use crate::plimsoll::{folder, quiet};

const NOW: i64 = 1_700_000_000;
const DAY: i64 = 24 * 3600;

const TEMPLATE: &str = r#"
{{- $rsa := genCA "root" 3650 }}
{{- $ec := genCAWithKey "ec root" 30 (genPrivateKey "ecdsa") }}
{{- $ed := genCAWithKey "ed root" 30 (genPrivateKey "ed25519") }}
{{- $dns := list "a.test" "*.b.test" }}
{{- $ips := list "127.0.0.1" "2001:db8::1" }}
{{- dict
  "rsa" $rsa "ec" $ec "ed" $ed
  "custom" (buildCustomCert (b64enc $rsa.Cert) (b64enc $rsa.Key))
  "self" (genSelfSignedCert "self" $ips $dns 365)
  "selfEc" (genSelfSignedCertWithKey "self ec" (list) (list "c.test") 1 (genPrivateKey "ecdsa"))
  "byRsa" (genSignedCert "server" $ips $dns 90 $rsa)
  "byEc" (genSignedCertWithKey "server" $ips $dns 10 $ec (genPrivateKey "ed25519"))
  "byEd" (genSignedCertWithKey "server" $ips $dns 10 $ed (genPrivateKey "rsa"))
  "keyRsa" (genPrivateKey "rsa") "keyDsa" (genPrivateKey "dsa")
  "keyEc" (genPrivateKey "ecdsa") "keyEd" (genPrivateKey "ed25519")
  "keyNone" (genPrivateKey "rot13")
  "htpasswd" (htpasswd "me" "secret") "bcrypt" (bcrypt "secret")
  "uuid" uuidv4 "text" (randAlphaNum 20)
  "now" (now | unixEpoch)
  | toJson }}
"#;

/// What a template prints, as JSON.
fn print(template: &str, seed: &str) -> Value {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("plimsoll-certificates-{}-{number}", std::process::id());
    let chart: PathBuf = std::env::temp_dir().join(name);
    std::fs::create_dir_all(chart.join("templates")).unwrap();
    std::fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: c\nversion: 0.1.0\n").unwrap();
    std::fs::write(chart.join("templates/a.yaml"), template).unwrap();
    let mut command = quiet(folder().join("plimsoll"));
    command.args(["render", "--no-validate", "--seed", seed, "r"]).arg(&chart);
    let output = command.env("SOURCE_DATE_EPOCH", NOW.to_string()).output().unwrap();
    std::fs::remove_dir_all(&chart).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let json = text.lines().find(|line| line.starts_with('{'));
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(json.unwrap_or_else(|| panic!("{text}{said}"))).unwrap()
}

fn printed() -> &'static Value {
    static PRINTED: OnceLock<Value> = OnceLock::new();
    PRINTED.get_or_init(|| print(TEMPLATE, "one"))
}

fn text(name: &str) -> &'static str {
    printed()[name].as_str().unwrap()
}

fn pem(name: &str, part: &str) -> &'static str {
    printed()[name][part].as_str().unwrap()
}

fn der(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem(name, "Cert").as_bytes()).unwrap()
}

/// The public half of a key in PEM, as a certificate holds it, and its algorithm.
fn public(key: &str) -> (Vec<u8>, String) {
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let key = sign::any_supported_type(&key).unwrap();
    (key.public_key().unwrap().to_vec(), format!("{:?}", key.algorithm()))
}

/// Subject, days, whether it is an authority, its key's algorithm, DNS names and addresses.
type Said = (String, i64, bool, String, Vec<String>, Vec<Vec<u8>>);

fn said(name: &str) -> Said {
    let der = der(name);
    let (rest, certificate) = X509Certificate::from_der(&der).unwrap();
    assert!(
        rest.is_empty() && certificate.version().0 == 2,
        "{name} is one certificate of X.509 v3"
    );
    let validity = certificate.validity();
    assert_eq!(validity.not_before.timestamp(), NOW, "{name}");
    let (key, algorithm) = public(pem(name, "Key"));
    assert_eq!(certificate.public_key().raw, key, "{name}: the key belongs to it");
    let (mut dns, mut addresses) = (Vec::new(), Vec::new());
    for general in certificate
        .subject_alternative_name()
        .unwrap()
        .iter()
        .flat_map(|names| &names.value.general_names)
    {
        match general {
            GeneralName::DNSName(name) => dns.push((*name).to_owned()),
            GeneralName::IPAddress(bytes) => addresses.push(bytes.to_vec()),
            other => panic!("{name}: {other:?}"),
        }
    }
    let usage = certificate.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && usage.key_encipherment(), "{name}");
    assert_eq!(usage.key_cert_sign(), certificate.is_ca(), "{name}");
    let extended = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(extended.server_auth && extended.client_auth, "{name}");
    let unread = certificate.extensions().iter().find(|one| {
        matches!(
            one.parsed_extension(),
            ParsedExtension::ParseError { .. } | ParsedExtension::UnsupportedExtension { .. }
        )
    });
    assert!(unread.is_none(), "{name}: {unread:?}");
    let days = (validity.not_after.timestamp() - NOW) / DAY;
    (certificate.subject().to_string(), days, certificate.is_ca(), algorithm, dns, addresses)
}

fn check(
    name: &str,
    subject: &str,
    days: i64,
    is_ca: bool,
    algorithm: &str,
    dns: &[&str],
    ips: bool,
) {
    let ips: &[&[u8]] = if ips {
        &[&[127, 0, 0, 1], &[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]
    } else {
        &[]
    };
    let dns = dns.iter().map(|&name| name.to_owned()).collect();
    let ips = ips.iter().map(|ip| ip.to_vec()).collect();
    let wanted = (format!("CN={subject}"), days, is_ca, algorithm.to_owned(), dns, ips);
    assert_eq!(said(name), wanted, "{name}");
}

#[test]
fn certificates_say_what_was_asked_for() {
    let both = &["a.test", "*.b.test"];
    check("rsa", "root", 3650, true, "RSA", &[], false);
    check("ec", "ec root", 30, true, "ECDSA", &[], false);
    check("ed", "ed root", 30, true, "ED25519", &[], false);
    check("self", "self", 365, false, "RSA", both, true);
    check("selfEc", "self ec", 1, false, "ECDSA", &["c.test"], false);
    check("byRsa", "server", 90, false, "RSA", both, true);
    check("byEc", "server", 10, false, "ED25519", both, true);
    check("byEd", "server", 10, false, "RSA", both, true);
    assert_eq!(printed()["custom"], printed()["rsa"]);
}

#[test]
fn signatures_are_those_of_the_issuer() {
    for (name, issuer) in [
        ("rsa", "rsa"),
        ("ec", "ec"),
        ("ed", "ed"),
        ("self", "self"),
        ("selfEc", "selfEc"),
        ("byRsa", "rsa"),
        ("byEc", "ec"),
        ("byEd", "ed"),
    ] {
        let (issued, by) = (der(name), der(issuer));
        let (issued, by) = (
            X509Certificate::from_der(&issued).unwrap().1,
            X509Certificate::from_der(&by).unwrap().1,
        );
        issued.verify_signature(Some(by.public_key())).unwrap();
        assert_eq!(issued.issuer(), by.subject(), "{name}");
        let other = if issuer == "rsa" { der("ec") } else { der("rsa") };
        let other = X509Certificate::from_der(&other).unwrap().1;
        assert!(issued.verify_signature(Some(other.public_key())).is_err(), "{name}");
    }
}

/// What a client says that trusts `root` and speaks to `host` at a time.
fn trusts(root: &str, name: &str, host: &str, at: i64) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots.add(der(root)).unwrap();
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()));
    let host = ServerName::try_from(host.to_owned()).unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at as u64));
    let verified = verifier.build().unwrap().verify_server_cert(&der(name), &[], &host, &[], at);
    verified.map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn clients_trust_the_chain_as_long_as_it_lasts() {
    for (root, name) in [("rsa", "byRsa"), ("ec", "byEc"), ("ed", "byEd")] {
        for host in ["a.test", "x.b.test", "127.0.0.1", "2001:db8::1"] {
            assert_eq!(trusts(root, name, host, NOW), Ok(()), "{name} {host}");
        }
        assert!(trusts(root, name, "other.test", NOW).is_err(), "{name}");
        assert!(trusts(root, name, "a.test", NOW - 1).is_err(), "{name}");
        assert_eq!(trusts(root, name, "a.test", NOW + 9 * DAY), Ok(()), "{name}");
        assert!(trusts(root, name, "a.test", NOW + 91 * DAY).is_err(), "{name}");
    }
    assert!(trusts("rsa", "byEc", "a.test", NOW).is_err());
}

#[test]
fn keys_are_of_the_kind_that_was_asked_for() {
    let label = |name| text(name).lines().next().unwrap();
    assert_eq!(label("keyRsa"), "-----BEGIN RSA PRIVATE KEY-----");
    assert_eq!(label("keyEc"), "-----BEGIN EC PRIVATE KEY-----");
    assert_eq!(label("keyEd"), "-----BEGIN PRIVATE KEY-----");
    let (key, algorithm) = public(text("keyRsa"));
    assert!(algorithm == "RSA" && key.len() > 512, "4096 bits, as sprig's");
    assert_eq!(public(text("keyEc")).1, "ECDSA");
    assert_eq!(public(text("keyEd")).1, "ED25519");
    assert_eq!(text("keyNone"), "Unknown type rot13");
    let (label, dsa) = x509_parser::pem::Pem::read(std::io::Cursor::new(text("keyDsa")))
        .map(|(pem, _)| (pem.label, pem.contents))
        .unwrap();
    assert_eq!(label, "DSA PRIVATE KEY");
    let (_, key) = x509_parser::der_parser::parse_der(&dsa).unwrap();
    let bits: Vec<u64> = key.as_sequence().unwrap().iter().map(bits).collect();
    // Version, p, q, g, public and private half: L2048N256.
    assert_eq!((bits.len(), bits[1], bits[2]), (6, 2048, 256));
}

fn bits(number: &BerObject<'_>) -> u64 {
    let bytes = number.content.as_slice().unwrap();
    let start = bytes.iter().position(|&byte| byte != 0).unwrap_or(bytes.len());
    let first = bytes.get(start).map_or(0, |byte| u64::from(byte.leading_zeros()));
    (bytes.len() - start) as u64 * 8 - first
}

#[test]
fn passwords_can_be_checked() {
    let hash = text("htpasswd").strip_prefix("me:$2a$10$").unwrap();
    assert!(bcrypt::verify("secret", &format!("$2a$10${hash}")).unwrap());
    assert!(!bcrypt::verify("Secret", &format!("$2a$10${hash}")).unwrap());
    assert!(bcrypt::verify("secret", text("bcrypt")).unwrap());
    let derived = print(
        r#"{{ dict "long" (derivePassword 1 "long" "password" "user" "example.com") "pin" (derivePassword 1 "pin" "password" "user" "example.com") | toJson }}"#,
        "any",
    );
    // sprig's own examples, which real Helm prints too.
    assert_eq!((&derived["long"], &derived["pin"]), (&"ZedaFaxcZaso9*".into(), &"6685".into()));
}

#[test]
fn a_seed_gives_the_same_again_and_another_seed_another() {
    assert_eq!(&print(TEMPLATE, "one"), printed());
    let other = print(TEMPLATE, "two");
    assert_eq!(other["now"], printed()["now"]);
    for name in ["rsa", "byRsa", "keyRsa", "keyDsa", "keyEc", "keyEd", "htpasswd", "uuid", "text"] {
        assert_ne!(other[name], printed()[name], "{name}");
    }
}
