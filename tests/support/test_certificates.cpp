#include "tests/support/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace ocpi::test {

namespace {

struct deleter {
    void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { ::X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { ::X509_EXTENSION_free(extension); }
    void operator()(BIO* bio) const { ::BIO_free(bio); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, deleter>;
using certificate_ptr = std::unique_ptr<X509, deleter>;

void expect(bool good)
{
    if (!good) throw std::runtime_error("OpenSSL cannot make a certificate");
}

key_ptr make_key()
{
    key_ptr key(::EVP_EC_gen("P-256"));
    expect(key != nullptr);
    return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, deleter> extension(
        ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    expect(extension && ::X509_add_ext(certificate, extension.get(), -1) == 1);
}

certificate_ptr make_certificate(std::string_view name, EVP_PKEY* key, validity period)
{
    static std::atomic<long> serial = 1;
    certificate_ptr certificate(::X509_new());
    expect(certificate && ::X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), serial++);
    constexpr long day = 24 * 60 * 60;
    const long end = period == validity::current ? day : -day;
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -2 * day);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), end);
    const std::string common_name(name);
    ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                                 -1, 0);
    expect(::X509_set_pubkey(certificate.get(), key) == 1);
    return certificate;
}

template <class Write>
std::string to_pem(Write write)
{
    const std::unique_ptr<BIO, deleter> bio(::BIO_new(::BIO_s_mem()));
    expect(bio && write(bio.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

std::string to_pem(X509* certificate)
{
    return to_pem([certificate](BIO* bio) { return ::PEM_write_bio_X509(bio, certificate); });
}

}  // namespace

struct certificate_authority::secrets {
    key_ptr key = make_key();
    certificate_ptr certificate = make_certificate("Test authority", key.get(), validity::current);
};

certificate_authority::certificate_authority() : secrets_(std::make_unique<secrets>())
{
    auto* own = secrets_->certificate.get();
    ::X509_set_issuer_name(own, ::X509_get_subject_name(own));
    add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(own, own, NID_subject_key_identifier, "hash");
    expect(::X509_sign(own, secrets_->key.get(), ::EVP_sha256()) > 0);
    std::ofstream(file_) << to_pem(own);
}

certificate_authority::~certificate_authority() = default;

tls_identity certificate_authority::issue(const std::string& names, validity period) const
{
    const auto key = make_key();
    const auto certificate = make_certificate("Test platform", key.get(), period);
    auto* issuer = secrets_->certificate.get();
    ::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(issuer));
    add_extension(certificate.get(), issuer, NID_subject_alt_name, names);
    expect(::X509_sign(certificate.get(), secrets_->key.get(), ::EVP_sha256()) > 0);

    tls_identity identity;
    identity.certificate = to_pem(certificate.get());
    identity.key = to_pem([&key](BIO* bio) {
        return ::PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return identity;
}

}  // namespace ocpi::test
