#pragma once

#include "crud/crud.hpp"
#include "modules/exchange/page_crawl.hpp"
#include "modules/exchange/page_intake.hpp"
#include "modules/exchange/partner_pauses.hpp"
#include "modules/exchange/pull_progress.hpp"
#include "modules/exchange/pull_summary.hpp"
#include "modules/sessions/session_store.hpp"
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
    /// The limit that is asked for; the partner may give shorter pages.
    std::uint64_t page_limit = 100;
    /// How far before the last complete run the next one begins: a session may be published a
    /// while after its last_updated.
    std::chrono::milliseconds overlap = std::chrono::minutes(10);
    intake_limits intake;
    /// Of one run; further invalid sessions are only counted.
    std::uint64_t max_warnings = 200;
};

/// Pulls the sessions of partner CPOs into our store [sessions, CPO interface; transport and
/// format, client owned object pull]; docs/partners.md tells how. Safe from any thread; runs of
/// one partner take turns, those of different partners do not wait for one another. It outlives
/// its runs.
class puller {
public:
    struct parts {
        std::shared_ptr<Crud> crud;
        /// nullptr: one of its own.
        std::shared_ptr<sessions::session_store> sessions;
        std::shared_ptr<partners::platform_client> client;
        /// Our parties that are eMSPs.
        std::vector<party> own_emsp_parties;
        /// nullptr: real time.
        std::shared_ptr<const clock> time;
        /// nullptr: silence.
        std::shared_ptr<logger> log;
        /// Empty: real time.
        pause_function pause;
    };

    explicit puller(parts of, pull_options options = {});

    /// True for a registered CPO that lets its sessions be pulled, when we are an eMSP.
    bool can_pull_from(const partners::partner& candidate) const;

    /// Pulls and stores the sessions of a partner. errc::invalid when it is none to pull from;
    /// errc::partner_failure when the crawl ends before the list does (page_crawl.hpp), and what
    /// the store fails with: what was applied until then stays, and the next run begins where this
    /// one did. Only a complete run without an explicit range moves that place on. `on_page` may
    /// be empty.
    boost::asio::awaitable<result<pull_summary>> pull(partners::partner from, pull_range range,
                                                      pull_callback on_page);

    /// For how much longer the partner of that name has asked not to be called, when a run has
    /// ended by that; std::nullopt: not at all. It holds back no run that is asked for.
    std::optional<std::chrono::milliseconds> find_pause(std::string_view partner_name);

private:
    struct run;

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

    parts parts_;
    pull_options options_;
    pull_progress progress_;
    partner_pauses pauses_;
    keyed_mutex turns_;
};

}  // namespace ocpi::exchange
