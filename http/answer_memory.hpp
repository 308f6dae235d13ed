#pragma once

#include "ocpi/base/error.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ocpi::http {

/// The memory of large answers from when they are written until they are sent, which a slow client
/// draws out. Each caller may hold as much as then remains free for others: one caller half of it,
/// two a third each. So however many answers a caller leaves unread, there is room for the next
/// caller. An answer that is alone is always admitted. Safe from any thread.
class answer_memory : public std::enable_shared_from_this<answer_memory> {
public:
    /// Answers up to this many bytes are not counted: each connection sends one at a time.
    static constexpr std::size_t small_answer = 4 * 1024;

    explicit answer_memory(std::size_t bytes) : bytes_(bytes) {}

    /// What a caller must have of memory for its answer to be sent.
    enum class demand {
        if_free,  ///< errc::overloaded when there is too little
        always,   ///< the request has had an effect, so its answer is sent, whatever is free
    };

    /// Returns what the answer holds until it has been sent; nullptr for a small one. `caller` is a
    /// caller_key, or empty for all callers without a token together.
    result<std::shared_ptr<const void>> take(const std::string& caller, std::size_t bytes,
                                             demand wanted);

    std::size_t used() const;

private:
    class share;

    bool try_take(const std::string& caller, std::size_t bytes, demand wanted);
    void give_back(const std::string& caller, std::size_t bytes);

    const std::size_t bytes_;
    mutable std::mutex mutex_;
    std::size_t used_ = 0;                                    // guarded by mutex_
    std::unordered_map<std::string, std::size_t> by_caller_;  // guarded by mutex_
};

}  // namespace ocpi::http
