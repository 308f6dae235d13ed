#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ocpi {

/// SHA-256 of a text that comes in parts. Throws std::runtime_error when OpenSSL does not have it.
class sha256 {
public:
    sha256();
    ~sha256();
    sha256(const sha256&) = delete;
    sha256& operator=(const sha256&) = delete;

    void add(std::string_view part);
    /// 64 lower-case hexadecimal digits. Call it once, at the end.
    std::string finish();

private:
    struct context;
    std::unique_ptr<context> context_;
};

}  // namespace ocpi
