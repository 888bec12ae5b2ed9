//! Certificates as sprig makes them with `crypto/x509`.

use plimsoll_gotmpl::{
    Arg, CallError, Function, Kind, List, Object, Ret, Runtime, Text, Type, Value, function,
    print_value,
};

use crate::encoding::base64_decode;
use crate::keys::{PrivateKey, pem};
use crate::limit::steps;
use crate::x509::{Parsed, Request, Signer};

pub(crate) const CERTS: &[Function] = &[
    function!("genCA", gen_ca),
    function!("genCAWithKey", gen_ca_with_key),
    function!("genSelfSignedCert", gen_self_signed_cert),
    function!("genSelfSignedCertWithKey", gen_self_signed_cert_with_key),
    function!("genSignedCert", gen_signed_cert),
    function!("genSignedCertWithKey", gen_signed_cert_with_key),
    function!("buildCustomCert", build_custom_cert),
];

/// `sprig.certificate`: a certificate and its key, both in PEM.
#[derive(Clone, Debug)]
struct Certificate {
    cert: Text,
    key: Text,
}

impl Object for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(self.cert.clone().into()),
            "Key" => Some(self.key.clone().into()),
            _ => None,
        }
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["Cert", "Key"]
    }

    fn to_json(&self) -> Value {
        let entries = vec![
            ("Cert".into(), self.cert.clone().into()),
            ("Key".into(), self.key.clone().into()),
        ];
        Value::map(plimsoll_gotmpl::Map::from_entries(entries))
    }

    fn equals(&self, other: &dyn Object) -> bool {
        let both = |name| match (self.field(name), other.field(name)) {
            (Some(Value::Text(_, a)), Some(Value::Text(_, b))) => a == b,
            _ => false,
        };
        other.type_name() == self.type_name() && both("Cert") && both("Key")
    }
}

const CERTIFICATE: Type = Type::Named("sprig.certificate", Kind::Struct);

impl Arg for Certificate {
    const TYPE: Type = CERTIFICATE;

    fn from_value(value: &Value) -> Certificate {
        let empty = || Certificate { cert: "".into(), key: "".into() };
        value.downcast::<Certificate>().cloned().unwrap_or_else(empty)
    }
}

impl Ret for Certificate {
    const TYPE: Type = CERTIFICATE;

    fn into_result(self) -> Result<Value, CallError> {
        Ok(Value::object(self))
    }
}

fn gen_ca(runtime: &mut dyn Runtime, name: Text, days: i64) -> Result<Certificate, CallError> {
    let key = new_key(runtime)?;
    authority(runtime, name, days, key)
}

fn gen_ca_with_key(
    runtime: &mut dyn Runtime,
    name: Text,
    days: i64,
    key: Text,
) -> Result<Certificate, CallError> {
    let key = given_key(&key)?;
    authority(runtime, name, days, key)
}

fn authority(
    runtime: &mut dyn Runtime,
    name: Text,
    days: i64,
    key: PrivateKey,
) -> Result<Certificate, CallError> {
    let mut request = request(runtime, name, None, None, days)?;
    request.is_ca = true;
    finish(&request, &key, None)
}

fn gen_self_signed_cert(
    runtime: &mut dyn Runtime,
    name: Text,
    ips: List,
    dns: List,
    days: i64,
) -> Result<Certificate, CallError> {
    let key = new_key(runtime)?;
    let request = request(runtime, name, Some(ips), Some(dns), days)?;
    finish(&request, &key, None)
}

fn gen_self_signed_cert_with_key(
    runtime: &mut dyn Runtime,
    name: Text,
    ips: List,
    dns: List,
    days: i64,
    key: Text,
) -> Result<Certificate, CallError> {
    let key = given_key(&key)?;
    let request = request(runtime, name, Some(ips), Some(dns), days)?;
    finish(&request, &key, None)
}

fn gen_signed_cert(
    runtime: &mut dyn Runtime,
    name: Text,
    ips: List,
    dns: List,
    days: i64,
    ca: Certificate,
) -> Result<Certificate, CallError> {
    let key = new_key(runtime)?;
    signed(runtime, (name, ips, dns, days), &ca, &key)
}

fn gen_signed_cert_with_key(
    runtime: &mut dyn Runtime,
    name: Text,
    ips: List,
    dns: List,
    days: i64,
    ca: Certificate,
    key: Text,
) -> Result<Certificate, CallError> {
    let key = given_key(&key)?;
    signed(runtime, (name, ips, dns, days), &ca, &key)
}

