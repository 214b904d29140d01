use std::io::{self, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Sends all notes to a server that collects them, one a line.
pub fn send(server: &str, notes: &[String]) -> io::Result<usize> {
    let address = server
        .to_socket_addrs()?
        .next()
        .ok_or_else(|| io::Error::other("the server has no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    for note in notes {
        writeln!(stream, "{note}")?;
    }
    Ok(notes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_a_port_is_refused() {
        assert!(send("collect.example.org", &[]).is_err());
    }
}
