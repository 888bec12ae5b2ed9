//! X.509 certificates: made as Go's `crypto/x509` makes them, and read as far as a signer needs.

use std::net::IpAddr;

use plimsoll_gotmpl::Text;
use plimsoll_source::strconv;
use sha2::{Digest, Sha256};

use crate::civil::Day;
use crate::keys::der::{
    self, BIT_STRING, BOOLEAN, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, PRINTABLE_STRING,
    Reader, SEQUENCE, SET, UTC_TIME, UTF8_STRING,
};
use crate::keys::{PrivateKey, PublicKey};

/// What a certificate is to say.
pub(crate) struct Request {
    /// The common name.
    pub(crate) name: Text,
    pub(crate) ips: Vec<IpAddr>,
    pub(crate) dns: Vec<Text>,
    pub(crate) serial: [u8; 16],
    /// Seconds since 1970.
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) is_ca: bool,
}

/// Who signs it.
pub(crate) struct Signer<'a> {
    pub(crate) certificate: Parsed,
    pub(crate) key: &'a PrivateKey,
}

/// What a signer's certificate says of itself.
pub(crate) struct Parsed {
    subject: Vec<u8>,
    key_info: Vec<u8>,
    key_id: Option<Vec<u8>>,
}

impl Parsed {
    /// Reads a certificate; fails with Go's text for what is none.
    pub(crate) fn read(bytes: &[u8]) -> Result<Parsed, String> {
        Parsed::try_read(bytes).ok_or_else(|| "x509: malformed certificate".to_owned())
    }

    fn try_read(bytes: &[u8]) -> Option<Parsed> {
        let mut whole = Reader(Reader(bytes).take(SEQUENCE)?);
        let mut body = Reader(whole.take(SEQUENCE)?);
        whole.take(SEQUENCE)?;
        whole.take(BIT_STRING)?;
        body.take_if(0xa0);
        body.take(INTEGER)?;
        body.take(SEQUENCE)?;
        body.take(SEQUENCE)?;
        body.take(SEQUENCE)?;
        let (SEQUENCE, _, subject) = body.next()? else { return None };
        let (SEQUENCE, _, key_info) = body.next()? else { return None };
        let mut key_id = None;
        while let Some((tag, contents, _)) = body.next() {
            if tag == 0xa3 {
                key_id = find_key_id(Reader(contents).take(SEQUENCE)?);
            }
        }
        Some(Parsed { subject: subject.to_vec(), key_info: key_info.to_vec(), key_id })
    }
}

const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];

fn find_key_id(extensions: &[u8]) -> Option<Vec<u8>> {
    let mut extensions = Reader(extensions);
    while let Some(extension) = extensions.take(SEQUENCE) {
        let mut extension = Reader(extension);
        if extension.take(OID) == Some(SUBJECT_KEY_ID) {
            extension.take_if(BOOLEAN);
            return Reader(extension.take(OCTET_STRING)?).take(OCTET_STRING).map(<[u8]>::to_vec);
        }
    }
    None
}

