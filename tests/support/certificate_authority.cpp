#include "tests/support/certificate_authority.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstddef>
#include <stdexcept>

namespace ocpi::test {
namespace {

template <auto release>
struct releaser {
    template <class T>
    void operator()(T* held) const
    {
        release(held);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, releaser<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, releaser<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, releaser<BIO_free>>;

void require(bool done)
{
    if (!done) throw std::runtime_error("OpenSSL cannot make a certificate");
}

key_ptr make_key()
{
    key_ptr key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    return key;
}

void add_extension(X509* to, int kind, const std::string& text)
{
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, text.c_str());
    require(extension != nullptr);
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Unsigned; valid from yesterday until tomorrow, or, when expired, until an hour ago.
x509_ptr make_certificate(const std::string& name, EVP_PKEY* key, bool is_expired)
{
    static std::atomic<long> serial = 1;
    constexpr long day = 24 * 60 * 60;
    x509_ptr made(X509_new());
    require(made != nullptr);
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -day);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), is_expired ? -60 * 60 : day);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return made;
}

template <class Write>
std::string to_pem(Write write)
{
    const bio_ptr memory(BIO_new(BIO_s_mem()));
    require(memory && write(memory.get()) == 1);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace

struct certificate_authority::impl {
    key_ptr key = make_key();
    x509_ptr own = make_certificate("Test Authority", key.get(), false);
};

certificate_authority::certificate_authority() : impl_(std::make_unique<impl>())
{
    auto* own = impl_->own.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    add_extension(own, NID_basic_constraints, "critical,CA:TRUE");
    require(X509_sign(own, impl_->key.get(), EVP_sha256()) != 0);
}

certificate_authority::~certificate_authority() = default;

std::string certificate_authority::pem() const
{
    return to_pem([&](BIO* to) { return PEM_write_bio_X509(to, impl_->own.get()); });
}

certificate certificate_authority::issue(const std::string& host, bool is_expired) const
{
    const auto key = make_key();
    const auto leaf = make_certificate("Test Peer", key.get(), is_expired);
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(impl_->own.get()));
    boost::system::error_code is_name;
    boost::asio::ip::make_address(host, is_name);
    add_extension(leaf.get(), NID_subject_alt_name, (is_name ? "DNS:" : "IP:") + host);
    require(X509_sign(leaf.get(), impl_->key.get(), EVP_sha256()) != 0);
    certificate issued;
    issued.chain = to_pem([&](BIO* to) { return PEM_write_bio_X509(to, leaf.get()); });
    issued.key = to_pem([&](BIO* to) {
        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return issued;
}

}  // namespace ocpi::test
