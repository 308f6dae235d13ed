#pragma once

#include "tests/support/temporary_directory.hpp"

#include <memory>
#include <string>

namespace ocpi::test {

/// What a TLS server shows and what it proves it with, both as PEM.
struct tls_identity {
    std::string certificate;
    std::string key;
};

enum class validity { current, expired };

/// An authority of our own, made anew for each test, that nobody trusts who does not read its
/// file.
class certificate_authority {
public:
    certificate_authority();
    ~certificate_authority();

    /// The path of its certificate, PEM, as long as this object lives.
    const std::string& file() const { return file_; }

    /// A certificate for a name as OpenSSL spells them: `DNS:localhost`, `IP:127.0.0.1`; several
    /// with commas between.
    tls_identity issue(const std::string& names, validity period = validity::current) const;

private:
    struct secrets;
    temporary_directory directory_;
    std::string file_ = directory_.file("authority.pem");
    std::unique_ptr<secrets> secrets_;
};

}  // namespace ocpi::test
