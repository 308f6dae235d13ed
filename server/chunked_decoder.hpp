#pragma once

#include "ocpi/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::server {

/// Decodes the chunked coding of a request body incrementally [RFC 9112 section 7.1]. Chunk
/// extensions and trailer fields are validated and dropped.
class chunked_decoder {
public:
    /// Appends to `into`, which must outlive the decoder, up to `max_bytes`; beyond it
    /// errc::body_too_large.
    chunked_decoder(std::string& into, std::size_t max_bytes) : into_(into), bytes_left_(max_bytes)
    {
    }

    /// Consumes bytes from the front of `bytes` and returns their number. The rest is part of a
    /// line and must be passed again together with the following bytes; or, once done(), it is not
    /// part of the body.
    result<std::size_t> read(std::string_view bytes);
    bool done() const noexcept { return state_ == state::done; }

private:
    enum class state { size_line, data, data_end, trailer, done };

    bool may_begin_line(char first) const noexcept;
    std::size_t read_data(std::string_view bytes);
    result<void> read_line(std::string_view line);
    result<void> read_size_line(std::string_view line);
    result<void> read_trailer(std::string_view line);

    std::string& into_;
    std::size_t bytes_left_;
    std::uint64_t chunk_left_ = 0;
    std::size_t trailer_bytes_ = 0;
    state state_ = state::size_line;
};

}  // namespace ocpi::server