impl Request {
    /// Makes the certificate for a key, signed by the signer or by the key itself.
    pub(crate) fn sign(
        &self,
        key: &PrivateKey,
        signer: Option<Signer<'_>>,
    ) -> Result<Vec<u8>, String> {
        let signing = signer.as_ref().map_or(key, |signer| signer.key);
        let Some(signing_public) = signing.public_key() else {
            return signing.sign(&[]);
        };
        let public = key.public_key().ok_or("x509: unsupported public key type: *dsa.PublicKey")?;
        if signer
            .as_ref()
            .is_some_and(|signer| signer.certificate.key_info != signing_public.info())
        {
            return Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned());
        }
        let subject = name(&self.name)?;
        let parent = signer.as_ref().map(|signer| &signer.certificate);
        let body = der::sequence(&[
            &der::element(0xa0, &der::integer(&[2])),
            &der::integer(&self.serial),
            &signing.signature_algorithm(),
            parent.map_or(&subject, |parent| &parent.subject),
            &der::sequence(&[&time(self.from)?, &time(self.until)?]),
            &subject,
            &public.info(),
            &der::element(0xa3, &self.extensions(&subject, &public, parent)?),
        ]);
        let signature = signing.sign(&body)?;
        Ok(der::sequence(&[&body, &signing.signature_algorithm(), &der::bit_string(&signature)]))
    }

    /// The extensions in the order in which crypto/x509 writes them.
    fn extensions(
        &self,
        subject: &[u8],
        public: &PublicKey,
        parent: Option<&Parsed>,
    ) -> Result<Vec<u8>, String> {
        // Digital signature and key encipherment; for an authority the signing of certificates.
        let usage: &[u8] = if self.is_ca { &[2, 0xa4] } else { &[5, 0xa0] };
        let purposes = [der::element(OID, SERVER_AUTH), der::element(OID, CLIENT_AUTH)];
        let authority = if self.is_ca { der::element(BOOLEAN, &[0xff]) } else { Vec::new() };
        let mut out = vec![
            extension(KEY_USAGE, true, &der::element(BIT_STRING, usage)),
            extension(EXTENDED_KEY_USAGE, false, &der::sequence(&[&purposes[0], &purposes[1]])),
            extension(BASIC_CONSTRAINTS, true, &der::element(SEQUENCE, &authority)),
        ];
        if self.is_ca {
            let digest = Sha256::digest(&public.bits);
            let id = der::element(OCTET_STRING, &digest[..20]);
            out.push(extension(SUBJECT_KEY_ID, false, &id));
        }
        let other = parent.filter(|parent| parent.subject != subject);
        if let Some(id) = other.and_then(|parent| parent.key_id.as_deref()) {
            let id = der::sequence(&[&der::element(0x80, id)]);
            out.push(extension(AUTHORITY_KEY_ID, false, &id));
        }
        if !self.dns.is_empty() || !self.ips.is_empty() {
            let no_name = self.name.is_empty();
            out.push(extension(SUBJECT_ALT_NAME, no_name, &self.other_names()?));
        }
        Ok(der::element(SEQUENCE, &out.concat()))
    }

    fn other_names(&self) -> Result<Vec<u8>, String> {
        let mut names = Vec::new();
        for dns in &self.dns {
            if !dns.is_ascii() {
                let shown = strconv::quote(dns);
                return Err(format!("x509: {shown} cannot be encoded as an IA5String"));
            }
            names.extend(der::element(0x82, dns));
        }
        for ip in &self.ips {
            names.extend(match ip.to_canonical() {
                IpAddr::V4(ip) => der::element(0x87, &ip.octets()),
                IpAddr::V6(ip) => der::element(0x87, &ip.octets()),
            });
        }
        Ok(der::element(SEQUENCE, &names))
    }
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der::element(BOOLEAN, &[0xff]) } else { Vec::new() };
    der::sequence(&[&der::element(OID, oid), &critical, &der::element(OCTET_STRING, value)])
}

/// A name of a common name alone; nothing at all if that is empty.
fn name(common: &Text) -> Result<Vec<u8>, String> {
    if common.is_empty() {
        return Ok(der::sequence(&[]));
    }
    if common.as_str().is_none() {
        return Err("asn1: string not valid UTF-8".to_owned());
    }
    let printable =
        common.iter().all(|byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte));
    let tag = if printable { PRINTABLE_STRING } else { UTF8_STRING };
    let attribute = der::sequence(&[&der::element(OID, COMMON_NAME), &der::element(tag, common)]);
    Ok(der::sequence(&[&der::element(SET, &attribute)]))
}

/// A time in UTC, with two digits of the year where they suffice.
fn time(seconds: i64) -> Result<Vec<u8>, String> {
    let Day { year, month, day } = Day::from_days(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    match year {
        1950..2050 => Ok(der::element(UTC_TIME, format!("{:02}{rest}", year % 100).as_bytes())),
        0..10_000 => Ok(der::element(GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes())),
        _ => Err("asn1: structure error: cannot represent time as GeneralizedTime".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seconds: i64, want: &str) {
        let time = time(seconds).expect("the year can be written");
        assert_eq!(std::str::from_utf8(&time[2..]).expect("it is ASCII"), want);
    }

    #[test]
    fn times_have_the_form_that_their_year_asks_for() {
        check(0, "700101000000Z");
        check(1_709_211_600, "240229130000Z");
        check(2_524_608_000, "20500101000000Z");
    }

    #[test]
    fn names_are_printable_or_utf8() {
        let tag = |text: &str| name(&text.into()).expect("it is UTF-8")[11];
        assert_eq!(tag("example.com"), PRINTABLE_STRING);
        assert_eq!(tag("*.example.com"), UTF8_STRING);
    }
}
