#pragma once

#include "modules/exchange/page_crawl.hpp"
#include "modules/sessions/session_writer.hpp"
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
    /// Maximum objects written concurrently: the store writes them together.
    std::size_t max_concurrent = 64;
    /// What an overloaded store did not take is offered again this many times, after pauses that
    /// begin with store_retry_delay.
    unsigned store_retries = 5;
    std::chrono::milliseconds store_retry_delay = std::chrono::milliseconds(500);
};

enum class intake_outcome {
    applied,    ///< created, or changed
    unchanged,  ///< the store held it already, in this state or a later one
    refused,    ///< not a valid Session of the partner, or not a valid change
    open,       ///< not stored, because the store has failed
};

/// Outcome of an element of a page.
struct taken_object {
    intake_outcome outcome = intake_outcome::open;
    std::size_t index = 0;
    /// Of a stored object.
    std::optional<date_time> last_updated;
    /// For a refused object: the reason, and its id if known.
    std::string reason;
    std::string id;
};

/// Outcome of consecutive elements.
struct taken_objects {
    std::vector<taken_object> each;
    /// The first store failure not caused by an object, when some are open.
    std::optional<error> failure;
};

/// Stores the objects of pages: parsed by the partner's profile, several concurrently, those of one
/// session in the page's order.
class page_intake {
public:
    struct dependencies {
        std::shared_ptr<sessions::session_writer> sessions;
        pause_function pause;
        std::shared_ptr<const clock> time;
        /// Parties whose sessions the partner may send.
        std::vector<party> owners;
        /// As in session_writer::apply_pulled().
        std::shared_ptr<Crud> through{};
    };

    page_intake(dependencies of, intake_limits limits)
        : dependencies_(std::move(of)), limits_(limits)
    {
    }

    /// Processes the elements of the page from `first` on, at most limits.max_concurrent. Resumes
    /// when each is durable, refused or open.
    boost::asio::awaitable<taken_objects> take(const partners::partner& from,
                                               const crawled_page& page, std::size_t first) const;

private:
    /// A session to store.
    struct candidate {
        crud::object_key key;
        sessions::parsed_session pulled;
        taken_object* taken;
        /// Of the store; errc::overloaded: it may be retried.
        std::optional<error> failure;

        candidate(crud::object_key of, sessions::parsed_session read, taken_object& result)
            : key(std::move(of)), pulled(std::move(read)), taken(&result)
        {
        }
    };
    /// Candidates of one session, in the page's order.
    using queue = std::vector<candidate>;

    std::optional<candidate> read(const partners::partner& from, const crawled_page& page,
                                  taken_object& into) const;
    std::vector<queue> read_some(const partners::partner& from, const crawled_page& page,
                                 std::vector<taken_object>& into) const;
    static bool is_open(const queue& of_session);
    /// Failed for another reason than an overloaded store.
    static bool has_failed(const queue& of_session);
    boost::asio::awaitable<void> store_all(std::vector<queue>& queues) const;
    boost::asio::awaitable<void> store_in_order(queue& of_session) const;

    dependencies dependencies_;
    intake_limits limits_;
};

}  // namespace ocpi::exchange
