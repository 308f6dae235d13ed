#pragma once

#include "modules/exchange/backlog.hpp"
#include "modules/exchange/partner_health.hpp"
#include "modules/exchange/push_options.hpp"
#include "modules/exchange/session_push.hpp"
#include "ocpi/base/log_limiter.hpp"
#include "ocpi/base/logger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ocpi::exchange {

/// What the workers share.
struct push_context {
    std::shared_ptr<push_tools> tools;
    std::shared_ptr<logger> log;
    std::vector<party> own_parties;
    push_options options;
};

/// Brings sessions to one partner for as long as the process lives, whether the partner is there
/// or not. All of it happens on a strand of its own: workers never wait for one another.
///
/// Sessions to send come from two sources: tell() reports what this process has written, and a scan
/// lists what has changed since the partner's progress. When every session found by a scan has been
/// acknowledged, the scan's last revision becomes the partner's progress.
class push_worker : public std::enable_shared_from_this<push_worker> {
public:
    push_worker(std::shared_ptr<const push_context> context, std::string partner,
                boost::asio::any_io_executor executor, unsigned seed);

    /// Once, before anything else.
    void start();

    /// That session has changed. From any thread; cheap.
    void tell(const crud::object_key& key, crud::revision now_at) noexcept;

    /// Where the partner's sessions go from now on; nullptr: the partner is gone, and what it had
    /// is forgotten. From any thread.
    void assign(std::shared_ptr<const push_target> target);

    /// Sends nothing new from now on, and gives stop_grace to what is on its way.
    void ask_to_stop();

    /// After ask_to_stop(): waits for what is on its way, and notes how far the partner has
    /// everything. What has not ended in time will do nothing any more.
    boost::asio::awaitable<void> stop();

private:
    using clock = std::chrono::steady_clock;

    struct changed_session {
        crud::object_key key;
        crud::revision revision;

        changed_session(crud::object_key of, crud::revision at) : key(std::move(of)), revision(at)
        {
        }
    };

    // Called on the strand, all of them.

    void take_told();
    void take_target(std::shared_ptr<const push_target> target);
    void add(const crud::object_key& key, crud::revision at_least);
    void dispatch();
    bool may_start() const;
    void start_push(crud::object_key key);
    boost::asio::awaitable<void> push(crud::object_key key, bool is_probe);
    void finish_push(const crud::object_key& key, const push_report& report, bool is_probe);
    void finish_refused(const crud::object_key& key, const push_report& report);
    void finish_failed(const crud::object_key& key, const push_report& report, bool is_probe);
    void finish_unreached(const crud::object_key& key, const push_report& report);
    void recover();
    void warn_of_missing_envelope(const push_report& report);
    void wait_for_next_due();
    void report_backlog();

    boost::asio::awaitable<void> finish();

    // push_worker_scan.cpp
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> forget();
    boost::asio::awaitable<bool> load();
    void take_progress(stored_progress found);
    bool is_scan_due() const;
    clock::time_point next_scan() const;
    boost::asio::awaitable<void> scan();
    boost::asio::awaitable<std::optional<crud::revision>> walk();
    boost::asio::awaitable<bool> read_snapshot(std::vector<changed_session> listed);
    void settle_found(const std::string& name);
    void advance();
    boost::asio::awaitable<bool> save_progress();
    void defer(const error& failure);
    boost::asio::awaitable<void> wait_for_wake(clock::time_point until);
    void wake();

    session_push make_push() const;
    void write_log(log_level level, const std::string& text) const;
    std::string describe(const crud::object_key& key) const;

    const std::shared_ptr<const push_context> context_;
    const std::string name_;
    boost::asio::strand<boost::asio::any_io_executor> strand_;

    std::mutex mutex_;
    std::unordered_map<std::string, changed_session> told_;  // guarded by mutex_
    bool told_too_many_ = false;                             // guarded by mutex_
    bool is_posted_ = false;                                 // guarded by mutex_

    /// Set when nothing may happen any more.
    const std::shared_ptr<std::atomic<bool>> is_over_;
    bool is_stopping_ = false;
    bool is_running_ = false;

    std::shared_ptr<const push_target> target_;
    std::string scope_;
    /// Counts registrations, so that what belongs to a former one can be told.
    std::uint64_t registration_ = 0;
    bool must_forget_ = false;
    bool is_loaded_ = false;
    stored_progress stored_;

    backlog backlog_;
    std::size_t in_flight_ = 0;
    std::size_t reported_ = 0;
    std::uint64_t successes_ = 0;
    partner_health health_;
    log_limiter unreached_{std::chrono::minutes(1)};
    log_limiter missing_envelopes_{std::chrono::hours(24)};
    boost::asio::steady_timer due_timer_;

    bool is_scan_wanted_ = false;
    bool is_scan_void_ = false;
    bool has_sent_since_scan_ = false;
    clock::time_point last_scan_;
    clock::time_point not_before_;
    /// What the last scan has found and the partner does not have yet.
    std::unordered_set<std::string> found_;
    /// Up to where the partner has everything once found_ is empty.
    std::optional<crud::revision> scanned_to_;
    bool must_save_ = false;
    boost::asio::steady_timer wake_timer_;
    boost::asio::steady_timer stop_timer_;
};

}  // namespace ocpi::exchange
