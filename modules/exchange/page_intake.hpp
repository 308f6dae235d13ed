#pragma once

#include "modules/exchange/page_crawl.hpp"
#include "modules/sessions/session_store.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/protocol/party.hpp"
#include "partners/partner.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::exchange {

struct intake_limits {
    /// So many objects are on their way into the store at once: it writes them in one go.
    std::size_t max_concurrent = 64;
    /// What an overloaded store did not take is offered again this many times, after pauses that
    /// begin with store_retry_delay.
    unsigned store_retries = 5;
    std::chrono::milliseconds store_retry_delay = std::chrono::milliseconds(500);
};

enum class intake_outcome {
    applied,    ///< created, or changed
    unchanged,  ///< the store held it already, in this state or a later one
    refused,    ///< no sound Session of the partner's, or no step from the stored one
    open,       ///< not stored, because the store has failed
};

/// What became of an element of a page.
struct taken_object {
    intake_outcome outcome = intake_outcome::open;
    std::size_t index = 0;
    /// Of a stored one.
    std::optional<date_time> last_updated;
    /// Of a refused one: why, and its id as far as it can be told.
    std::string reason;
    std::string id;
};

/// What became of several elements that follow one another.
struct taken_objects {
    std::vector<taken_object> each;
    /// Why some are open: the first failure of the store that was not about an object.
    std::optional<error> failure;
};

/// Brings the objects of pages into the store: read by the partner's profile, several at once,
/// those of one session in the page's order.
class page_intake {
public:
    struct parts {
        std::shared_ptr<sessions::session_store> sessions;
        pause_function pause;
        std::shared_ptr<const clock> time;
        /// Whose sessions the partner may send.
        std::vector<party> owners;
    };

    page_intake(parts of, intake_limits limits) : parts_(std::move(of)), limits_(limits) {}

    /// Takes over the elements of the page from `first` on, at most limits.max_concurrent. It
    /// resumes when each is durable, refused or open.
    boost::asio::awaitable<taken_objects> take(const partners::partner& from,
                                               const crawled_page& page, std::size_t first) const;

private:
    /// A session that is to be stored.
    struct candidate {
        sessions::session_key key;
        sessions::parsed_session pulled;
        taken_object* taken;
        /// Of the store; errc::overloaded: it may be offered again.
        std::optional<error> failure;

        candidate(sessions::session_key of, sessions::parsed_session read, taken_object& result)
            : key(std::move(of)), pulled(std::move(read)), taken(&result)
        {
        }
    };
    /// Of one session, in the page's order.
    using queue = std::vector<candidate>;

    std::optional<candidate> read(const partners::partner& from, const crawled_page& page,
                                  taken_object& into) const;
    std::vector<queue> read_some(const partners::partner& from, const crawled_page& page,
                                 std::vector<taken_object>& into) const;
    static bool is_open(const queue& of_session);
    /// For another reason than that the store is overloaded.
    static bool has_failed(const queue& of_session);
    boost::asio::awaitable<void> store_all(std::vector<queue>& queues) const;
    boost::asio::awaitable<void> store_in_order(queue& of_session) const;

    parts parts_;
    intake_limits limits_;
};

}  // namespace ocpi::exchange
