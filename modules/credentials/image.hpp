#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ocpi::credentials {

/// A picture on the web [OCPI locations, Image], of the category OPERATOR.
struct image {
    std::string url;
    /// `png`, `svg`, …: at most 4 characters.
    std::string type;
    /// URL of a smaller version; empty: none.
    std::string thumbnail;
    /// In pixels.
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> height;
};

}  // namespace ocpi::credentials
