#pragma once

#include <string_view>
#include <vector>

namespace ocpi::console {

/// A file of the session pages (web/), which the build embeds in the library.
struct embedded_file {
    /// Below web/, such as `pages/session.js`.
    std::string_view path;
    std::string_view content;
    /// The same, gzip'd.
    std::string_view packed;
    /// Identifies the content.
    std::string_view hash;
};

/// Sorted by path.
const std::vector<embedded_file>& embedded_files();

}  // namespace ocpi::console
