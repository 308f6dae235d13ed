#include "ocpi/server/request_parser.hpp"

#include "ocpi/base/ci_string.hpp"

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

/// A line that continues the one before it (obs-fold), which RFC 9112 section 5.2 forbids.
bool has_folded_line(std::string_view header)
{
    for (auto end = header.find('\n'); end != header.npos; end = header.find('\n', end + 1)) {
        const auto next = header.substr(end + 1, 1);
        if (next == " " || next == "\t") return true;
    }
    return false;
}

/// Path and query of an absolute-form target such as `http://host/path`; others unchanged.
std::string_view origin_form(std::string_view target)
{
    const auto scheme_end = target.find("://");
    if (target.starts_with('/') || scheme_end == target.npos) return target;
    const auto scheme = target.substr(0, scheme_end);
    if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https"))
        return target;
    target.remove_prefix(scheme_end + 3);
    const auto path = target.find_first_of("/?");
    return path == target.npos ? std::string_view() : target.substr(path);
}

}  // namespace

/// Beast's parser does the grammar. Here are the rules that it leaves to its user.
class request_parser::grammar final : public beast_http::basic_parser<true> {
public:
    grammar(http::request& into, const limits& bounds)
        : request_(into), body_bytes_(bounds.body_bytes)
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
        if (content_lengths_ > 1) return "the request has more than one Content-Length field";
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
        const auto path = origin_form(std::string_view(target.data(), target.size()));
        if (path.empty() || path.front() == '?') request_.target = "/";
        request_.target += path;
        version_ = version;
    }

    void on_field_impl(beast_http::field field, boost::beast::string_view name,
                       boost::beast::string_view value, error_code&) override
    {
        if (in_trailer_) return;
        if (field == beast_http::field::host) ++hosts_;
        if (field == beast_http::field::content_length) ++content_lengths_;
        if (field == beast_http::field::transfer_encoding) {
            ++transfer_encodings_;
            chunked_only_ = boost::beast::iequals(value, "chunked");
        }
        if (field == beast_http::field::expect && boost::beast::iequals(value, "100-continue"))
            expects_continue_ = true;
        request_.headers.add(std::string(name), std::string(value));
    }

    void on_header_impl(error_code&) override
    {
        in_trailer_ = true;
        body_limit(body_bytes_);
    }

    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view piece,
                                   error_code&) override
    {
        request_.body.append(piece.data(), piece.size());
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
    std::uint64_t body_bytes_;
    int version_ = 0;
    int hosts_ = 0;
    int content_lengths_ = 0;
    int transfer_encodings_ = 0;
    bool chunked_only_ = false;
    bool expects_continue_ = false;
    bool in_trailer_ = false;
};

namespace {

error explain(const error_code& failure)
{
    if (failure == beast_http::error::header_limit)
        return error(errc::header_too_large, "the request header is too large");
    if (failure == beast_http::error::body_limit)
        return error(errc::body_too_large, "the request body is too large");
    return malformed("this is not an HTTP/1.1 request: " + failure.message());
}

}  // namespace

request_parser::request_parser(http::request& into, const limits& bounds)
    : grammar_(std::make_unique<grammar>(into, bounds))
{
}

request_parser::~request_parser() = default;

result<std::size_t> request_parser::read_header(std::string_view bytes)
{
    error_code failure;
    const auto used = grammar_->put(boost::asio::buffer(bytes), failure);
    if (failure && failure != beast_http::error::need_more) return explain(failure);
    if (has_folded_line(bytes.substr(0, used)))
        return malformed("a header field goes on upon a second line");
    if (grammar_->is_header_done()) {
        if (const char* fault = grammar_->find_fault()) return malformed(fault);
    }
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
    // The shortest end of a body, "0\r\n\r\n". Beast 1.81 asserts when it is offered less.
    constexpr std::size_t shortest = 5;
    std::size_t used = 0;
    while (bytes.size() - used >= shortest && !grammar_->is_done()) {
        error_code failure;
        const auto rest = bytes.substr(used);
        used += grammar_->put(boost::asio::buffer(rest), failure);
        if (failure == beast_http::error::need_more) break;
        if (failure) return explain(failure);
    }
    return used;
}

bool request_parser::chunks_done() const
{
    return grammar_->is_done();
}

}  // namespace ocpi::server
