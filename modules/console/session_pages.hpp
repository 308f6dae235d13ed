#pragma once

#include "http/public_pages.hpp"
#include "modules/console/embedded_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::console {

/// Serves the session pages (web/README.md has the paths): one document for `/`, `/sign-in`,
/// `/sessions` and `/sessions/{id}`, and the files that it loads below `/assets/`. Answers GET and
/// HEAD, gzip'd if the client accepts it, and 304 for what the client has already. The files hold
/// no data, so they are public; the data is loaded with the reader's token from /v1.
class session_pages final : public http::public_pages {
public:
    /// `name`: what the pages call this server.
    explicit session_pages(std::string_view name);

    std::optional<http::response> find(const http::request& head) const override;

private:
    /// index.html with the name.
    std::string document_;
    std::string document_hash_;
};

}  // namespace ocpi::console
