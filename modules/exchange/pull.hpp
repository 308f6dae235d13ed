#pragma once

#include "crud/crud.hpp"
#include "modules/exchange/exchange_observer.hpp"
#include "modules/exchange/page_crawl.hpp"
#include "modules/exchange/page_intake.hpp"
#include "modules/exchange/partner_pauses.hpp"
#include "modules/exchange/pull_progress.hpp"
#include "modules/exchange/pull_summary.hpp"
#include "modules/sessions/session_writer.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/party.hpp"
#include "partners/partner.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::exchange {

struct pull_options {
    crawl_limits crawl;
    /// The requested limit; the partner may send shorter pages.
    std::uint64_t page_limit = 100;
    /// Overlap with the last complete run: a session may be published some time after its
    /// last_updated.
    std::chrono::milliseconds overlap = std::chrono::minutes(10);
    intake_limits intake;
    /// Maximum warnings of one run; further invalid sessions are only counted.
    std::uint64_t max_warnings = 200;
};

/// Pulls the sessions of partner CPOs into our store [sessions, CPO interface; transport and
/// format, client owned object pull]; see docs/partners.md. Safe from any thread; runs of one
/// partner are sequential, those of different partners independent. Must outlive its runs.
class puller {
public:
    struct dependencies {
        std::shared_ptr<Crud> crud;
        std::shared_ptr<partners::platform_client> client;
        /// Our parties that are eMSPs.
        std::vector<party> own_emsp_parties;
        /// nullptr: the system clock.
        std::shared_ptr<const clock> time;
        /// nullptr: no log.
        std::shared_ptr<logger> log;
        /// nullptr: pulled sessions are not counted.
        std::shared_ptr<exchange_observer> observer;
        /// Empty: real time.
        pause_function pause;
    };

    /// Writes through `sessions`, whose listeners see each change. Not nullptr.
    puller(std::shared_ptr<sessions::session_writer> sessions, dependencies of,
           pull_options options = {});

    /// True for a registered CPO with a Sender interface for sessions, if we are an eMSP.
    bool can_pull_from(const partners::partner& candidate) const;

    /// Pulls and stores the sessions of a partner. errc::invalid when it cannot be pulled from;
    /// errc::partner_failure when the crawl ends before the list (page_crawl.hpp); errors of the
    /// store. On error applied sessions stay, and the next run starts where this one did. Only a
    /// complete run without an explicit range advances that start. `on_page` may be empty.
    /// `through`: the view of the store (Crud::fenced_by) by which all is written; nullptr: the
    /// store itself.
    boost::asio::awaitable<result<pull_summary>> pull(partners::partner from, pull_range range,
                                                      pull_callback on_page,
                                                      std::shared_ptr<Crud> through = nullptr);

    /// The remaining pause requested by that partner, if it ended a run; std::nullopt: none. It
    /// does not delay runs started on demand.
    std::optional<std::chrono::milliseconds> find_pause(std::string_view partner_name);

private:
    struct run;
    class page_count;

    boost::asio::awaitable<result<pull_summary>> pull_all(run& current, pull_range range);
    list_request make_request(const std::string& endpoint, date_time date_from,
                              std::optional<date_time> date_to) const;
    boost::asio::awaitable<result<date_time>> find_begin(std::string partner_name, pull_range range,
                                                         std::vector<std::string> covers);
    boost::asio::awaitable<result<void>> pull_between(run& current, protocol::routing between);
    boost::asio::awaitable<result<void>> crawl_once(run& current, protocol::routing between,
                                                    bool& is_doubtful);
    boost::asio::awaitable<result<void>> apply_page(run& current, const crawled_page& page);
    void count(run& current, const taken_object& taken);
    void refuse(run& current, const taken_object& taken);
    void remark(run& current, const crawl_remark& made);

    const std::shared_ptr<sessions::session_writer> sessions_;
    dependencies dependencies_;
    pull_options options_;
    pull_progress progress_;
    partner_pauses pauses_;
    keyed_mutex turns_;
};

}  // namespace ocpi::exchange
