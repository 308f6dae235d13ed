#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace ocpi::server {

/// TLS of a server's listeners. The files are PEM.
struct tls_options {
    /// Whether a caller must present a certificate that `client_ca` has signed.
    enum class client_certificates {
        required,  ///< a caller without one is refused
        optional,  ///< a caller without one is accepted; a certificate that is shown must be valid
    };

    /// The server's certificate, followed by those of intermediate authorities. Empty: no TLS.
    std::string certificate;
    /// The private key of the certificate.
    std::string key;
    /// Authorities whose certificates callers may present. Empty: none is asked for.
    std::string client_ca;
    client_certificates clients = client_certificates::required;
    /// From the connection to the end of the handshake; then the connection is closed.
    std::chrono::milliseconds handshake_timeout = std::chrono::seconds(10);
    /// Maximum concurrent handshakes; further connections are closed.
    std::size_t max_handshakes = 1'000;
    /// How often the files are checked for a change.
    std::chrono::milliseconds poll_interval = std::chrono::seconds(30);

    bool is_enabled() const noexcept { return !certificate.empty(); }
};

}  // namespace ocpi::server
