#include "server/request_parser.hpp"

#include "ocpi/base/ci_string.hpp"
#include "server/host_field.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <string>

namespace ocpi::server {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

namespace {

error malformed(std::string text)
{
    return error(errc::malformed_http, std::move(text));
}

/// Digits, and no more of them than the number needs: a leading zero may mean octal to another.
bool is_plain_number(std::string_view text)
{
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The parts of an absolute-form target such as `http://host/path`. Of other forms, all of it is
/// the path.
struct target_parts {
    std::string_view authority;
    std::string_view path;
    bool is_absolute = false;
};

target_parts take_apart(std::string_view target)
{
    target_parts parts;
    parts.path = target;
    const auto scheme_end = target.find("://");
    if (target.starts_with('/') || scheme_end == target.npos) return parts;
    const auto scheme = target.substr(0, scheme_end);
    if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https")) return parts;
    target.remove_prefix(scheme_end + 3);
    const auto path = std::min(target.find_first_of("/?"), target.size());
    parts.authority = target.substr(0, path);
    parts.path = target.substr(path);
    parts.is_absolute = true;
    return parts;
}

}  // namespace

/// Beast's parser does the grammar. Here are the rules that it leaves to its user.
class request_parser::grammar final : public beast_http::basic_parser<true> {
public:
    grammar(http::request& into, const limits& bounds)
        : request_(into), fields_left_(bounds.header_fields)
    {
        header_limit(static_cast<std::uint32_t>(bounds.header_bytes));
        body_limit(boost::none);
        eager(false);
    }

    /// What is wrong with a header that is complete; nullptr when nothing is.
    const char* find_fault() const
    {
        if (hosts_ > 1) return "the request has more than one Host field";
        if (hosts_ == 0 && version_ >= 11) return "the request has no Host field";
        if (!is_host_valid_) return "the Host field, or the target, does not name a host";
        if (content_lengths_ > 1) return "the request has more than one Content-Length field";
        if (!is_length_valid_) return "the Content-Length field is not a number";
        if (content_lengths_ > 0 && transfer_encodings_ > 0)
            return "the request has both Content-Length and Transfer-Encoding";
        if (transfer_encodings_ > 1 || (transfer_encodings_ == 1 && !chunked_only_))
            return "the only Transfer-Encoding understood is chunked";
        if (transfer_encodings_ > 0 && version_ < 11)
            return "HTTP/1.0 does not know Transfer-Encoding";
        return nullptr;
    }

    bool http_1_1() const { return version_ >= 11; }
    bool expects_continue() const { return expects_continue_ && version_ >= 11; }

private:
    void on_request_impl(beast_http::verb, boost::beast::string_view method,
                         boost::beast::string_view target, int version, error_code&) override
    {
        request_.method.assign(method.data(), method.size());
        const auto parts = take_apart(std::string_view(target.data(), target.size()));
        if (parts.is_absolute && !is_valid_host(parts.authority)) is_host_valid_ = false;
        if (parts.path.empty() || parts.path.front() == '?') request_.target = "/";
        request_.target += parts.path;
        version_ = version;
    }

    void on_field_impl(beast_http::field field, boost::beast::string_view name,
                       boost::beast::string_view value, error_code& failure) override
    {
        if (fields_left_ == 0) {
            failure = beast_http::error::header_limit;
            return;
        }
        --fields_left_;
        const std::string_view text(value.data(), value.size());
        if (field == beast_http::field::host) {
            ++hosts_;
            is_host_valid_ = is_host_valid_ && is_valid_host(text);
        }
        if (field == beast_http::field::content_length) {
            ++content_lengths_;
            is_length_valid_ = is_length_valid_ && is_plain_number(text);
        }
        if (field == beast_http::field::transfer_encoding) {
            ++transfer_encodings_;
            chunked_only_ = boost::beast::iequals(value, "chunked");
        }
        if (field == beast_http::field::expect && boost::beast::iequals(value, "100-continue"))
            expects_continue_ = true;
        request_.headers.add(std::string(name), std::string(value));
    }

    // A body is never put to this parser: chunked_decoder and the connection see to it.
    void on_header_impl(error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view piece,
                                   error_code&) override
    {
        return piece.size();
    }
    std::size_t on_body_impl(boost::beast::string_view piece, error_code&) override
    {
        return piece.size();
    }
    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    void on_finish_impl(error_code&) override {}

    http::request& request_;
    std::size_t fields_left_;
    int version_ = 0;
    int hosts_ = 0;
    int content_lengths_ = 0;
    int transfer_encodings_ = 0;
    bool chunked_only_ = false;
    bool expects_continue_ = false;
    bool is_host_valid_ = true;
    bool is_length_valid_ = true;
};

namespace {

error explain(const error_code& failure)
{
    if (failure == beast_http::error::header_limit)
        return error(errc::header_too_large, "the request header is too large");
    return malformed("this is not an HTTP/1.1 request: " + failure.message());
}

}  // namespace

request_parser::request_parser(http::request& into, const limits& bounds)
    : grammar_(std::make_unique<grammar>(into, bounds)), chunks_(into.body, bounds.body_bytes)
{
}

request_parser::~request_parser() = default;

result<std::size_t> request_parser::read_header(std::string_view bytes)
{
    if (const char* fault = scan_.read(bytes.substr(scanned_))) return malformed(fault);
    scanned_ = bytes.size();
    std::size_t used = 0;
    if (!is_request_line_taken_) {
        if (!scan_.has_request_line()) return used;
        // Every HTTP/1.x is answered as the version that is understood [RFC 9110 section 2.5].
        std::string line(bytes.substr(0, scan_.request_line_size()));
        if (scan_.minor_version() > '1') line[line.size() - 3] = '1';
        const auto taken = put(line);
        if (taken.has_error()) return taken.error();
        is_request_line_taken_ = true;
        used = line.size();
    }
    if (used < bytes.size()) {
        const auto taken = put(bytes.substr(used));
        if (taken.has_error()) return taken.error();
        used += *taken;
    }
    scanned_ -= used;
    if (grammar_->is_header_done()) {
        if (const char* fault = grammar_->find_fault()) return malformed(fault);
    }
    return used;
}

result<std::size_t> request_parser::put(std::string_view bytes)
{
    error_code failure;
    const auto used = grammar_->put(boost::asio::buffer(bytes), failure);
    if (failure && failure != beast_http::error::need_more) return explain(failure);
    return used;
}

bool request_parser::header_done() const
{
    return grammar_->is_header_done();
}

bool request_parser::chunked() const
{
    return grammar_->chunked();
}

std::uint64_t request_parser::content_length() const
{
    return grammar_->content_length().value_or(0);
}

bool request_parser::expects_continue() const
{
    return grammar_->expects_continue();
}

bool request_parser::keep_alive() const
{
    return grammar_->keep_alive();
}

bool request_parser::http_1_1() const
{
    return grammar_->http_1_1();
}

result<std::size_t> request_parser::read_chunks(std::string_view bytes)
{
    return chunks_.read(bytes);
}

bool request_parser::chunks_done() const
{
    return chunks_.done();
}

}  // namespace ocpi::server
