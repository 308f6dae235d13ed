#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ocpi::bench {

/// Reads one HTTP answer after another from pieces of a connection's input. Knows answers with
/// Content-Length, and chunked ones as streams without an end.
class response_reader {
public:
    /// Takes what has arrived. True when an answer is complete; what follows it is an error of the
    /// server, since it has been asked for one answer only. Throws std::runtime_error when it is no
    /// HTTP answer.
    bool take(std::string_view input);
    /// Before the next answer.
    void reset();

    int status() const { return status_; }
    /// At least the last 64 bytes of the body so far, if it has as many.
    std::string_view end_of_body() const { return tail_; }
    /// Head and body so far.
    std::size_t bytes() const { return bytes_; }
    bool is_head_complete() const { return has_head_; }

private:
    void read_head(std::string_view head);
    bool take_body(std::string_view input);

    std::string head_;
    std::string tail_;
    bool has_head_ = false;
    bool is_chunked_ = false;
    int status_ = 0;
    std::size_t remaining_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace ocpi::bench
