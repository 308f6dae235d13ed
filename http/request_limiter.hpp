#pragma once

#include "auth/principal.hpp"
#include "http/client_address.hpp"
#include "http/message.hpp"
#include "http/request_limits.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/sharded_table.hpp"
#include "ocpi/base/token_bucket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ocpi::http {

/// Counts requests by token, and those without a valid one by address. Remembers at most
/// max_tokens and max_networks, those seen last. No call waits, except for a mutex of its shard of
/// the table. Safe from any thread.
class request_limiter : public std::enable_shared_from_this<request_limiter> {
public:
    using clock = token_bucket::clock;

    static constexpr std::size_t max_tokens = 32'768;
    static constexpr std::size_t max_networks = 65'536;

    /// A request that is one too many.
    struct refusal {
        error because;
        /// At least a second.
        std::chrono::seconds retry_after{1};
    };

    /// The result for a request with a valid token.
    struct verdict {
        std::optional<refusal> refused;
        /// To be held while the request is in progress; nullptr when those are not limited.
        std::shared_ptr<const void> turn;
    };

    explicit request_limiter(request_limits limits);

    /// Call once for each request of a known caller.
    verdict admit(const auth::principal& caller, clock::time_point now = clock::now());

    /// Call once for each request without a valid token. A request whose peer is not known is not
    /// counted.
    std::optional<refusal> count_failure(const request& head, clock::time_point now = clock::now());

private:
    class turn;

    struct token_state {
        token_bucket bucket;
        std::int64_t in_progress = 0;

        bool is_in_use() const noexcept { return in_progress != 0; }
    };
    struct network_state {
        token_bucket bucket;

        bool is_in_use() const noexcept { return false; }
    };

    void leave(const std::string& key);

    const request_limits limits_;
    const token_state new_token_;
    const network_state new_network_;
    sharded_table<std::string, token_state> tokens_;
    sharded_table<client_network, network_state, client_network_hash> networks_;
};

}  // namespace ocpi::http
