//! TLS: which certificates are trusted and shown, and Go's words for what goes wrong. Nothing here
//! runs before the first `https` request.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct,
    Error, InvalidMessage, RootCertStore, SignatureScheme, StreamOwned,
};

use super::roots::RootPlaces;
use crate::fetch::{go_errno, quote};

/// A connection with TLS.
pub(super) type TlsStream = StreamOwned<ClientConnection, TcpStream>;

/// What a command says about certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// `--cert-file`, or nothing.
    pub(crate) cert_file: String,
    /// `--key-file`, or nothing.
    pub(crate) key_file: String,
    /// `--ca-file`, or nothing.
    pub(crate) ca_file: String,
    /// `--insecure-skip-tls-verify`
    pub(crate) insecure: bool,
}

/// The bytes of a command's certificates.
#[derive(Debug, Default)]
pub(super) struct TlsMaterial {
    pair: Option<(Vec<u8>, Vec<u8>)>,
    authorities: Option<Vec<u8>>,
    insecure: bool,
}

impl TlsFiles {
    /// Whether Helm makes a TLS configuration of its own.
    pub(crate) fn is_custom(&self) -> bool {
        let pair = !self.cert_file.is_empty() && !self.key_file.is_empty();
        pair || !self.ca_file.is_empty() || self.insecure
    }

    /// Whether the files can be used; the error is Helm's text.
    pub(crate) fn check(&self) -> Result<(), String> {
        let usable = self.read().and_then(|material| {
            material
                .pair
                .as_ref()
                .map_or(Ok(()), |(cert, key)| client_pair(cert, key).map(drop))?;
            material.authorities.as_ref().map_or(Ok(()), |text| authorities(text).map(drop))
        });
        usable.map_err(|why| format!("can't create TLS config for client: {why}"))
    }

    /// Reads the files; the error is Helm's text. helm: internal/tlsutil/tls.go.
    pub(super) fn read(&self) -> Result<TlsMaterial, String> {
        let mut material = TlsMaterial { insecure: self.insecure, ..TlsMaterial::default() };
        let mut errors = Vec::new();
        let mut read = |path: &str, what: &str| match std::fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let why = go_errno(&error);
                errors.push(format!("{what}: {}: open {path}: {why}", quote(path)));
                None
            }
        };
        if !self.cert_file.is_empty() || !self.key_file.is_empty() {
            let cert = read(&self.cert_file, "unable to read cert file");
            let key = cert.as_ref().and_then(|_| read(&self.key_file, "unable to read key file"));
            material.pair = cert.zip(key);
        }
        if !self.ca_file.is_empty() {
            material.authorities = read(&self.ca_file, "can't read CA file");
        }
        if errors.is_empty() { Ok(material) } else { Err(errors.join("\n")) }
    }
}

/// The configuration of every connection of a client; the error is Helm's text.
pub(super) fn config(
    material: &TlsMaterial,
    places: &RootPlaces,
) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let pair = material.pair.as_ref().map(|(cert, key)| client_pair(cert, key)).transpose()?;
    let verifier = verifier(material, places, provider)?;
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let config = match pair {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
            let why = match error {
                Error::InconsistentKeys(_) => "tls: private key does not match public key".into(),
                other => format!("tls: {other}"),
            };
            format!("unable to load cert from key pair: {why}")
        })?,
    };
    Ok(Arc::new(config))
}

fn client_pair(
    cert: &[u8],
    key: &[u8],
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), String> {
    let missing = |what: &str| {
        format!(
            "unable to load cert from key pair: tls: failed to find any PEM data in {what} input"
        )
    };
    let chain: Vec<_> = CertificateDer::pem_slice_iter(cert).flatten().collect();
    if chain.is_empty() {
        return Err(missing("certificate"));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| missing("key"))?;
    Ok((chain, key))
}

fn verifier(
    material: &TlsMaterial,
    places: &RootPlaces,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, String> {
    if material.insecure {
        return Ok(Arc::new(AnyServer(provider)));
    }
    let Some(text) = &material.authorities else { return system_verifier(places, provider) };
    trusting(authorities(text)?, provider)
}

fn authorities(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(text).flatten().collect();
    if certificates.is_empty() {
        return Err("failed to append certificates from pem block".to_owned());
    }
    Ok(certificates)
}

#[cfg(any(windows, target_os = "macos"))]
fn system_verifier(
    _: &RootPlaces,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let verifier = rustls_platform_verifier::Verifier::new(provider);
    verifier.map(|verifier| Arc::new(verifier) as _).map_err(|error| error.to_string())
}

#[cfg(not(any(windows, target_os = "macos")))]
fn system_verifier(
    places: &RootPlaces,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let mut certificates: Vec<CertificateDer<'static>> = Vec::new();
    for text in places.texts() {
        certificates.extend(CertificateDer::pem_slice_iter(&text).flatten());
    }
    certificates.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
    certificates.dedup();
    trusting(certificates, provider)
}

fn trusting(
    certificates: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates.iter().cloned());
    let inner = if roots.is_empty() {
        None
    } else {
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        Some(builder.build().map_err(|error| error.to_string())?)
    };
    Ok(Arc::new(Trusted { inner, certificates, provider }))
}

