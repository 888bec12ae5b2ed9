//! `helm registry login|logout`

use plimsoll::gotmpl::Compat;
use plimsoll::helm::{Level, slog};

use super::repo::{ask, password_from_stdin};
use crate::fetch::locate::print_pulled;
use crate::fetch::registry;
use crate::fetch::settings::{ServerFlags, Settings};
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// `helm registry login HOST`
pub(crate) fn login(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let settings = Settings::new(parsed, compat, io);
    let mut server = ServerFlags::new(parsed);
    let Some(given) = parsed.args.first() else { return Ok(()) };
    who(&mut server, parsed, compat, io)?;
    let host = match compat {
        Compat::Helm3 => bare_host(given),
        Compat::Helm4 => given.as_str(),
    };
    if let Some((suggested, _)) = host.split_once('/') {
        let message =
            "registry login currently only supports registry hostname, not a repository path";
        let line = slog(Level::Warn, message, &[("host", host), ("suggested", suggested)]);
        io.error(&format!("{line}\n"));
    }
    registry::login(&settings, host, &server)?;
    print_pulled("Login Succeeded\n", compat, io);
    Ok(())
}

/// helm 3: registry/client.go stripURL.
fn bare_host(given: &str) -> &str {
    let schemes = ["oci://", "http://", "https://"];
    let rest = schemes.iter().find_map(|scheme| given.strip_prefix(scheme)).unwrap_or(given);
    rest.split('/').next().unwrap_or(rest)
}

/// helm: registry_login.go getUsernamePassword.
fn who(
    server: &mut ServerFlags,
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<(), String> {
    if parsed.bool("password-stdin") {
        server.password = password_from_stdin()?;
        return Ok(());
    }
    if !server.password.is_empty() {
        io.error(match compat {
            Compat::Helm4 => {
                "level=WARN msg=\"using --password via the CLI is insecure. Use --password-stdin\"\n"
            }
            Compat::Helm3 => {
                "WARNING: Using --password via the CLI is insecure. Use --password-stdin.\n"
            }
        });
        return Ok(());
    }
    if server.username.is_empty() {
        ask("Username: ", false, io)?.trim().clone_into(&mut server.username);
    }
    let what = if server.username.is_empty() { "Token" } else { "Password" };
    server.password = ask(&format!("{what}: "), true, io)?;
    if server.password.is_empty() {
        return Err(format!("{} required", what.to_lowercase()));
    }
    Ok(())
}

/// `helm registry logout HOST`
pub(crate) fn logout(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let settings = Settings::new(parsed, compat, io);
    let Some(host) = parsed.args.first() else { return Ok(()) };
    registry::logout(&settings, host)?;
    print_pulled(&format!("Removing login credentials for {host}\n"), compat, io);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn helm_3_takes_urls_for_hosts() {
        assert_eq!(super::bare_host("oci://h:5000/a/b"), "h:5000");
        assert_eq!(super::bare_host("h"), "h");
    }
}
