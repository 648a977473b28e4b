use std::path::{Path, PathBuf};

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslAcceptorBuilder, SslFiletype, SslMethod, SslVersion};
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509Builder, X509NameBuilder, X509};

use super::Folder;

const HOUR: i64 = 3600;

/// Signs certificates for tests.
pub struct Authority {
    certificate: X509,
    key: PKey<Private>,
    folder: Folder,
}

/// A certificate and its key.
#[derive(Clone)]
pub struct Files {
    pub chain: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    pub fn new() -> Self {
        let key = new_key();
        let own = format!("authority {}", walletd::new_key());
        let mut builder = builder(&own, HOUR, &key);
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().build().unwrap()).unwrap();
        builder.set_issuer_name(&name(&own).build()).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        let (certificate, folder) = (builder.build(), Folder::new("authority"));
        std::fs::write(folder.join("authority.pem"), certificate.to_pem().unwrap()).unwrap();
        Self { certificate, key, folder }
    }

    /// The file that has its certificate.
    pub fn file(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// A certificate that is valid for an hour, for a server with these names or addresses, or without any for a client.
    pub fn certificate(&self, own: &str, names: &[&str]) -> Files {
        self.certificate_until(own, HOUR, names)
    }

    /// One that is valid for so many seconds; it has expired where that is below 0.
    pub fn certificate_until(&self, own: &str, seconds: i64, names: &[&str]) -> Files {
        let key = new_key();
        let mut builder = builder(own, seconds, &key);
        builder.set_issuer_name(self.certificate.subject_name()).unwrap();
        builder.append_extension(KeyUsage::new().digital_signature().build().unwrap()).unwrap();
        let usage = ExtendedKeyUsage::new().server_auth().client_auth().build().unwrap();
        builder.append_extension(usage).unwrap();
        if !names.is_empty() {
            let mut alternatives = SubjectAlternativeName::new();
            for name in names {
                match name.parse::<std::net::IpAddr>() {
                    Ok(_) => alternatives.ip(name),
                    Err(_) => alternatives.dns(name),
                };
            }
            let extension = alternatives.build(&builder.x509v3_context(Some(&self.certificate), None)).unwrap();
            builder.append_extension(extension).unwrap();
        }
        builder.sign(&self.key, MessageDigest::sha256()).unwrap();
        let chain = self.folder.join(&format!("{own}.pem"));
        let key_file = self.folder.join(&format!("{own}.key"));
        std::fs::write(&chain, builder.build().to_pem().unwrap()).unwrap();
        std::fs::write(&key_file, key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        only_for_its_owner(&key_file);
        Files { chain, key: key_file }
    }

    /// The server's side of TLS with a certificate of these names.
    pub fn acceptor(&self, names: &[&str]) -> SslAcceptorBuilder {
        self.acceptor_until(HOUR, names)
    }

    pub fn acceptor_until(&self, seconds: i64, names: &[&str]) -> SslAcceptorBuilder {
        let files = self.certificate_until("server", seconds, names);
        let mut builder = SslAcceptor::mozilla_modern_v5(SslMethod::tls_server()).unwrap();
        builder.set_min_proto_version(Some(SslVersion::TLS1_2)).unwrap();
        builder.set_private_key_file(&files.key, SslFiletype::PEM).unwrap();
        builder.set_certificate_chain_file(&files.chain).unwrap();
        builder.set_alpn_select_callback(|_, offered| {
            assert_eq!(offered, b"\x05wrp/1");
            Ok(&offered[1..])
        });
        builder
    }
}

/// As a server, and a client with a token, want their files.
pub fn only_for_its_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn new_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn name(own: &str) -> X509NameBuilder {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, own).unwrap();
    name
}

fn builder(own: &str, seconds: i64, key: &PKey<Private>) -> X509Builder {
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    let mut serial = BigNum::new().unwrap();
    serial.rand(100, MsbOption::MAYBE_ZERO, false).unwrap();
    builder.set_serial_number(&Asn1Integer::from_bn(&serial).unwrap()).unwrap();
    builder.set_subject_name(&name(own).build()).unwrap();
    builder.set_pubkey(key).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    builder.set_not_before(&Asn1Time::from_unix(now - 48 * HOUR).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(now + seconds).unwrap()).unwrap();
    builder
}