/// The certificates that are trusted. A server's own certificate may be among them even where it
/// calls itself an authority, as in Go.
#[derive(Debug)]
struct Trusted {
    /// `None` where nothing is trusted.
    inner: Option<Arc<WebPkiServerVerifier>>,
    certificates: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Trusted {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let unknown = || Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let inner = self.inner.as_ref().ok_or_else(unknown)?;
        let checked = inner.verify_server_cert(end_entity, intermediates, server_name, ocsp, now);
        match checked {
            Err(Error::InvalidCertificate(CertificateError::Other(_)))
                if self.certificates.iter().any(|one| one.as_ref() == end_entity.as_ref()) =>
            {
                let parsed = ParsedCertificate::try_from(end_entity)?;
                verify_server_name(&parsed, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// `--insecure-skip-tls-verify`: whoever answers is believed.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Shakes hands on a fresh connection; the error is Go's text, where Go has one.
pub(super) fn handshake(
    config: &Arc<ClientConfig>,
    host: &str,
    socket: TcpStream,
) -> Result<TlsStream, String> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| format!("tls: {} is no host name", quote(host)))?;
    let connection =
        ClientConnection::new(config.clone(), name).map_err(|error| tell(&error, host))?;
    let mut stream = StreamOwned::new(connection, socket);
    // Writing nothing completes the handshake.
    match stream.flush().and_then(|()| finish(&mut stream)) {
        Ok(()) => Ok(stream),
        Err(error) => Err(tell_io(&error, host)),
    }
}

fn finish(stream: &mut TlsStream) -> std::io::Result<()> {
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(())
}

/// Go's words for an error of a connection with TLS.
pub(super) fn tell_io(error: &std::io::Error, host: &str) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(inner) => tell(inner, host),
        None if error.kind() == std::io::ErrorKind::UnexpectedEof => "EOF".to_owned(),
        None => go_errno(error),
    }
}

fn tell(error: &Error, host: &str) -> String {
    match error {
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "http: server gave HTTP response to HTTPS client".to_owned()
        }
        Error::InvalidCertificate(why) => {
            format!("tls: failed to verify certificate: {}", tell_certificate(why, host))
        }
        Error::AlertReceived(alert) => format!("remote error: tls: {}", tell_alert(*alert)),
        other => format!("tls: {other}"),
    }
}

fn tell_certificate(error: &CertificateError, host: &str) -> String {
    match error {
        CertificateError::UnknownIssuer => {
            "x509: certificate signed by unknown authority".to_owned()
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "x509: certificate has expired or is not yet valid".to_owned()
        }
        CertificateError::NotValidForNameContext { presented, .. } => tell_names(presented, host),
        other => format!("x509: {other}"),
    }
}

/// Go: x509.HostnameError.
fn tell_names(presented: &[String], host: &str) -> String {
    let names = |kind: &str| -> Vec<&str> {
        let inner = |name: &'_ String| -> Option<(usize, usize)> {
            let start = name.find('(')? + 1;
            name.starts_with(kind).then_some((start, name.rfind(')')?))
        };
        let found = presented.iter().filter_map(|name| inner(name).map(|(a, b)| &name[a..b]));
        found.map(|name| name.trim_matches('"')).collect()
    };
    if host.parse::<std::net::IpAddr>().is_ok() {
        let addresses = names("IpAddress");
        if addresses.is_empty() {
            let why = "because it doesn't contain any IP SANs";
            return format!("x509: cannot validate certificate for {host} {why}");
        }
        return format!("x509: certificate is valid for {}, not {host}", addresses.join(", "));
    }
    let hosts = names("DnsName");
    if hosts.is_empty() {
        return format!("x509: certificate is not valid for any names, but wanted to match {host}");
    }
    format!("x509: certificate is valid for {}, not {host}", hosts.join(", "))
}

/// Go: crypto/tls/alert.go.
fn tell_alert(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::HandshakeFailure => "handshake failure".to_owned(),
        AlertDescription::BadCertificate => "bad certificate".to_owned(),
        AlertDescription::CertificateUnknown => "unknown certificate".to_owned(),
        AlertDescription::CertificateRequired => "certificate required".to_owned(),
        AlertDescription::UnknownCA => "unknown certificate authority".to_owned(),
        AlertDescription::ProtocolVersion => "protocol version not supported".to_owned(),
        AlertDescription::UnrecognisedName => "unrecognized name".to_owned(),
        AlertDescription::InternalError => "internal error".to_owned(),
        other => format!("{other:?}"),
    }
}
