#pragma once

#include "modules/exchange/acknowledgements.hpp"
#include "modules/exchange/change_cursor.hpp"
#include "modules/exchange/partner_health.hpp"
#include "modules/exchange/push_options.hpp"
#include "modules/exchange/push_report.hpp"
#include "modules/exchange/push_status.hpp"
#include "modules/exchange/push_target.hpp"
#include "modules/exchange/send_queue.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/log_limiter.hpp"
#include "ocpi/base/logger.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ocpi::exchange {

/// What the driver of a push_fsm is to do. Each action but write_log, wait and finish is reported
/// back to the machine when it has ended, by the function that its comment names.
namespace push_action {

/// Bring the session to the partner: answered(), if the partner accepts it, and then sent().
struct send {
    send_queue::message message;
    std::shared_ptr<const push_target> target;
    /// Counts the targets that the partner has had.
    std::uint64_t target_number = 0;
    /// Acknowledgements stored up to this revision do not count.
    crud::revision acknowledged_since = 0;
};
/// List the changes after that revision: page_read().
struct read_page {
    crud::revision after = 0;
    std::shared_ptr<const push_target> target;
};
/// Read the partner's progress: progress_read().
struct read_progress {};
/// Write it, over the stored revision `base`: progress_saved().
struct save_progress {
    push_progress progress;
    std::optional<crud::revision> base;
};
/// Remove the partner's acknowledgements: forgotten().
struct forget {};
struct write_log {
    log_level level = log_level::debug;
    std::string text;
};
/// Wait until that time, or until something is reported to the machine.
struct wait {
    std::chrono::steady_clock::time_point until;
};
/// Nothing is pending, and nothing will be.
struct finish {};

using any =
    std::variant<send, read_page, read_progress, save_progress, forget, write_log, wait, finish>;

}  // namespace push_action

/// Decides how the sessions of our parties are brought to one partner: which session is sent when,
/// when the store is read, and what is remembered durably. A value: events are reported to it,
/// next() tells what to do, both by the given instants. It does no I/O and knows no clock.
///
/// There is one source of work, the store's order of change: the machine reads it page by page from
/// the partner's progress on, and changed() merely tells that there is more to read. A session is
/// in flight at most once. When all sessions changed up to a revision are acknowledged or known to
/// be rejected, that revision becomes the partner's durable progress.
///
/// A message that the partner has accepted makes room for the next one while its acknowledgement is
/// written: so one commit of the store has the acknowledgements of many.
///
/// At most one call of the store is pending, beside the messages in flight. Not thread safe.
class push_fsm {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `partner`: the partner's name, for the log. `seed`: for the jitter of waits.
    push_fsm(std::string partner, std::vector<party> own_parties, const push_options& options,
             unsigned seed);

    /// The partner's sessions are sent there from now on; nullptr: the partner is gone.
    void assign(std::shared_ptr<const push_target> target);
    /// A session of the partner may have changed.
    void changed(time_point now) noexcept { cursor_.changed(now); }
    /// Ends when what is pending has been reported and the progress is saved.
    void stop() noexcept { is_stopping_ = true; }

    // Reports of actions.

    /// The partner has accepted a message, whose acknowledgement is being written: sent() follows,
    /// with push_report::was_answered.
    void answered() noexcept { ++unstored_; }
    void sent(const crud::object_key& key, const push_report& report, time_point now);
    void page_read(const push_page& page);
    void progress_read(std::optional<stored_progress> found);
    void progress_saved(crud::revision revision);
    void forgotten();
    /// The pending call of the store has failed.
    void store_failed(const error& failure, time_point now);

    /// What to do next. Call it again until it returns wait or finish.
    push_action::any next(time_point now);

    /// The number of sessions that are queued or in flight.
    std::size_t backlog() const noexcept { return queue_.size(); }
    /// For the operator. std::nullopt: no sessions are sent to the partner.
    std::optional<push_state> state_of_push() const;

private:
    enum class state {
        idle,        ///< the partner has no Receiver interface for sessions
        draining,    ///< the target has changed; what is pending belongs to the former one
        forgetting,  ///< the partner's acknowledgements are being removed
        loading,     ///< the progress is read, and written where there was none for this target
        following,   ///< changes are read and sent
    };

    bool may_send() const noexcept;
    void drain();
    void leave_draining();
    send_queue make_queue() const;
    bool is_for_target(const push_progress& progress) const;
    void follow(stored_progress from);

    std::optional<push_action::any> next_send(time_point now);
    std::optional<push_action::any> next_store_call(time_point now);
    push_action::save_progress make_save(time_point now);
    push_action::read_page make_read(time_point now);
    time_point save_due() const;
    time_point read_due() const;
    time_point wake_due() const;

    crud::revision acknowledged_up_to() const;
    bool is_progress_outdated() const;

    void end_acknowledged(const crud::object_key& key, const push_report& report, time_point now);
    void end_rejected(const crud::object_key& key, const push_report& report, time_point now);
    void end_unreached(const crud::object_key& key, const push_report& report, time_point now);
    void end_failed(const crud::object_key& key, const push_report& report, bool was_probe,
                    time_point now);
    void reject(const crud::object_key& key, const push_report& report, bool is_temporary,
                time_point now);
    void recover(time_point now);
    void log(log_level level, std::string text);

    std::string partner_;
    std::vector<party> own_parties_;
    push_options options_;

    push_fsm::state state_ = state::idle;
    bool is_stopping_ = false;
    std::shared_ptr<const push_target> target_;
    std::string party_pairs_;
    std::uint64_t target_number_ = 0;
    bool must_forget_ = false;

    /// A call of the store is pending.
    bool is_store_busy_ = false;
    /// The store has failed: no call before.
    time_point store_retry_at_ = time_point::min();

    /// As stored, or as it is being stored.
    stored_progress stored_;
    /// While loading: there is no progress for this target, `stored_` is to be written.
    bool is_new_progress_ = false;
    std::optional<crud::revision> progress_base_;
    std::uint64_t saved_rejected_version_ = 0;
    std::optional<time_point> saved_at_;

    change_cursor cursor_;
    send_queue queue_;
    partner_health health_;
    /// All that are not reported by sent().
    std::size_t in_flight_ = 0;
    /// Those of them that are reported by answered().
    std::size_t unstored_ = 0;
    /// The folded key of the session that is sent to find out whether the partner is healthy.
    std::optional<std::string> probe_;
    std::uint64_t successes_ = 0;
    log_limiter unreached_log_{std::chrono::minutes(1)};
    log_limiter envelope_log_{std::chrono::hours(24)};
    std::deque<push_action::write_log> log_;
};

}  // namespace ocpi::exchange