fn signed(
    runtime: &mut dyn Runtime,
    (name, ips, dns, days): (Text, List, List, i64),
    ca: &Certificate,
    key: &PrivateKey,
) -> Result<Certificate, CallError> {
    let block = pem::decode(&ca.cert).ok_or("unable to decode certificate")?;
    let parsed = Parsed::read(&block.bytes)
        .map_err(|why| format!("error parsing certificate: decodedSignerCert.Bytes: {why}"))?;
    let ca_key =
        PrivateKey::from_pem(&ca.key).map_err(|why| format!("error parsing private key: {why}"))?;
    let request = request(runtime, name, Some(ips), Some(dns), days)?;
    finish(&request, key, Some(Signer { certificate: parsed, key: &ca_key }))
}

fn build_custom_cert(cert: Text, key: Text) -> Result<Certificate, CallError> {
    let cert = base64_decode(&cert).map_err(|_| "unable to decode base64 certificate")?;
    let key = base64_decode(&key).map_err(|_| "unable to decode base64 private key")?;
    let block = pem::decode(&cert).ok_or("unable to decode certificate")?;
    Parsed::read(&block.bytes)
        .map_err(|why| format!("error parsing certificate: decodedCert.Bytes: {why}"))?;
    PrivateKey::from_pem(&key).map_err(|why| format!("error parsing private key: {why}"))?;
    Ok(Certificate { cert: cert.into(), key: key.into() })
}

fn new_key(runtime: &mut dyn Runtime) -> Result<PrivateKey, CallError> {
    runtime.charge(steps::RSA_2048)?;
    let host = runtime.host_here();
    let mut random = |bytes: &mut [u8]| host.fill_random(bytes);
    PrivateKey::new_rsa(false, &mut random)
        .map_err(|why| format!("error generating rsa key: {why}").into())
}

fn given_key(text: &[u8]) -> Result<PrivateKey, CallError> {
    PrivateKey::from_pem(text).map_err(|why| format!("parsing private key: {why}").into())
}

fn request(
    runtime: &mut dyn Runtime,
    name: Text,
    ips: Option<List>,
    dns: Option<List>,
    days: i64,
) -> Result<Request, CallError> {
    let ips = ips.iter().flat_map(|ips| ips.iter()).map(ip_address).collect::<Result<_, _>>()?;
    let dns = dns.iter().flat_map(|dns| dns.iter()).map(dns_name).collect::<Result<_, _>>()?;
    runtime.charge(steps::SIGNATURE)?;
    let host = runtime.host_here();
    let mut serial = [0; 16];
    host.fill_random(&mut serial);
    let (from, nanos) = host.now();
    // Go counts the days in nanoseconds, which wrap.
    let span = days.wrapping_mul(24 * 3600 * 1_000_000_000);
    let until = i128::from(from) * 1_000_000_000 + i128::from(nanos) + i128::from(span);
    let until = until.div_euclid(1_000_000_000) as i64;
    Ok(Request { name, ips, dns, serial, from, until, is_ca: false })
}

fn ip_address(value: &Value) -> Result<std::net::IpAddr, CallError> {
    let Value::Text(_, text) = value else {
        return Err(format!("error parsing ip: {} is not a string", shown(value)).into());
    };
    text.as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| format!("error parsing ip: {}", text.to_str_lossy()).into())
}

fn dns_name(value: &Value) -> Result<Text, CallError> {
    if let Value::Text(_, text) = value {
        Ok(text.clone())
    } else {
        let shown = shown(value);
        Err(format!("error processing alternate dns name: {shown} is not a string").into())
    }
}

/// Go's `%v`.
fn shown(value: &Value) -> String {
    let mut out = Vec::new();
    print_value(&mut out, value);
    String::from_utf8_lossy(&out).into_owned()
}

fn finish(
    request: &Request,
    key: &PrivateKey,
    signer: Option<Signer<'_>>,
) -> Result<Certificate, CallError> {
    let bytes =
        request.sign(key, signer).map_err(|why| format!("error creating certificate: {why}"))?;
    Ok(Certificate { cert: pem::encode("CERTIFICATE", &bytes).into(), key: key.to_pem().into() })
}
