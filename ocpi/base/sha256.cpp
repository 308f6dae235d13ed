#include "ocpi/base/sha256.hpp"

#include "ocpi/base/hex.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace ocpi {
namespace {

void require_success(int outcome)
{
    if (outcome != 1) throw std::runtime_error("SHA-256 is not available from OpenSSL");
}

/// Looked up once: that takes as long as a hash of a short text.
const EVP_MD* algorithm()
{
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

}  // namespace

struct sha256::context {
    struct release {
        void operator()(EVP_MD_CTX* handle) const noexcept { EVP_MD_CTX_free(handle); }
    };
    std::unique_ptr<EVP_MD_CTX, release> handle{EVP_MD_CTX_new()};
};

sha256::sha256() : context_(std::make_unique<context>())
{
    require_success(context_->handle ? 1 : 0);
    require_success(EVP_DigestInit_ex(context_->handle.get(), algorithm(), nullptr));
}

sha256::~sha256() = default;

void sha256::add(std::string_view part)
{
    require_success(EVP_DigestUpdate(context_->handle.get(), part.data(), part.size()));
}

std::string sha256::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    require_success(EVP_DigestFinal_ex(context_->handle.get(), digest.data(), &length));
    return to_hex(digest.data(), length);
}

}  // namespace ocpi
