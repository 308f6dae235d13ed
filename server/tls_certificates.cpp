#include "server/tls_certificates.hpp"

#include <boost/asio/ssl/context.hpp>

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;
using asio::ssl::context;
using boost::system::error_code;

namespace {

/// Those of TLS 1.2; TLS 1.3 has no others.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// As a ProtocolNameList [RFC 7301 section 3.1].
constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// A client that offers protocols without HTTP/1.1 among them is refused.
int select_protocol(SSL*, const unsigned char** selected, unsigned char* length,
                    const unsigned char* offered, unsigned int offered_length, void*)
{
    unsigned char* found = nullptr;
    const int outcome = SSL_select_next_proto(&found, length, http_1_1.data(), http_1_1.size(),
                                              offered, offered_length);
    *selected = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void require(const error_code& failure, const std::string& doing)
{
    if (failure) throw std::runtime_error(doing + ": " + failure.message());
}

void load_client_authorities(context& into, const tls_options& options)
{
    error_code failure;
    into.load_verify_file(options.client_ca, failure);
    require(failure, "the client authorities in " + options.client_ca + " cannot be used");
    auto* names = SSL_load_client_CA_file(options.client_ca.c_str());
    if (names != nullptr) SSL_CTX_set_client_CA_list(into.native_handle(), names);
    auto mode = asio::ssl::verify_peer;
    const bool is_required = options.clients == tls_options::client_certificates::required;
    if (is_required) mode |= asio::ssl::verify_fail_if_no_peer_cert;
    into.set_verify_mode(mode);
}

std::shared_ptr<context> load(const tls_options& options)
{
    auto loaded = std::make_shared<context>(context::tls_server);
    auto* native = loaded->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(native, ciphers);
    SSL_CTX_set_options(
        native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // An idle connection keeps no buffers.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);
    // Sessions are resumed by tickets; callers with certificates need a context id for that.
    constexpr std::array<unsigned char, 4> session_context{'o', 'c', 'p', 'i'};
    SSL_CTX_set_session_id_context(native, session_context.data(), session_context.size());
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);

    error_code failure;
    loaded->use_certificate_chain_file(options.certificate, failure);
    require(failure, "the certificate in " + options.certificate + " cannot be used");
    loaded->use_private_key_file(options.key, context::pem, failure);
    require(failure, "the key in " + options.key + " cannot be used with the certificate in " +
                         options.certificate);
    if (!options.client_ca.empty()) load_client_authorities(*loaded, options);
    return loaded;
}

std::string state_of(const std::string& path)
{
    std::error_code failure;
    const auto changed = std::filesystem::last_write_time(path, failure);
    if (failure) return "missing";
    const auto size = std::filesystem::file_size(path, failure);
    return std::to_string(changed.time_since_epoch().count()) + '/' + std::to_string(size);
}

/// What `write` writes.
template <class Write>
std::string text_of(Write write)
{
    BIO* memory = BIO_new(BIO_s_mem());
    write(memory);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory, &text);
    std::string copied(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    return copied;
}

std::chrono::system_clock::time_point expiry_of(const X509* certificate)
{
    std::tm end{};
    if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) {
        return {};
    }
    return std::chrono::system_clock::from_time_t(::timegm(&end));
}

}  // namespace

tls_certificates::tls_certificates(tls_options options)
    : options_(std::move(options)), current_(load(options_)), loaded_(read_file_states())
{
}

tls_certificates::~tls_certificates() = default;

std::shared_ptr<context> tls_certificates::current() const
{
    const std::lock_guard lock(mutex_);
    return current_;
}

result<void> tls_certificates::reload()
{
    auto states = read_file_states();
    try {
        auto renewed = load(options_);
        const std::lock_guard lock(mutex_);
        current_ = std::move(renewed);
        loaded_ = std::move(states);
    } catch (const std::runtime_error& failure) {
        const std::lock_guard lock(mutex_);
        loaded_ = std::move(states);
        return error(errc::invalid, failure.what());
    }
    return {};
}

bool tls_certificates::have_files_changed() const
{
    const auto states = read_file_states();
    const std::lock_guard lock(mutex_);
    return states != loaded_;
}

tls_certificates::file_states tls_certificates::read_file_states() const
{
    return {state_of(options_.certificate), state_of(options_.key), state_of(options_.client_ca)};
}

std::chrono::system_clock::time_point tls_certificates::expiry() const
{
    const auto used = current();
    auto first = expiry_of(SSL_CTX_get0_certificate(used->native_handle()));
    STACK_OF(X509)* chain = nullptr;
    SSL_CTX_get0_chain_certs(used->native_handle(), &chain);
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        first = std::min(first, expiry_of(sk_X509_value(chain, i)));
    }
    return first;
}

std::string tls_certificates::describe() const
{
    const auto used = current();
    const X509* certificate = SSL_CTX_get0_certificate(used->native_handle());
    if (certificate == nullptr) return "none";
    const auto subject = text_of([&](BIO* to) {
        X509_NAME_print_ex(to, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    });
    const auto end =
        text_of([&](BIO* to) { ASN1_TIME_print(to, X509_get0_notAfter(certificate)); });
    return subject + ", valid until " + end;
}

}  // namespace ocpi::server
