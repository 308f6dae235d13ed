#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// Origins whose web pages may call the paths under /v1 from a browser [Fetch, CORS protocol].
/// Browser credentials are never allowed: a page sends its token itself. OCPI paths are for
/// platforms and send no CORS headers. Immutable; safe from any thread.
class cors_policy {
public:
    /// Off: no page of another origin.
    cors_policy() = default;
    /// Origins as browsers send them, `https://app.example.com`; `*` alone allows every origin.
    explicit cors_policy(std::vector<std::string> allowed_origins);

    /// The answer to a preflight request of an allowed origin, the same for every path, so that it
    /// does not reveal which paths exist; std::nullopt for any other request.
    std::optional<response> answer_preflight(const request& received) const;

    /// Adds the headers that let the requesting page read an answer under /v1.
    void add_headers(headers& answer, const request& received) const;

private:
    /// The value of Access-Control-Allow-Origin; std::nullopt when the origin is not allowed.
    std::optional<std::string> allowed(const request& received) const;

    std::vector<std::string> origins_;
    bool allows_all_ = false;
};

/// True for `*` and for an origin as browsers send it: lower-case scheme, host and optional port,
/// without a path.
bool is_cors_origin(std::string_view text);

}  // namespace ocpi::http
