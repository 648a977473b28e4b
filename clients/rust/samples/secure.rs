//! Connects with TLS and a token. Its arguments are the server's address, the file of the authority that signed its
//! certificate, and the file of the token.

use walletd::{Client, NotExecutedKind, Options, Tls};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |what: &str| arguments.next().ok_or_else(|| format!("{what}, please"));
    let (address, authority, token) =
        (argument("the server's address")?, argument("the authority")?, argument("the token's file")?);

    let client = Client::new(Options::new(address).tls(Tls::new().ca_file(authority)).token_file(token))?;
    match client.get_server_info() {
        Ok(info) => println!("served by {}", info.server_name),
        Err(error) if error.not_executed_kind() == Some(NotExecutedKind::Unauthenticated) => {
            return Err(format!("one of us does not accept who the other one is: {error}").into());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
