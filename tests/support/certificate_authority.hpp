#pragma once

#include <memory>
#include <string>

namespace ocpi::test {

/// A certificate and its key, as PEM texts.
struct certificate {
    std::string chain;
    std::string key;
};

/// A certificate authority of its own, which signs certificates for tests.
class certificate_authority {
public:
    certificate_authority();
    ~certificate_authority();

    /// The authority's own certificate, as a PEM text.
    std::string pem() const;
    /// A certificate for that host, a name or an IP address, valid from yesterday until tomorrow;
    /// when expired, until an hour ago.
    certificate issue(const std::string& host, bool is_expired = false) const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace ocpi::test
