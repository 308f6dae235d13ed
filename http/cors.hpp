#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// Which web pages of other origins may call the paths under /v1 from a browser [Fetch, CORS
/// protocol]. Never with credentials of the browser's own: a page sends its token itself. OCPI's
/// paths are for platforms and take no part in it. Immutable; safe from any thread.
class cors_policy {
public:
    /// Off: no page of another origin.
    cors_policy() = default;
    /// Origins as browsers send them, `https://app.example.com`; `*` alone allows every origin.
    explicit cors_policy(std::vector<std::string> allowed_origins);

    /// The answer to a preflight of an origin that is allowed, whatever the path, so that it tells
    /// nobody which paths there are; std::nullopt for any other request.
    std::optional<response> answer_preflight(const request& received) const;

    /// Adds to the answer under /v1 what lets the page that asked read it.
    void add_headers(headers& answer, const request& received) const;

private:
    /// The value of Access-Control-Allow-Origin; std::nullopt when the origin is not allowed.
    std::optional<std::string> allowed(const request& received) const;

    std::vector<std::string> origins_;
    bool allows_all_ = false;
};

/// True for `*` and for an origin as browsers send it: scheme, host and perhaps a port, in lower
/// case and without a path.
bool is_cors_origin(std::string_view text);

}  // namespace ocpi::http
