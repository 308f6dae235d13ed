#include "auth/hashing.hpp"

#include "ocpi/base/hex.hpp"
#include "ocpi/base/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

namespace ocpi::auth {

std::string hash_token(std::string_view token)
{
    sha256 hash;
    hash.add(token);
    return hash.finish();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string make_token()
{
    std::array<unsigned char, 32> secret{};
    if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1) {
        throw std::runtime_error("OpenSSL has no random bytes for a token");
    }
    return to_hex(secret.data(), secret.size());
}

std::string encode_base64(std::string_view text)
{
    // The encoder writes a zero byte behind the last symbol.
    std::vector<unsigned char> encoded((text.size() + 2) / 3 * 4 + 1);
    const int length =
        EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size()));
    return std::string(encoded.begin(), encoded.begin() + length);
}

std::optional<std::string> decode_base64(std::string_view text)
{
    if (text.empty()) return {};
    // Many senders leave the padding out; one that is there must be right.
    std::string padded(text);
    if (text.back() != '=' && text.size() % 4 > 1) padded.append(4 - text.size() % 4, '=');
    if (padded.size() % 4 != 0) return {};
    const auto padding = static_cast<std::size_t>(std::count(padded.end() - 2, padded.end(), '='));
    const auto is_symbol = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    };
    const auto symbols = std::string_view(padded).substr(0, padded.size() - padding);
    if (!std::all_of(symbols.begin(), symbols.end(), is_symbol)) return {};

    std::vector<unsigned char> decoded(padded.size() / 4 * 3);
    const int length =
        EVP_DecodeBlock(decoded.data(), reinterpret_cast<const unsigned char*>(padded.data()),
                        static_cast<int>(padded.size()));
    if (length < 0) return {};
    return std::string(decoded.begin(),
                       decoded.begin() + length - static_cast<std::ptrdiff_t>(padding));
}

}  // namespace ocpi::auth
