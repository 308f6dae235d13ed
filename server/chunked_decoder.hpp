#pragma once

#include "ocpi/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::server {

/// Undoes the chunked coding of a request body as its bytes come in [RFC 9112 section 7.1].
/// Chunk extensions and trailer fields are held to the grammar and dropped.
class chunked_decoder {
public:
    /// Appends to `into`, which must outlive the decoder, up to `max_bytes`; more is
    /// errc::body_too_large.
    chunked_decoder(std::string& into, std::size_t max_bytes) : into_(into), bytes_left_(max_bytes)
    {
    }

    /// Takes bytes from the front of `bytes` and returns their number. What is left over is part
    /// of a line and must be offered again together with what follows it; or, once it is done,
    /// it is no part of the body.
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
